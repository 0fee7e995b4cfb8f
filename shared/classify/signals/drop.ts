import { type Clue, force, found } from '../evidence.ts'
import { unnamed } from '../meaning.ts'

/** Something is dropped: a file to upload, a card to another column. */
export const drop: Clue = {
  id: 'drop',
  find({ d, control }) {
    if (d.gesture !== 'drop') return null
    if (control === 'field') return found(force.wire, null, 'text is dropped into a field')
    return found(force.wire, unnamed, 'something is dropped onto it')
  },
}
