import type { Classification } from '#shared/protocol/classification.ts'
import { type Descriptor, LIST_LIMIT } from '#shared/protocol/descriptor.ts'

/** Minor units by currency. `none`: the action is not about money; `unknown`: it is, or may be, and
 * nobody can tell how much. */
export type Amounts = ReadonlyMap<string, number> | 'none' | 'unknown'

/** Largest amount of each currency, by size without its sign. A full list may have been cut, so it
 * proves nothing. */
export function largestAmounts(d: Descriptor, c: Classification): Amounts {
  const { amounts } = d.terms
  if (amounts.length === 0)
    return c.capability === 'transact' || c.category === 'financial' ? 'unknown' : 'none'
  if (amounts.length >= LIST_LIMIT) return 'unknown'
  const largest = new Map<string, number>()
  for (const { currency, minor } of amounts) {
    if (currency === null || minor === null) return 'unknown'
    largest.set(currency, Math.max(largest.get(currency) ?? 0, Math.abs(minor)))
  }
  return largest
}
