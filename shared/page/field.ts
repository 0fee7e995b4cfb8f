import type { Field } from '#shared/protocol/descriptor.ts'
import { dom } from './builtins.ts'
import { changed } from './changed.ts'
import { digest } from './digest.ts'
import { label } from './label.ts'
import type { LabelsOf } from './name.ts'
import { isSecret, mask } from './secret.ts'
import { bound, shown, text } from './text.ts'
import { is } from './tree.ts'
import { world } from './world.ts'

/** One control as read from the page, before anything is masked or cut: for reading terms. */
export interface RawField {
  control: Element
  label: string
  name: string
  type: string
  value: string
  secret: boolean
}

/** Reads a control; `null` for buttons and for a radio button that is not chosen. */
export function readField(control: Element, labelsOf: LabelsOf): RawField | null {
  const type = fieldType(control)
  if (type === null) return null
  const value = valueIn(control, type)
  const called = type === 'hidden' ? '' : label(control, labelsOf)
  const name = fieldName(control)
  const autocomplete = dom.attribute(control, 'autocomplete') ?? ''
  const wasPassword = world.passwords.has(control)
  const secret = isSecret({ type, autocomplete, name, label: called, value, wasPassword })
  return { control, label: called, name, type, value, secret }
}

export function fieldName(control: Element): string {
  return dom.attribute(control, 'name') || dom.attribute(control, 'id') || ''
}

/** A control's value without the cost of its label: to notice changes only. */
export function fieldValue(control: Element): string {
  const type = fieldType(control)
  return type === null ? '' : valueIn(control, type)
}

/** A control as it leaves the page. */
export function field(raw: RawField): Field {
  const value = raw.secret ? mask(raw.value, world.key) : bound(raw.value)
  const moved = changed(raw.control, raw.type)
  return {
    label: shown(raw.label),
    name: shown(raw.name),
    type: shown(raw.type),
    value,
    secret: raw.secret || value.includes('••••'),
    ...(moved !== undefined && { changed: moved }),
  }
}

const BUTTONS = new Set(['submit', 'button', 'reset', 'image'])

/** The type of a control that holds a value, `null` for buttons and for a radio button that is not
 * chosen. */
export function fieldType(control: Element): string | null {
  if (is.input(control)) {
    const type = dom.inputType(control)
    if (type === 'password') world.passwords.add(control)
    return BUTTONS.has(type) || (type === 'radio' && !dom.checked(control)) ? null : type
  }
  if (is.select(control)) return 'select'
  if (is.textarea(control)) return 'textarea'
  return is.html(control) && dom.contentEditable(control) ? 'contenteditable' : null
}

function valueIn(control: Element, type: string): string {
  if (is.input(control)) {
    if (type === 'checkbox') return dom.checked(control) ? dom.inputValue(control) : ''
    return type === 'file' ? files(control) : dom.inputValue(control)
  }
  if (is.select(control)) return Array.from(dom.selected(control), option).join(', ')
  return is.textarea(control) ? dom.textareaValue(control) : body(control)
}

/** A message being written; of a long one a digest of everything follows the part that is read. */
function body(editor: Element): string {
  const whole = dom.content(editor)
  const written = text(editor, 100_000, 10_000)
  return whole.length < 5000 ? written : `${written} ${digest(whole, world.key)}`
}

function option(of: HTMLOptionElement): string {
  const [written, value] = [dom.optionText(of), dom.optionValue(of)]
  return written === value || value === '' ? written : `${written} [${value}]`
}

function files(input: HTMLInputElement): string {
  return Array.from(dom.files(input) ?? [], (file) => `${file.name} (${file.size} bytes)`).join(
    ', ',
  )
}
