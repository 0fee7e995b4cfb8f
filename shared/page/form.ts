import type { Field, Form } from '#shared/protocol/descriptor.ts'
import { dom } from './builtins.ts'
import { listLimit } from './clip.ts'
import { digest } from './digest.ts'
import { field, fieldValue, type RawField, readField } from './field.ts'
import { purposeOf } from './form-purpose.ts'
import { type Source, submitterField } from './form-source.ts'
import { labelsAround } from './label.ts'
import { shown } from './text.ts'
import { world } from './world.ts'

/** The form as it leaves the page, and its fields unmasked and uncut, for reading terms; those never
 * leave the page. */
export function form({ around, controls, by, sent }: Source): { form: Form; raw: RawField[] } {
  const raw = read(controls.slice(0, listLimit - 2), around)
  const fields = raw.map(field)
  const rest = controls.slice(listLimit - 2)
  if (rest.length > 0) fields.push(restOf(rest))
  const pressed = by && submitterField(by)
  if (pressed) fields.push(pressed)
  const called = dom.attribute(around, 'aria-label') ?? ''
  const purpose = purposeOf(around, raw)
  return {
    form: { ...sent, ...(called && { name: shown(called) }), ...(purpose && { purpose }), fields },
    raw,
  }
}

function read(controls: Element[], around: Element): RawField[] {
  const labelsOf = labelsAround(around)
  return controls
    .map((control) => readField(control, labelsOf))
    .filter((control) => control !== null)
}

/** Fields beyond the limit: how many, and a digest that moves when one of them does. */
function restOf(controls: Element[]): Field {
  const values = controls.slice(0, 20_000).map(fieldValue)
  const value = digest(values.join('\n'), world.key)
  return { label: `${controls.length} more fields`, name: '', type: 'rest', value, secret: false }
}
