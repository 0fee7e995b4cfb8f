import { isVerb } from './meaning.ts'
import { latinised } from './normalise.ts'
import { type Token, tokens } from './tokens.ts'
import { digits, finish, seeds, step } from './words/hash.ts'
import { order } from './words/order.ts'
import { packed } from './words/packed.ts'
import { smallWords, type Term, type Topic, topics } from './words/words.ts'

/** A word or phrase of the tables, found in a text. */
export interface Match {
  /** A Term in `verbsOf`, a Topic in `topicsOf`. */
  term: string
  /** As it stands in the text, folded. */
  text: string
  /** Position and size in tokens. */
  at: number
  size: number
  clause: number
  /** First of its clause. */
  first: boolean
  /** Also a noun: a command only where it stands first. */
  noun: boolean
  /** A command only where it is the whole label. */
  alone: boolean
  verbLast: boolean
}

/** A text as the classifier reads it. */
export interface Said {
  /** Number of words, numbers not counted; three characters of a dense script make one. */
  words: number
  matches: Match[]
}

/** The verbs and small words of a text: left to right, longest first, without overlap. */
export function verbsOf(text: string): Said {
  return read(seeds.terms, text)
}

/** What a text is about. */
export function topicsOf(text: string): ReadonlySet<Topic> {
  const said = new Set(read(seeds.topics, text).matches.map((match) => match.term))
  return new Set(topics.filter((topic) => said.has(topic)))
}

/** What the name of an icon, a class or an attribute says. */
export function iconOf(hint: string): Term | undefined {
  const term = read(seeds.icons, hint).matches[0]?.term ?? ''
  return isVerb(term) ? term : smallWords.find((word) => word === term)
}

/** Longest phrase, in words or in characters of a dense script. */
const longest = 14

function read(seed: number, text: string): Said {
  const all = tokens(text)
  const said: Said = { words: 0, matches: [] }
  for (let at = 0; at < all.length; ) {
    const { size, value } = lookup(seed, all, at)
    const run = all.slice(at, at + size)
    for (const token of run) said.words += token.dense ? 1 / 3 : isNumber(token.text) ? 0 : 1
    const [token] = run
    if (token && value !== undefined)
      said.matches.push({
        term: order[value >> 3] ?? '',
        text: run.map((one) => one.text).join(token.dense ? '' : ' '),
        ...{ at, size, clause: token.clause, first: all[at - 1]?.clause !== token.clause },
        ...{ noun: (value & 1) > 0, alone: (value & 2) > 0, verbLast: (value & 4) > 0 },
      })
    at += size
  }
  return said
}

/** The longest phrase that starts at a token. */
function lookup(seed: number, all: readonly Token[], from: number) {
  let best: { size: number; value?: number } = { size: 1 }
  let hash = seed
  for (let size = 1; size <= longest; size++) {
    const token = all[from + size - 1]
    if (!token || token.clause !== all[from]?.clause) break
    hash = step(hash, token)
    // One character that begins a longer run is no word: `예` (yes) begins `예약` (booking).
    if (size === 1 && token.dense && !token.whole) continue
    const twin = size === 1 ? latinised(token.text, false) : token.text
    const value =
      entry(hash) ?? (twin === token.text ? undefined : entry(step(seed, { ...token, text: twin })))
    if (value !== undefined) best = { size, value }
  }
  return best
}

function entry(hash: number): number | undefined {
  table ??= unpack()
  return table.get(finish(hash))
}

// Unpacked at the first look-up, not at load: most frames never see one.
let table: Map<number, number> | undefined

function unpack(): Map<number, number> {
  const map = new Map<number, number>()
  const values = new Map(digits.map((digit, value) => [digit, value]))
  let at = 0
  const number = (length: number) => {
    let value = 0
    for (let i = 0; i < length; i++)
      value = value * digits.length + (values.get(packed[at++] ?? '') ?? 0)
    return value
  }
  while (at < packed.length) {
    const flags = number(1)
    const width = number(1)
    let hash = 0
    for (let left = number(2); left > 0; left--) {
      hash += number(width)
      map.set(hash, number(1) * 8 + flags)
    }
  }
  return map
}

function isNumber(text: string): boolean {
  return text < ':'
}
