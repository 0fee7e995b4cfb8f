import { type Clue, force, found } from '../evidence.ts'
import { verbsOf } from '../lexicon.ts'
import { linkVerbs, meaning } from '../meaning.ts'
import { verbInUrl } from '../url-words.ts'

/** A plain link that does something by GET: its address says so, or a label of one or two words that
 * says nothing else (`Delete`, `Log out`). Longer labels are titles of pages. */
export const linkAddress: Clue = {
  id: 'link-address',
  find({ d, name, label, control }) {
    if (control !== 'link' || !d.link) return null
    const verb = verbInUrl(d.link.href)
    const said = label.kind === 'means' && linkVerbs.has(label.verb) ? label.verb : undefined
    if (verb && linkVerbs.has(verb) && label.kind !== 'harmless')
      return found(force.url, meaning(said ?? verb), `the link's address says "${verb}"`)
    if (said && verbsOf(name).words <= 2)
      return found(force.url, meaning(said), `the link says nothing but "${said}"`)
    return null
  },
}
