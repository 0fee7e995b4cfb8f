import { type Clue, type Evidence, force, found } from '../evidence.ts'
import { iconOf } from '../lexicon.ts'
import { graver, isVerb, type Meaning, meaning, unnamed } from '../meaning.ts'
import { spaced } from '../url-words.ts'

/** A control without words: what its icon, class names and data attributes are called. A control that
 * only agrees takes them too. */
export const icon: Clue = {
  id: 'icon',
  find(reading) {
    const { d, name, label, control } = reading
    if (control === 'choice' || control === 'field') return null
    const { worded } = reading
    const isVague = !worded || label.kind === 'agrees'
    let best: Evidence | undefined
    for (const hint of isVague ? [name, ...d.target.hints] : []) {
      const term = pictures.get(hint.replace(/\s|\uFE0F/g, '')) ?? iconOf(spaced(hint))
      const means = term !== undefined && isVerb(term) ? meaning(term) : null
      if (term === undefined || (worded && !means)) continue
      const says = `its icon or class is called "${hint}"`
      if (!best || (means && outdoes(means, best.meaning))) best = found(force.hint, means, says)
    }
    if (best) return best
    if (!isVague && label.kind !== 'silent') return null
    return d.target.hints.some((hint) => /\b(?:danger|destructive)\b/i.test(hint))
      ? found(force.hint, unnamed, 'it is marked as dangerous')
      : null
  },
}

/** A name that comes later counts where it is graver: `class="close" data-action="delete-row"`. Beside
 * one that only looks or closes, only what deletes does: `edit-menu save-bar` is no Save button. */
function outdoes(next: Meaning, best: Meaning | null): boolean {
  return best ? graver(next, best) : next.capability === 'delete'
}

const pictures = new Map([
  ...named('delete', '🗑🚮'),
  ...named('send', '➤📤📨'),
  ...named('like', '❤♥👍👎⭐★☆'),
])

function named<T extends string>(term: T, list: string): [string, T][] {
  return [...list].map((picture) => [picture, term])
}
