import type { Earning } from '#shared/protocol/decision.ts'

/** How far a rule has come, in words: "143 of 200 clean reviews, 0 errors". */
export function earningSays({ reviews, of, errors, errorsAllowed }: Earning): string {
  const allowed = errorsAllowed > 0 ? ` (at most ${errorsAllowed})` : ''
  const noun = errors === 1 ? 'error' : 'errors'
  return `${reviews.toLocaleString('en')} of ${of.toLocaleString('en')} clean reviews, ${errors} ${noun}${allowed}`
}

/** How much of it is there, from 0 to 1. */
export function earningShare({ reviews, of }: Pick<Earning, 'reviews' | 'of'>): number {
  return of <= 0 ? 1 : Math.min(1, Math.max(0, reviews / of))
}
