import { numberOf, paramsOf, type Session, textOf } from './cdp.ts'
import type { Chain, StackFrame } from './initiator.ts'

/** Where a listener's code stands, lines and columns from 0. */
export interface Listener {
  script: string
  /** Its own name, empty where it has none. */
  name: string
  from: { line: number; column: number }
  /** Exclusive. */
  to: { line: number; column: number }
}

const GROUP = 'holdpoint-cause'

/** Most nodes of an event path that are asked: a deeper element's listeners are rarely that far up. */
const MOST_NODES = 40

/** The listeners that an event on this element would reach, from `DOMDebugger.getEventListeners` on the
 * element, its ancestors across shadow roots, its form, the document and the window. Of an object in
 * an isolated world Chromium tells only that world's listeners, so the path is walked in the page's. */
export async function pathListeners(session: Session, objectId: string): Promise<Listener[]> {
  const { node } = await session.call('DOM.describeNode', { objectId })
  const { backendNodeId } = paramsOf(node)
  const inPage = await session.call('DOM.resolveNode', { backendNodeId, objectGroup: GROUP })
  const path = await session.call('Runtime.callFunctionOn', {
    objectId: textOf(paramsOf(inPage.object).objectId),
    functionDeclaration: PATH,
    arguments: [{ value: MOST_NODES }],
    objectGroup: GROUP,
  })
  const array = textOf(paramsOf(path.result).objectId)
  if (array === undefined) return []
  try {
    const own = await session.call('Runtime.getProperties', {
      objectId: array,
      ownProperties: true,
    })
    const nodes = (Array.isArray(own.result) ? own.result : []).flatMap((property) => {
      const { name, value } = paramsOf(property)
      const id = textOf(paramsOf(value).objectId)
      return id !== undefined && /^\d+$/.test(textOf(name) ?? '') ? [id] : []
    })
    return (await Promise.all(nodes.map((node) => listenersOf(session, node)))).flat()
  } finally {
    // The page may have gone, and its objects with it.
    session.call('Runtime.releaseObjectGroup', { objectGroup: GROUP }).catch(() => undefined)
  }
}

/** Whether some frame of the chain lies inside one of the listeners. */
export function startsInside(chain: Chain, listeners: readonly Listener[]): Listener | undefined {
  return listeners.find((listener) => chain.frames.some((frame) => isInside(frame, listener)))
}

export function isInside(frame: StackFrame, { script, from, to }: Listener): boolean {
  if (frame.script !== script) return false
  const after = frame.line > from.line || (frame.line === from.line && frame.column >= from.column)
  const before = frame.line < to.line || (frame.line === to.line && frame.column < to.column)
  return after && before
}

/** Named access (`<input name=parentNode>`) shadows properties of forms and documents, so nothing is
 * read from those. A page that has changed the prototypes can only mislead about its own requests. */
const PATH = `function (most) {
  const parentOf = Object.getOwnPropertyDescriptor(Node.prototype, 'parentNode').get
  const path = []
  for (let at = this; at && path.length < most; at = at instanceof ShadowRoot ? at.host : parentOf.call(at))
    path.push(at)
  const form = this instanceof HTMLFormElement ? null : this.form
  if (form && !path.includes(form)) path.push(form)
  if (!path.includes(document)) path.push(document)
  path.push(window)
  return path
}`

async function listenersOf(session: Session, objectId: string): Promise<Listener[]> {
  const { listeners } = await session.call('DOMDebugger.getEventListeners', { objectId })
  return (Array.isArray(listeners) ? listeners : []).flatMap((one) => {
    const listener = paramsOf(one)
    if (!EVENTS.test(textOf(listener.type) ?? '')) return []
    const script = textOf(listener.scriptId)
    const line = numberOf(listener.lineNumber)
    const column = numberOf(listener.columnNumber)
    const source = textOf(paramsOf(listener.handler).description)
    if (script === undefined || line === undefined || column === undefined) return []
    if (source === undefined) return []
    const from = { line, column }
    return [{ script, name: nameIn(source), from, to: endOf(source, from) }]
  })
}

/** What a press, a key, a drop or a choice can fire. */
const EVENTS =
  /^(?:pointer|mouse|touch|key|drag|click|dblclick|auxclick|contextmenu|drop|submit|reset|formdata|input|beforeinput|change|select|focus|blur|invalid|toggle|command|paste|cut|copy|scroll|wheel|composition)/

/** Where a function ends. V8 locates it at its parameters; its source begins at `async`, `function` or
 * its name before them. */
function endOf(source: string, from: { line: number; column: number }) {
  const arrow = /^(?:async\b\s*)?(?:\([^)]*\)|[\w$]+)\s*=>/.test(source)
  const lines = source.slice(arrow ? 0 : Math.max(0, source.indexOf('('))).split('\n')
  const last = lines.at(-1)?.length ?? 0
  if (lines.length === 1) return { line: from.line, column: from.column + last }
  return { line: from.line + lines.length - 1, column: last }
}

function nameIn(source: string): string {
  return /^(?:async\s+)?function\s*\*?\s*([\w$]+)/.exec(source)?.[1] ?? ''
}
