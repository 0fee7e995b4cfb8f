import { type Clue, force, found } from '../evidence.ts'

/** A link to another page. */
export const navigates: Clue = {
  id: 'navigates',
  find({ control }) {
    return control === 'link' ? found(force.opens, null, 'it is a link to another page') : null
  },
}
