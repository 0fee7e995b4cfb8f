import type { Hold } from '#shared/protocol/hold.ts'
import { ago } from './time.ts'
import { visible } from './visible.ts'

/** How a hold came to its end, in one line: "Approved by supervisor 3 s ago". `now` is ms since the
 * epoch. Empty while it is pending. */
export function settled(hold: Hold, now: number): string {
  const { state, verdict } = hold
  if (state === 'pending') return ''
  if (state === 'expired') return 'Expired unanswered: nothing happened'
  if (state === 'withdrawn')
    return `Withdrawn: ${visible(hold.withdrawn ?? 'what was held is gone', { limit: 160 })}`
  const word = state === 'approved' ? 'Approved' : 'Denied'
  if (!verdict) return word
  const since = ago(Math.max(0, now - Date.parse(verdict.at)))
  return `${word} by ${visible(verdict.by, { limit: 40 })} ${since}`
}
