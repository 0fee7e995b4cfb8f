import type { Hold } from '#shared/protocol/hold.ts'
import { soon } from './time.ts'

/** When asking again can come out otherwise; empty where time changes nothing. */
export function againIn(
  { decision, createdAt, state }: Pick<Hold, 'decision' | 'createdAt' | 'state'>,
  now: number,
): string {
  if (decision.retryAfter === undefined || state !== 'pending') return ''
  const left = Date.parse(createdAt) + decision.retryAfter * 1000 - now
  return left > 0
    ? `Asked again ${soon(left)}, it can go without a person`
    : 'Asked again now, it can go without a person'
}
