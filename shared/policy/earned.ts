import type { Earning } from '#shared/protocol/decision.ts'
import type { History } from './history.ts'
import type { Rule } from './policy.ts'

/** How far a rule has come with earning its effect; null for a rule that need not. An error more than
 * the rule allows, and other terms of the rule, make it a hold again. */
export function earningOf(
  { id, earned, terms }: Rule,
  history: History,
  now: number,
): { earned: boolean; progress: Earning } | null {
  if (earned === null) return null
  // INVARIANT: without a readable clock nothing is recent.
  const clear = earned.within === undefined || Number.isFinite(now)
  const since = earned.within === undefined || !clear ? 0 : now - earned.within
  const { clean, errors, accepted } = history.reviews(id, terms, since)
  const enough = clean >= earned.reviews && errors <= earned.errors && clear
  const done = enough && (earned.promote === 'auto' || accepted)
  const progress: Earning = {
    rule: id,
    reviews: clean,
    of: earned.reviews,
    errors,
    errorsAllowed: earned.errors,
    proposed: enough && !done,
  }
  return { earned: done, progress }
}

/** `143 of 200 reviews, 0 errors`. */
export function showEarning({ reviews, of, errors }: Earning): string {
  return `${reviews} of ${of} reviews, ${errors} ${errors === 1 ? 'error' : 'errors'}`
}
