import { gravestVerb } from '../command.ts'
import { type Clue, force, found } from '../evidence.ts'
import { topicsOf, verbsOf } from '../lexicon.ts'
import { meaning } from '../meaning.ts'
import type { Reading } from '../reading.ts'

/** `Yes`, `Continue` and `Confirm` take the meaning of the dialog, form or heading they stand in. */
export const context: Clue = {
  id: 'context',
  find(reading) {
    const { d, label, submits, control } = reading
    const agrees = label.kind === 'agrees'
    if (control !== 'button' || !(agrees || (submits && label.kind === 'silent'))) return null
    if (isNamed(reading)) return null
    const commits = submits || (agrees && label.firm)
    const around = commits ? [d.form?.name, d.target.heading] : []
    for (const text of [d.dialog?.name, d.dialog?.text, ...around]) {
      const verb = text ? gravestVerb(verbsOf(text)) : undefined
      if (verb) return found(force.context, meaning(verb.verb), `it agrees to "${verb.text}"`)
    }
    return null
  },
}

/** `Accept` under a text about cookies or terms accepts those, whatever else the text speaks of. */
function isNamed({ d, label }: Reading): boolean {
  if (label.kind !== 'agrees' || (label.verb !== 'accept' && label.verb !== 'reject')) return false
  const topics = topicsOf(`${d.dialog?.name} ${d.dialog?.text}`)
  return topics.has('cookie') || topics.has('law')
}
