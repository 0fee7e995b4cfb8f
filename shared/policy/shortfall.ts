import type { Earning, Pattern } from '#shared/protocol/decision.ts'

/** Why what a rule allows does not go by itself after all, seen from what happened before. */
export interface Shortfall {
  readonly pattern: Pattern
  /** Whole sentence. */
  readonly reason: string
  /** What would have had to be so instead. */
  readonly need: string
  /** Ids of the rules that fall short; empty where it is no rule's. */
  readonly rules: readonly string[]
  /** Seconds until it is otherwise if nothing else happens; null where waiting does not help. */
  readonly retryAfter: number | null
  readonly batch: string | null
  readonly tell: string | null
  readonly suggest: string | null
  readonly earning?: Earning
  readonly like?: readonly string[]
}
