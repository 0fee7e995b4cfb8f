import type { Mode } from '#shared/protocol/words.ts'

/** One execute step that was let go, as far as later decisions depend on it. */
export interface Step {
  /** Audit id of the entry under which it was let go. */
  readonly audit: string
  /** Ms since the epoch. */
  readonly at: number
  /** In enforce they were done, in observe too, in shadow they would have been; each mode has a count
   * of its own. */
  readonly mode: Mode
  /** Everything that it counts for: see `keys`. */
  readonly keys: readonly string[]
  /** Largest amount of each currency in minor units; null where there was one that nobody could read. */
  readonly amounts: Readonly<Record<string, number>> | null
  readonly likeness: Likeness
}

/** What is compared to tell near-identical actions. */
export interface Likeness {
  /** Only steps of the same kind are compared: site, capability and verb. */
  readonly kind: string
  /** Normalised and sorted. */
  readonly recipients: readonly string[]
  readonly amounts: Readonly<Record<string, number>> | null
  /** What it says, normalised: name, row, fields, dialog. */
  readonly text: string
}

/** A step as a comparison needs it. */
export interface Earlier {
  readonly audit: string
  readonly at: number
  readonly likeness: Likeness
}

/** What people's verdicts say of a rule that has to earn its effect. */
export interface Reviews {
  readonly clean: number
  readonly errors: number
  /** A person has said that it may, for exactly these terms. */
  readonly accepted: boolean
}

/** What has happened before, as far as a decision depends on it: the steps of one mode. Reads only. A
 * run's own keys hold its steps from its start, whatever `since` says (0). */
export interface History {
  /** Steps with this key at or after `since` (ms since the epoch). */
  count(key: string, since: number): number
  /** Minor units of `currency` in them; null where one had an amount that nobody could read. A step in
   * other currencies adds nothing: each currency has budgets of its own. */
  sum(key: string, currency: string, since: number): number | null
  /** When the `n`-th newest step with this key was (1 is the newest); null where there are fewer. */
  nth(key: string, n: number): number | null
  /** Steps of one kind at or after `since`, the newest first, at most 500. */
  alike(kind: string, since: number): readonly Earlier[]
  /** Reviews of what this rule matches, since `since`, given while its terms were these. */
  reviews(rule: string, terms: string, since: number): Reviews
  /** When a recipe of this text was last tried with success; null for never. */
  verified(recipe: string, text: string): number | null
  /** Audit id of an unspent promotion of an action with these terms; null where there is none. */
  promoted(terms: string): string | null
}

/** Keys that steps are counted by. */
export const keys = {
  all: 'all',
  run: (id: string) => `run ${id}`,
  agent: (id: string) => `agent ${id}`,
  site: (host: string) => `site ${host}`,
  category: (word: string) => `category ${word}`,
  capability: (word: string) => `capability ${word}`,
  /** Steps that this rule let go, by itself or with others. */
  rule: (id: string) => `rule ${id}`,
  /** Within one run. */
  inRun: (key: string, run: string) => `${key} in run ${run}`,
} as const

/** Nothing has happened before. */
export const noHistory: History = {
  count: () => 0,
  sum: () => 0,
  nth: () => null,
  alike: () => [],
  reviews: () => ({ clean: 0, errors: 0, accepted: false }),
  verified: () => null,
  promoted: () => null,
}
