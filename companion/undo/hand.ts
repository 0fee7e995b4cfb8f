import type { Params, Session } from '#companion/gateway/cdp.ts'
import { keyCode } from '#companion/gateway/key-codes.ts'
import { within } from '#companion/gateway/within.ts'
import type { PageWorld } from './page-world.ts'

/** An input that opens a dialog is not answered before that is closed. */
const INPUT_MS = 1000

/** Clicks the middle of a node. False, with nothing done, while it cannot be hit: it is not to be seen,
 * still moves, or something lies over it. */
export async function clickNode(
  session: Session,
  world: PageWorld,
  node: number,
): Promise<boolean> {
  await session.call('DOM.scrollIntoViewIfNeeded', { backendNodeId: node })
  const before = await middle(session, node)
  await new Promise((resolve) => setTimeout(resolve, 60))
  const point = await middle(session, node)
  if (!before || !point || before.x !== point.x || before.y !== point.y) return false
  if ((await world.call(node, HOLDS, point.x, point.y)) !== true) return false
  for (const type of ['mouseMoved', 'mousePressed', 'mouseReleased']) {
    const button = type === 'mouseMoved' ? 'none' : 'left'
    const params = { type, ...point, button, clickCount: type === 'mouseMoved' ? 0 : 1 }
    await within(INPUT_MS, session.call('Input.dispatchMouseEvent', params))
  }
  return true
}

/** Writes over whatever has the focus and is selected. */
export async function writeText(session: Session, text: string): Promise<void> {
  if (text === '') await pressKey(session, 'Delete')
  else await within(INPUT_MS, session.call('Input.insertText', { text }))
}

/** Presses a key as `KeyboardEvent.key` names it, with modifiers before it: `Control+Enter`. */
export async function pressKey(session: Session, keys: string): Promise<void> {
  const parts = keys.split(/\+(?=.)/)
  const key = parts.pop() ?? ''
  const modifiers = parts.reduce((sum, name) => sum | (MODIFIERS[name] ?? 0), 0)
  const code = /^[a-z]$/i.test(key)
    ? `Key${key.toUpperCase()}`
    : /^\d$/.test(key)
      ? `Digit${key}`
      : key
  const params = { key, code, modifiers, windowsVirtualKeyCode: keyCode(key, code) }
  // Control and Meta make a command of a letter.
  const text = key === 'Enter' ? '\r' : key.length === 1 && (modifiers & 6) === 0 ? key : undefined
  const down = { type: text === undefined ? 'rawKeyDown' : 'keyDown', ...(text && { text }) }
  const method = 'Input.dispatchKeyEvent'
  await within(INPUT_MS, session.call(method, { ...down, ...params }))
  await within(INPUT_MS, session.call(method, { type: 'keyUp', ...params }))
}

const MODIFIERS: Readonly<Record<string, number>> = { Alt: 1, Control: 2, Meta: 4, Shift: 8 }

interface Point {
  x: number
  y: number
}

/** Null for what takes no room. */
async function middle(session: Session, node: number): Promise<Point | null> {
  const { quads } = await session
    .call('DOM.getContentQuads', { backendNodeId: node })
    .catch((): Params => ({}))
  for (const quad of Array.isArray(quads) ? quads : []) {
    const [x1, y1, x2, y2, x3, y3, x4, y4] = Array.isArray(quad) ? quad.map(Number) : []
    const xs = [x1, x2, x3, x4].filter((x) => x !== undefined)
    const ys = [y1, y2, y3, y4].filter((y) => y !== undefined)
    if (spread(xs) >= 1 && spread(ys) >= 1) return { x: mean(xs), y: mean(ys) }
  }
  return null
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Whether the point is the node's own, a part of it, or of a label of it. */
const HOLDS = `function (x, y) {
  const parent = Object.getOwnPropertyDescriptor(Node.prototype, 'parentNode').get
  const root = Node.prototype.getRootNode.call(this)
  for (let at = root.elementFromPoint(x, y); at; ) {
    if (at === this) return true
    if (at instanceof HTMLLabelElement && at.control === this) return true
    at = at.assignedSlot ?? parent.call(at) ?? (at instanceof ShadowRoot ? at.host : null)
  }
  return false
}`
