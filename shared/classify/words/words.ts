import type { Verb } from '../meaning.ts'

/** The small words beside the verbs that do something.
 * - `affirm` agrees to what the context says and means nothing without one.
 * - `leave` steps back; `abort` does too, unless it names a `thing` such as an order or a booking.
 * - `open` looks, searches, edits a draft, or leads somewhere. `how` makes the text prose.
 * - `not`, `and`, `about` turn a verb round, join two verbs, or make a verb part of a noun. */
export const smallWords = [
  'affirm',
  'leave',
  'abort',
  'open',
  'how',
  'not',
  'and',
  'about',
] as const

/** What an action or its page is about. `thing`: what is cancelled by an act of its own. `forever` and
 * `bin` tell how final a deletion is. */
export const topics = [
  'money',
  'staff',
  'law',
  'message',
  'cookie',
  'thing',
  'forever',
  'bin',
] as const

export type Term = Verb | (typeof smallWords)[number]
export type Topic = (typeof topics)[number]

/** Words of one language, comma-separated, by what they are. `~order`: also a noun, so a command
 * only where it stands first. `=like`: a command only where it is the whole label. */
export interface Words {
  /** The verb comes last (`Nachricht löschen`, `メールを送信`). */
  verbLast?: true
  terms: Partial<Record<Term, string>>
  topics: Partial<Record<Topic, string>>
}
