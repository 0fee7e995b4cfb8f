import { dom } from './builtins.ts'

const ELEMENT = 1
const TEXT = 3
const FRAGMENT = 11

export function isElement(value: unknown): value is Element {
  return value instanceof Node && dom.nodeType(value) === ELEMENT
}

export function isText(node: Node): node is Text {
  return dom.nodeType(node) === TEXT
}

export function isShadowRoot(node: unknown): node is ShadowRoot {
  return node instanceof ShadowRoot
}

/** HTML elements by tag, as type guards: `instanceof` fails for elements of another frame's realm. */
export const is = {
  input: (element: Element): element is HTMLInputElement => isHtml(element, 'input'),
  textarea: (element: Element): element is HTMLTextAreaElement => isHtml(element, 'textarea'),
  button: (element: Element): element is HTMLButtonElement => isHtml(element, 'button'),
  select: (element: Element): element is HTMLSelectElement => isHtml(element, 'select'),
  form: (element: Element): element is HTMLFormElement => isHtml(element, 'form'),
  label: (element: Element): element is HTMLLabelElement => isHtml(element, 'label'),
  slot: (element: Element): element is HTMLSlotElement => isHtml(element, 'slot'),
  html: (element: Element): element is HTMLElement => dom.namespace(element) === HTML,
} as const

const HTML = 'http://www.w3.org/1999/xhtml'

function isHtml(element: Element, tag: string): boolean {
  return dom.tag(element) === tag && dom.namespace(element) === HTML
}

/** The element above in the flat tree, which is the way events travel: out of a slot into the shadow
 * tree that holds it, and from a shadow root to its host. */
export function above(element: Element): Element | null {
  const slot = dom.slot(element)
  if (slot) return slot
  const parent = dom.parent(element)
  if (parent === null) return null
  if (isElement(parent)) return closedSlot(element, parent) ?? parent
  return isShadowRoot(parent) ? dom.host(parent) : null
}

/** `element` and what lies above it in the flat tree, at most `levels` elements. */
export function* upward(element: Element, levels: number): Generator<Element> {
  let at: Element | null = element
  for (let level = 0; at && level < levels; level++) {
    yield at
    at = above(at)
  }
}

/** A target and what lies above it in the flat tree: every part of a description looks up this line. */
export type Line = readonly Element[]

export function lineOf(element: Element): Line {
  return Array.from(upward(element, 40))
}

/** The boxes around a target, innermost first, in which what belongs to it may stand: at most six, none
 * beyond a section, and none that is a container of more than thirty parts (a feed, a grid). The page
 * as a whole belongs only to what stands at its top. */
export function boxes(line: Line): Element[] {
  const found: Element[] = []
  for (const [level, at] of line.slice(1, 7).entries()) {
    const tag = dom.tag(at)
    const isPage = tag === 'body' ? level > 0 : tag === 'main' && level > 1
    if (isPage || tag === 'html' || tag === 'nav' || hasMoreThan(30, at)) break
    found.push(at)
    if (SECTIONS.has(dom.attribute(at, 'role') ?? tag)) break
  }
  return found
}

/** Counting all children of a long list would cost as much as the list is long. */
function hasMoreThan(count: number, parent: Element): boolean {
  return dom.item(dom.children(parent), count) !== null
}

const SECTIONS = new Set('section article fieldset main region dialog'.split(' '))

/** The shadow root of `element`, closed ones too: `chrome.dom` in Chromium's isolated worlds,
 * `openOrClosedShadowRoot` in Firefox's. Both are absent elsewhere, then only open roots are seen. */
export function shadowRootOf(element: Element): ShadowRoot | null {
  const open = dom.shadow(element)
  if (open || !mayHost(dom.tag(element)) || !is.html(element)) return open
  try {
    const root: unknown = anyShadowRoot(element)
    return isShadowRoot(root) ? root : null
  } catch {
    // Chromium throws for elements of other documents: their inside stays unknown, as without the API.
    return null
  }
}

/** Elements that can have a shadow root (DOM 4.8, `attachShadow`). Asking the browser about the others
 * costs more than all else that is asked of them. */
export function mayHost(tag: string): boolean {
  return tag.includes('-') || HOSTS.has(tag)
}

const HOSTS = new Set(
  'article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span'.split(
    ' ',
  ),
)

const anyShadowRoot = ((): ((element: HTMLElement) => unknown) => {
  const api = member(member(globalThis, 'chrome'), 'dom')
  const chromium = member(api, 'openOrClosedShadowRoot')
  if (typeof chromium === 'function') return (element) => Reflect.apply(chromium, api, [element])
  const firefox = Object.getOwnPropertyDescriptor(Element.prototype, 'openOrClosedShadowRoot')?.get
  if (firefox) return (element) => Reflect.apply(firefox, element, [])
  return () => null
})()

/** The slot of a closed root that takes `element`; `assignedSlot` hides it. Only custom elements are
 * asked, because the question costs a call into the browser. */
function closedSlot(element: Element, parent: Element): Element | null {
  if (!dom.tag(parent).includes('-') || dom.shadow(parent)) return null
  const root = shadowRootOf(parent)
  const host = root && firstElement(root)
  if (!root || !host) return null
  const name = dom.attribute(element, 'slot') ?? ''
  for (let at: Element | null = host; at; at = dom.nextElement(at)) {
    const found = slotIn(at, name)
    if (found) return found
  }
  return null
}

function slotIn(element: Element, name: string): Element | null {
  const isIt = (slot: Element) => (dom.attribute(slot, 'name') ?? '') === name
  if (is.slot(element) && isIt(element)) return element
  const slots = dom.findAll(element, 'slot')
  for (const slot of slots) if (isIt(slot)) return slot
  return null
}

function firstElement(root: ShadowRoot): Element | null {
  let node: Node | null = dom.firstChild(root)
  while (node && !isElement(node)) node = dom.nextSibling(node)
  return node
}

/** An element by id in the tree (document or shadow) that holds `from`. */
export function byId(from: Element, id: string): Element | null {
  const root = dom.root(from)
  if (isShadowRoot(root)) return dom.shadowById(root, id)
  const document = dom.document(from)
  return document && dom.nodeType(root) !== FRAGMENT ? dom.byId(document, id) : null
}

/** Elements that an attribute such as `aria-labelledby` names by id, at most ten. */
export function referenced(from: Element, attribute: string): Element[] {
  const ids = dom.attribute(from, attribute)
  if (!ids) return []
  return ids
    .split(/\s+/, 10)
    .map((id) => (id ? byId(from, id) : null))
    .filter((element) => element !== null)
}

/** A property of an unknown value, `undefined` where the value has none. */
function member(value: unknown, name: string): unknown {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
    ? Reflect.get(value, name)
    : undefined
}
