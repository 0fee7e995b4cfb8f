import { dom } from './builtins.ts'
import { clip } from './clip.ts'
import { above, is, type Line } from './tree.ts'

/** The `type` in effect. A button without one submits, where it has a form and no other job. */
export function typeInEffect(element: Element): string | undefined {
  if (is.input(element)) return dom.inputType(element)
  if (!is.button(element)) return dom.attribute(element, 'type')?.toLowerCase()
  const written = dom.attribute(element, 'type')?.toLowerCase()
  if (written === 'reset' || written === 'button' || written === 'submit') return written
  if (dom.owner.button(element) === null) return 'button'
  return dom.has(element, 'commandfor') || dom.has(element, 'command') ? 'button' : 'submit'
}

/** A click on the element puts a caret into text. */
export function isEditable(element: Element): boolean {
  if (is.textarea(element)) return true
  if (is.input(element)) return !NOT_TEXT.has(dom.inputType(element))
  return is.html(element) && dom.contentEditable(element)
}

const NOT_TEXT = new Set(
  'button submit reset image checkbox radio file color range hidden'.split(' '),
)

/** What `aria-haspopup` says the element opens. */
export function popup(element: Element): string | undefined {
  const written = dom.attribute(element, 'aria-haspopup')
  if (!written || written === 'false') return undefined
  return clip(written === 'true' ? 'menu' : written)
}

/** The element opens, closes or switches something in the page. */
export function controlsPart(element: Element): boolean {
  return dom.matches(element, CONTROLS)
}

const CONTROLS =
  'summary,[aria-controls],[role=tab i],[popovertarget],[commandfor],[data-bs-toggle],[data-toggle],[data-bs-dismiss],[data-dismiss]'

export function expandedState(element: Element): boolean | undefined {
  const written = dom.attribute(element, 'aria-expanded')
  if (written === 'true' || written === 'false') return written === 'true'
  const parent = dom.tag(element) === 'summary' ? above(element) : null
  return parent ? dom.has(parent, 'open') : undefined
}

export function checkedState(element: Element): boolean | undefined {
  if (is.input(element) && /^(?:checkbox|radio)$/.test(dom.inputType(element)))
    return dom.checked(element)
  const written = dom.attribute(element, 'aria-checked') ?? dom.attribute(element, 'aria-pressed')
  return written === 'true' || written === 'false' ? written === 'true' : undefined
}

/** `form#compose > div.toolbar > button[name=send]`: up to four steps, or to the nearest id. */
export function path(line: Line): string {
  const steps: string[] = []
  for (const at of line.slice(0, 4)) {
    if (dom.tag(at) === 'body' || dom.tag(at) === 'html') break
    steps.unshift(step(at))
    if (dom.attribute(at, 'id')) break
  }
  return clip(steps.join(' > '))
}

function step(element: Element): string {
  const tag = clip(dom.tag(element), 60)
  const id = dom.attribute(element, 'id')
  if (id) return `${tag}#${clip(id, 60)}`
  for (const attribute of ['name', 'data-testid']) {
    const value = dom.attribute(element, attribute)
    if (value) return `${tag}[${attribute}=${clip(value, 60)}]`
  }
  const first = dom.attribute(element, 'class')?.trim().slice(0, 200).split(/\s+/, 1)[0]
  return first ? `${tag}.${clip(first, 40)}` : tag
}
