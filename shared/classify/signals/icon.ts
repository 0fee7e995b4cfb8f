import { type Clue, force, found } from '../evidence.ts'
import { iconOf } from '../lexicon.ts'
import { isVerb, meaning, unnamed } from '../meaning.ts'
import { spaced } from '../url-words.ts'

/** A control without words: what its icon, class names and data attributes are called. A control that
 * only agrees takes them too. */
export const icon: Clue = {
  id: 'icon',
  find(reading) {
    const { d, label, control } = reading
    if (control === 'choice' || control === 'field') return null
    const { worded } = reading
    const isVague = !worded || label.kind === 'agrees'
    for (const hint of isVague ? [d.target.name, ...d.target.hints] : []) {
      const term = pictures.get(hint.replace(/\s|\uFE0F/g, '')) ?? iconOf(spaced(hint))
      const says = `its icon or class is called "${hint}"`
      if (term !== undefined && isVerb(term)) return found(force.hint, meaning(term), says)
      if (term !== undefined && !worded) return found(force.hint, null, says)
    }
    if (!isVague && label.kind !== 'silent') return null
    return d.target.hints.some((hint) => /\b(?:danger|destructive)\b/i.test(hint))
      ? found(force.hint, unnamed, 'it is marked as dangerous')
      : null
  },
}

const pictures = new Map([
  ...named('delete', '🗑🚮'),
  ...named('send', '➤📤📨'),
  ...named('like', '❤♥👍👎⭐★☆'),
])

function named<T extends string>(term: T, list: string): [string, T][] {
  return [...list].map((picture) => [picture, term])
}
