import { actionable } from '#shared/page/actionable.ts'
import { dom } from '#shared/page/builtins.ts'
import { describe } from '#shared/page/describe.ts'
import type { Occasion } from '#shared/page/occasion.ts'
import { isEditable } from '#shared/page/target.ts'
import { is, isElement, mayHost } from '#shared/page/tree.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'

/** Where an input goes: to a point of the viewport, or to what has the focus. */
export interface Place {
  /** CSS px, or parts of the frame's width and height where `parts` is true. */
  point?: { x: number; y: number; parts: boolean }
  occasion: Occasion
  /** A text field is not described: typing into it is no step. */
  typing?: boolean
}

/** What was found in one frame and one shadow tree. */
export interface Found {
  /** Shows that it was this script that answered, and not something a page put in its place. */
  proof: string
  /** The way on leads into a frame. */
  frame: boolean
  /** A closed shadow root may hide what is really meant; only the browser can tell. */
  mayHide: boolean
  editable: boolean
  draggable: boolean
  /** Of the frame, in CSS px. */
  width: number
  height: number
  /** Null where there is nothing to describe: no element, or a field that is typed into. */
  descriptor: Descriptor | null
}

/** The companion's eyes in one document. They live in an isolated world, where no page can change the
 * built-ins; named access still shadows `document`'s own properties, so these are captured. */
export function createLook(proof: string) {
  let last: Element | null = null

  function found(element: Element | null, place: Place): Found {
    last = element
    const target = element && targetOf(element)
    const editable = target !== null && isEditable(target)
    const frame = element !== null && FRAMES.has(dom.tag(element))
    const skip = place.typing === true && editable
    return {
      proof,
      frame,
      mayHide: element !== null && is.html(element) && isClosed(element),
      editable,
      draggable: element !== null && dom.closest(element, '[draggable=true i]') !== null,
      width: innerWidth,
      height: innerHeight,
      descriptor: element && target && !skip ? described(target, element, place.occasion) : null,
    }
  }

  return {
    /** In this document and its open shadow trees. */
    in(place: Place): Found {
      const point = place.point && toPixels(place.point)
      const first = point ? fromPoint(document, point.x, point.y) : activeElement(document)
      return found(first && inward(first, point), place)
    },
    /** In a closed shadow tree. */
    inside(root: ShadowRoot, place: Place): Found {
      const point = place.point && toPixels(place.point)
      const first = within(root, point)
      return found(first ? inward(first, point) : dom.host(root), place)
    },
    /** A node that the browser named. */
    at(node: unknown, place: Place): Found {
      return found(isElement(node) ? node : null, place)
    },
    /** The element that was found last. */
    element: () => last,
  }
}

const fromPoint: (of: Document, x: number, y: number) => Element | null =
  Function.prototype.call.bind(Document.prototype.elementFromPoint)

const activeElement: (of: Document) => Element | null = Function.prototype.call.bind(
  Object.getOwnPropertyDescriptor(Document.prototype, 'activeElement')?.get ?? (() => null),
)

const FRAMES = new Set('iframe frame object embed fencedframe'.split(' '))

interface Point {
  x: number
  y: number
}

/** Input counts from the corner of what a pinch has left visible (measured on Chromium 156), the
 * document from the corner of its layout. */
function toPixels({ x, y, parts }: Point & { parts: boolean }): Point {
  if (parts) return { x: x * innerWidth, y: y * innerHeight }
  const { offsetLeft = 0, offsetTop = 0 } = visualViewport ?? {}
  return { x: x + offsetLeft, y: y + offsetTop }
}

function isClosed(element: Element): boolean {
  return mayHost(dom.tag(element)) && !dom.shadow(element)
}

/** The innermost element through open shadow roots. */
function inward(element: Element, point: Point | undefined): Element {
  let at = element
  for (let depth = 0; depth < 64; depth++) {
    const root = dom.shadow(at)
    const inner = root && within(root, point)
    if (!inner) return at
    at = inner
  }
  return at
}

/** `elementFromPoint` of a shadow root also names what lies outside of it. */
function within(root: ShadowRoot, point: Point | undefined): Element | null {
  const element = point ? dom.shadowFromPoint(root, point.x, point.y) : dom.shadowFocus(root)
  return element && dom.root(element) === root ? element : null
}

function targetOf(element: Element): Element {
  return isEditable(element) ? element : (actionable(element) ?? element)
}

/** Longest text, in characters, that is taken for a label where nothing says that a click acts there.
 * Longer text is there to be read, and its words are about something else. */
const LABEL_LENGTH = 30

function described(target: Element, element: Element, occasion: Occasion): Descriptor {
  const descriptor = describe(target, occasion)
  const inert = target === element && !isEditable(element) && actionable(element) === null
  if (inert && descriptor.target.name.length > LABEL_LENGTH) descriptor.target.name = ''
  return descriptor
}
