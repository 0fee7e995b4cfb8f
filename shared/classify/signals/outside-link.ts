import { type Clue, force, found } from '../evidence.ts'
import { meaning } from '../meaning.ts'

/** The link hands over to another program: mail, telephone, a store, a payment app. */
export const outsideLink: Clue = {
  id: 'outside-link',
  find({ d }) {
    const scheme = d.link?.scheme.toLowerCase()
    if (!scheme || inside.has(scheme)) return null
    const sends = { ...meaning('send'), effect: 'unknown' as const }
    return found(force.url, sends, `the link hands over to another program (${scheme}:)`)
  },
}

const inside = new Set(['http', 'https', 'file', 'javascript', 'blob', 'data', 'about', 'ftp'])
