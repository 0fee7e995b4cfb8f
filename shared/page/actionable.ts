import { computedStyle, dom } from './builtins.ts'
import { is, isElement, isText, shadowRootOf, upward } from './tree.ts'
import { world } from './world.ts'

const { unknownTargets } = world

/** Nearest element that acts when `element` is used, or `null` where a click does nothing. A label
 * gives its control. Native controls, widget roles and handlers in attributes come first; a bare
 * `tabindex` only where nothing stronger stands within three levels above it; last the outermost
 * ancestor (five levels) that shows the pointing hand. */
export function actionable(element: Element): Element | null {
  if (unknownTargets.has(element)) return element
  let weak: Element | null = null
  let weakAt = 0
  let level = 0
  for (const at of upward(element, 64)) {
    level++
    if (isOutermost(at)) break
    if (weak && level > weakAt + 3) break
    if (dom.matches(at, STRONG)) {
      const control = is.label(at) ? dom.labelControl(at) : at
      if (control) return control
    }
    if (!weak && dom.matches(at, WEAK)) {
      weak = at
      weakAt = level
    }
  }
  return weak ?? pointed(element)
}

/** The element that an event is really about: the first of its path, and through closed shadow
 * roots, where the path stops at the host, what lies under the pointer or has the focus. Where that
 * cannot be told (a script clicked inside a closed root) the host is returned and
 * `isUnknownTarget(host)` is true until an event resolves to it. */
export function deepTarget(event: Event): Element | null {
  const first = dom.path(event)[0]
  const node = first instanceof Node && isText(first) ? dom.parentElement(first) : first
  if (!isElement(node)) return null
  if (dom.shadow(node)) return known(node)
  let target = node
  for (let depth = 0; depth < 32; depth++) {
    unknownTargets.delete(target)
    const root = shadowRootOf(target)
    if (!root) return known(target)
    const inside = innermost(event, root, target)
    if (!inside) break
    if (inside === target) return known(target)
    target = inside
  }
  unknownTargets.add(target)
  return target
}

/** The last event on `element` went to something inside its closed shadow root that cannot be named.
 * Its Descriptor carries the hint `target-unknown`. */
export function isUnknownTarget(element: Element): boolean {
  return unknownTargets.has(element)
}

function known(element: Element): Element {
  unknownTargets.delete(element)
  return element
}

/** What an event in a closed root is about; `host` where it is about the host itself, `null` where
 * nothing tells. Untrusted events carry whatever coordinates their maker chose, and the focus need
 * not be where a script clicks: only trusted ones are believed. */
function innermost(event: Event, root: ShadowRoot, host: Element): Element | null {
  if (!event.isTrusted) return null
  if (event instanceof MouseEvent && !isKeyboardClick(event))
    return dom.shadowFromPoint(root, dom.x(event), dom.y(event))
  return dom.shadowFocus(root) ?? host
}

/** Enter or Space on a control arrives as a click without a pointer, at 0, 0. */
function isKeyboardClick(event: MouseEvent): boolean {
  if (event.type !== 'click' || dom.x(event) !== 0 || dom.y(event) !== 0) return false
  return !(event instanceof PointerEvent) || event.pointerType === ''
}

const ROLES = [
  'button',
  'link',
  'menuitem',
  'menuitemcheckbox',
  'menuitemradio',
  'option',
  'tab',
  'checkbox',
  'radio',
  'switch',
  'treeitem',
  'textbox',
  'searchbox',
  'combobox',
  'slider',
  'spinbutton',
]

const HANDLERS = [
  'onclick',
  'onmousedown',
  'onmouseup',
  'onpointerdown',
  'onpointerup',
  'ontouchstart',
  'ontouchend',
  'ondblclick',
  'data-action',
  'data-method',
  'data-turbo-method',
  'data-confirm',
  'data-turbo-confirm',
  'hx-get',
  'hx-post',
  'hx-put',
  'hx-patch',
  'hx-delete',
  'data-hx-post',
  'data-hx-put',
  'data-hx-patch',
  'data-hx-delete',
  'ng-click',
  'data-ng-click',
  'phx-click',
  'wire\\:click',
  'x-on\\:click',
  '\\@click',
  'v-on\\:click',
  'popovertarget',
  'commandfor',
]

const STRONG = [
  'button,a[*|href],area[href],select,textarea,summary,option,label,canvas',
  'input:not([type=hidden i])',
  ...ROLES.map((role) => `[role=${role} i]`),
  ...HANDLERS.map((name) => `[${name}]`),
  '[contenteditable]:not([contenteditable=false i])',
].join(',')

const WEAK =
  '[tabindex]:not([tabindex^="-"]),[jsaction*=click],[data-testid*=button i],[data-test*=button i]'

/** `body` and `html` act for nobody: pages hang `onclick` there for every kind of delegation. */
function isOutermost(element: Element): boolean {
  const tag = dom.tag(element)
  return tag === 'body' || tag === 'html'
}

function pointed(element: Element): Element | null {
  let found: Element | null = null
  for (const at of upward(element, 6)) {
    if (isOutermost(at) || computedStyle(at).cursor !== 'pointer') break
    found = at
  }
  return found
}
