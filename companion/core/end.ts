import { type Asker, type Context, durably, isoNow, type Later } from './context.ts'
import { expire, type Refusal, withdraw } from './hold.ts'
import type { StoredHold, Tx } from './ports.ts'

/** Ends a hold whose time is over, and says so as a refusal. Expiry is not a denial: nobody decided. */
export function expireIn(context: Context, tx: Tx, later: Later, stored: StoredHold): Refusal {
  const { hold } = stored
  const turn = expire(hold)
  if (!turn.ok) return turn.error
  tx.append({
    at: isoNow(context),
    kind: 'expired',
    actor: 'companion',
    hold: hold.id,
    run: hold.descriptor.run?.id ?? null,
    body: { was: hold.state },
  })
  tx.putHold({ ...stored, hold: turn.hold, ticket: null })
  const reason =
    hold.state === 'approved' ? 'the approval was not used in time' : 'nobody decided in time'
  later(() => {
    context.deadlines.clear(hold.id)
    const decided = { type: 'decided', hold: hold.id, requestId: hold.requestId } as const
    context.bus.tell(stored.asker, { ...decided, state: 'expired', reason })
  })
  return { code: 'hold_expired', message: `${reason}; start the action anew` }
}

/** Ends a hold because what it held is gone or changed. Does nothing to one that has ended. */
export function withdrawIn(
  context: Context,
  tx: Tx,
  later: Later,
  stored: StoredHold,
  by: Asker,
  why: string,
): string | null {
  const turn = withdraw(stored.hold, why)
  if (!turn.ok) return null
  const entry = tx.append({
    at: isoNow(context),
    kind: 'withdrawn',
    actor: by.actor,
    hold: stored.hold.id,
    run: stored.hold.descriptor.run?.id ?? null,
    body: { reason: why },
  })
  tx.putHold({ ...stored, hold: turn.hold, ticket: null })
  later(() => context.deadlines.clear(stored.hold.id))
  return entry.id
}

/** What a deadline does when it passes. A write that fails leaves the hold as it is: its deadline
 * has passed all the same, so nothing can release it, and a restart expires it. */
export async function expireDue(context: Context, holdId: string): Promise<void> {
  await durably(context, (tx, later) => {
    const stored = tx.hold(holdId)
    if (stored && context.deadlines.passed(holdId)) expireIn(context, tx, later, stored)
  })
}
