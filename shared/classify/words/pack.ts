import { gravity, isVerb, meaning } from '../meaning.ts'
import { tokens } from '../tokens.ts'
import { digits, finish, seeds, step } from './hash.ts'
import { icons } from './icons.ts'
import { languages } from './languages.ts'
import { order } from './order.ts'

/** Packs the word tables into the text of `packed.ts`. The words themselves would weigh 14 kB in every
 * frame of every page; packed they weigh 5. Run by the unit test, which compares and, with `-u`, writes
 * the file. */
export function pack(): string {
  const found = new Map<number, { term: string; flags: number; phrase: string }>()
  const put = (seed: number, term: string, list: string, last: boolean) => {
    for (const phrase of list.split(',').map((one) => one.trim())) {
      const bare = phrase.replace(/^[~=]/, '')
      const flags =
        (phrase.startsWith('~') ? 1 : 0) | (phrase.startsWith('=') ? 2 : 0) | (last ? 4 : 0)
      const hash = hashOf(seed, bare)
      const rival = found.get(hash)
      if (rival && rival.phrase !== bare && normal(rival.phrase) !== normal(bare))
        throw new Error(`\`${rival.phrase}\` and \`${bare}\` have the same hash`)
      // Where languages disagree on a word, the graver meaning wins.
      if (!rival || grave(term) > grave(rival.term)) found.set(hash, { term, flags, phrase: bare })
    }
  }
  for (const { verbLast = false, terms, topics } of Object.values(languages)) {
    for (const [term, list] of Object.entries(terms)) put(seeds.terms, term, list, verbLast)
    for (const [topic, list] of Object.entries(topics)) put(seeds.topics, topic, list, false)
  }
  for (const [term, list] of Object.entries(icons)) put(seeds.icons, term, list, false)
  return write(found)
}

/** Per combination of flags: the flags, the digits of a distance, the number of phrases, then for each in ascending order how far
 * its hash lies behind the one before, and its term. Sorted distances take half the bits of hashes. */
function write(found: ReadonlyMap<number, { term: string; flags: number }>): string {
  let text = ''
  for (let flags = 0; flags < 8; flags++) {
    const hashes = [...found.keys()].filter((hash) => found.get(hash)?.flags === flags)
    hashes.sort((a, b) => a - b)
    const gaps = hashes.map((hash, i) => hash - (hashes[i - 1] ?? 0))
    const width = Math.max(...gaps) < digits.length ** 3 ? 3 : 4
    text += number(flags, 1) + number(width, 1) + number(hashes.length, 2)
    hashes.forEach((hash, i) => {
      const term = order.indexOf(found.get(hash)?.term ?? '')
      text += number(gaps[i] ?? 0, width) + number(term, 1)
    })
  }
  return text
}

function hashOf(seed: number, phrase: string): number {
  return finish(tokens(phrase).reduce((hash, token) => step(hash, token), seed))
}

function normal(phrase: string): string {
  const parts = tokens(phrase)
  return parts.map((part) => part.text).join(parts[0]?.dense ? '' : ' ')
}

function number(value: number, length: number): string {
  let text = ''
  for (let i = 0, rest = value; i < length; i++, rest = Math.floor(rest / digits.length))
    text = (digits[rest % digits.length] ?? '') + text
  return text
}

function grave(term: string): number {
  return isVerb(term) ? gravity[meaning(term).effect] : 0
}
