import { type Clue, force, found } from '../evidence.ts'
import { meaning } from '../meaning.ts'

/** A switch acts at once; a checkbox waits for its form. */
export const toggle: Clue = {
  id: 'switch',
  find({ control }) {
    return control === 'switch'
      ? found(force.word, meaning('enable'), 'it is a switch, which acts at once')
      : null
  },
}
