import type { Meaning } from './meaning.ts'
import type { Reading } from './reading.ts'

/** What one signal found. */
export interface Evidence {
  /** What it is taken to do; `unnamed` for an effect that nothing names, null for no effect. */
  meaning: Meaning | null
  /** How far it is to be believed; the strongest decides (see `force`). */
  force: number
  /** A short sentence for people. */
  says: string
}

/** One signal: what it is called, and what it finds. */
export interface Clue {
  id: string
  find(reading: Reading): Evidence | null
}

/** Believed in this order, weakest first. Structure that the browser itself obeys stands on top; a
 * class name, which means nothing to it, at the bottom. */
export const force = {
  /** Makes what others found graver, and finds nothing by itself. */
  none: 0,
  hint: 1,
  form: 2,
  purpose: 3,
  /** The label says that it only looks, opens or edits. */
  benign: 4,
  context: 5,
  endpoint: 5,
  word: 6,
  leave: 6,
  /** It opens a menu or leads to a page, whatever it says. */
  opens: 7,
  url: 8,
  fixed: 9,
  wire: 10,
} as const

export function found(strength: number, meaning: Meaning | null, says: string): Evidence {
  return { force: strength, meaning, says }
}
