import { type Clue, force, found } from '../evidence.ts'
import { meaning } from '../meaning.ts'
import { verbInUrl } from '../url-words.ts'

/** The address that a form is sent to names what it does. */
export const endpoint: Clue = {
  id: 'endpoint',
  find({ d, submits, control }) {
    const sends = submits || (d.target.type === 'submit' && d.form?.method === 'get')
    if (!sends || !d.form || control === 'choice') return null
    const verb = verbInUrl(d.form.action)
    if (!verb) return null
    return found(
      force.endpoint,
      meaning(verb),
      `the form is sent to an address that says "${verb}"`,
    )
  },
}
