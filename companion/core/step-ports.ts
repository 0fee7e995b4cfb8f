import type { Reviews, Step } from '#shared/policy/history.ts'
import type { ErrorKind } from '#shared/policy/schema-limits.ts'

/** What the core keeps of what was let go, and of what people oversee: part of the store's port. */

/** A step as it is stored: under the number of the entry that let it go. */
export type StoredStep = Step & { readonly seq: number }

/** Something that went wrong, for the breaker's rates. */
export interface Fault {
  /** Number of the entry that told of it. */
  seq: number
  /** Ms since the epoch, as the steps count time. */
  at: number
  kind: ErrorKind
  /** Number of the step that it befell; null for what was never let go. */
  step: number | null
  /** What it counts against, where it befell no step: keys as a step has them. */
  keys: readonly string[]
}

/** Reads and writes of what has been let go. */
export interface StepTx {
  /** How often writes have been rolled back: what was read from one of them may be gone. */
  rollbacks(): number
  putStep(step: StoredStep): void
  step(seq: number): StoredStep | null
  /** Steps at or after `since` (ms since the epoch) with a higher number than `after`, oldest first. */
  steps(since: number, after: number): StoredStep[]
  /** All steps of a run, oldest first. */
  stepsOfRun(run: string): StoredStep[]
  /** When the newest step was; 0 where there is none. */
  lastStepAt(): number
  putFault(fault: Fault): void
  faults(since: number, after: number): Fault[]
  /** What befell a step. */
  faultsOf(step: number): Fault[]
  /** Takes back what turned out not to have befallen a step. */
  dropFaults(step: number, kind: ErrorKind): void
}

/** A breaker that has been open at some time. */
export interface StoredBreaker {
  /** `policy`, `rule ID` or `site HOST`. */
  scope: string
  /** Null while it is closed. */
  reason: string | null
  /** When it was opened or closed, ISO 8601. */
  at: string
  /** Entry that says so. */
  audit: string | null
  /** Number of the last entry that no longer counts. */
  after: number
}

/** What a person's verdict says of a rule: `none` while there is none, or where a rule let it go by
 * itself; `accepted` is a person's word that the rule has earned its effect. */
export type ReviewResult = 'none' | 'clean' | 'error' | 'accepted'

export interface StoredReview {
  /** Entry that decided on the action, later the one that let it go. */
  audit: string
  rule: string
  /** Hash of the rule's terms at the time. */
  terms: string
  /** Number of the last entry that told of it, and when that was (ms since the epoch). */
  seq: number
  at: number
  result: ReviewResult
}

/** A person's word that what was done on staging may be done once on production. Times in ms since the
 * epoch. */
export interface StoredPromotion {
  /** Entry that let it go on staging. */
  entry: string
  /** Hash of the terms. */
  terms: string
  by: string
  note: string
  at: number
  until: number
  /** Entry that let it go on production. */
  spent: string | null
  revoked: number | null
}

/** A trial of an undo recipe. */
export interface UndoTrial {
  recipe: string
  /** Hash of all that is in the recipe. */
  text: string
  /** Ms since the epoch. */
  at: number
  ok: boolean
  audit: string
}

/** Reads and writes of what people oversee. */
export interface OversightTx {
  breakers(): StoredBreaker[]
  putBreaker(breaker: StoredBreaker): void
  putReview(review: StoredReview): void
  /** Settles what is stored under `audit`. */
  settleReviews(audit: string, to: Pick<StoredReview, 'audit' | 'result' | 'seq' | 'at'>): void
  /** Reviews at or after `since` of a rule with these terms. More errors than `allowed` start the count
   * anew, and end an acceptance. */
  reviews(rule: string, terms: string, allowed: number, since: number): Reviews
  promotion(entry: string): StoredPromotion | null
  /** The oldest promotion of these terms that is neither spent, revoked nor over at `now`. */
  unspent(terms: string, now: number): StoredPromotion | null
  putPromotion(promotion: StoredPromotion): void
  putUndoTrial(trial: UndoTrial): void
  /** The newest trial. */
  undoTrial(recipe: string, text: string): UndoTrial | null
}
