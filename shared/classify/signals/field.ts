import { type Clue, force, found } from '../evidence.ts'

/** A place to write or to choose: nothing happens until it is sent. */
export const field: Clue = {
  id: 'field',
  find({ d, control }) {
    if (d.gesture !== 'click') return null
    if (control === 'field') return found(force.fixed, null, 'it is a text field')
    if (control === 'choice') return found(force.fixed, null, 'it is a choice, tab or fold')
    return null
  },
}
