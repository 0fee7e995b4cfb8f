import { type Clue, force, found } from '../evidence.ts'
import { unnamed } from '../meaning.ts'

/** A form is sent by POST. */
export const formSubmit: Clue = {
  id: 'form-submit',
  find({ submits, control }) {
    if (!submits || control === 'choice') return null
    return found(force.form, unnamed, 'it submits a form that changes something (POST)')
  },
}
