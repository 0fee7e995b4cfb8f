import { type Clue, force, found } from '../evidence.ts'
import { unnamed } from '../meaning.ts'

/** An attribute makes a library send a request other than GET (`hx-delete`, `data-turbo-method`). */
export const mutatingLink: Clue = {
  id: 'mutating-link',
  find({ d }) {
    const method = d.link?.method?.toLowerCase()
    if (method === undefined || method === 'get') return null
    return found(force.wire, unnamed, `it sends a ${method.toUpperCase()} request`)
  },
}
