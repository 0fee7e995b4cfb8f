import type { Target } from '#shared/protocol/descriptor.ts'
import { isUnknownTarget } from './actionable.ts'
import { dom } from './builtins.ts'
import { clip } from './clip.ts'
import { hints } from './hints.ts'
import { name } from './name.ts'
import { role } from './role.ts'
import { heading, rowText } from './surroundings.ts'
import { shown } from './text.ts'
import { above, is, type Line } from './tree.ts'

/** The target's own part of a Descriptor. */
export function target(element: Element, line: Line, row: Element | undefined): Target {
  const raw = name(element)
  const called = shown(raw)
  const [type, above] = [typeInEffect(element), heading(line)]
  const beside = row && rowText(row, raw)
  return {
    role: clip(role(element) || 'generic'),
    name: called,
    tag: clip(dom.tag(element)),
    ...(type !== undefined && { type: clip(type) }),
    path: path(line),
    ...(above !== undefined && { heading: above }),
    ...(beside !== undefined && { row: beside }),
    hints: [...(isUnknownTarget(element) ? ['target-unknown'] : []), ...hints(element, called)],
    ...states(element),
  }
}

/** The `type` in effect. A button without one submits, where it has a form and no other job. */
function typeInEffect(element: Element): string | undefined {
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

type States = Pick<Target, 'haspopup' | 'expanded' | 'checked' | 'controls' | 'editable'>

function states(element: Element): States {
  const popup = dom.attribute(element, 'aria-haspopup')
  const expanded = expandedState(element)
  const checked = checkedState(element)
  const controls = dom.matches(element, CONTROLS)
  return {
    ...(popup && popup !== 'false' && { haspopup: clip(popup === 'true' ? 'menu' : popup) }),
    ...(expanded !== undefined && { expanded }),
    ...(checked !== undefined && { checked }),
    ...(controls && { controls }),
    ...(isEditable(element) && { editable: true }),
  }
}

const CONTROLS =
  'summary,[aria-controls],[role=tab i],[popovertarget],[commandfor],[data-bs-toggle],[data-toggle],[data-bs-dismiss],[data-dismiss]'

function expandedState(element: Element): boolean | undefined {
  const written = dom.attribute(element, 'aria-expanded')
  if (written === 'true' || written === 'false') return written === 'true'
  const parent = dom.tag(element) === 'summary' ? above(element) : null
  return parent ? dom.has(parent, 'open') : undefined
}

function checkedState(element: Element): boolean | undefined {
  if (is.input(element) && /^(?:checkbox|radio)$/.test(dom.inputType(element)))
    return dom.checked(element)
  const written = dom.attribute(element, 'aria-checked') ?? dom.attribute(element, 'aria-pressed')
  return written === 'true' || written === 'false' ? written === 'true' : undefined
}

/** `form#compose > div.toolbar > button[name=send]`: up to four steps, or to the nearest id. */
function path(line: Line): string {
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
