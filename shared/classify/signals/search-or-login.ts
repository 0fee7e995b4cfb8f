import { type Clue, force, found } from '../evidence.ts'

/** A search or a log-in, by what its form consists of. */
export const searchOrLogin: Clue = {
  id: 'search-or-login',
  find({ d, label }) {
    const purpose = d.form?.purpose
    if (!purpose || (label.kind === 'agrees' && label.verb && label.verb !== 'submit')) return null
    return found(force.purpose, null, `the form is a ${purpose}`)
  },
}
