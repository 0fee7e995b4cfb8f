import { type Clue, force, found } from '../evidence.ts'
import { meaning } from '../meaning.ts'
import { verbInUrl } from '../url-words.ts'

/** The address that a form is sent to names what it does. */
export const endpoint: Clue = {
  id: 'endpoint',
  find({ d, submits, control }) {
    const sends = submits || (d.form?.method === 'get' && d.target.type === 'submit')
    if (!d.form || !sends || control === 'choice') return null
    const verb = verbInUrl(d.form.action)
    if (!verb) return null
    return found(
      force.endpoint,
      meaning(verb),
      `the form is sent to an address that says "${verb}"`,
    )
  },
}
