import { type Context, durably, isoNow, type Later } from './context.ts'
import type { Tx } from './ports.ts'
import { noteIncident } from './review.ts'
import { EVERYTHING } from './scopes.ts'

/** Opens the breaker of a scope and says so in the log. */
export function openBreaker(
  context: Context,
  tx: Tx,
  later: Later,
  scope: string,
  reason: string,
): void {
  const at = isoNow(context)
  const body = { scope, change: 'opened', reason }
  const entry = tx.append({
    at,
    kind: 'breaker',
    actor: 'companion',
    hold: null,
    run: null,
    body,
  })
  const after = context.breaker.stored(tx, scope)?.after ?? 0
  context.breaker.put(tx, { scope, reason, at, audit: entry.id, after }, later)
  noteIncident(tx, entry.id)
  later(() => context.bus.publish({ event: 'status' }))
}

/** Opens it for everything, recorded or not. */
export async function openForAll(context: Context, reason: string): Promise<void> {
  context.breaker.open(reason, isoNow(context))
  await durably(context, (tx, later) => {
    const known = context.breaker.stored(tx, EVERYTHING)
    if (known === null || known.reason === null) openBreaker(context, tx, later, EVERYTHING, reason)
  })
  context.bus.publish({ event: 'status' })
}
