import { type Context, durably, isoNow, type Later } from './context.ts'
import { openBreaker } from './open-breaker.ts'
import type { Tx } from './ports.ts'
import { noteIncident } from './review.ts'
import { EVERYTHING } from './scopes.ts'

export interface Forgery {
  actor: string
  hold: string | null
  why: string
  surface?: string
}

/** Records an attempt to approve by something that is no person, and opens the breaker. The attempt
 * is known for what it is only because its sender was authenticated: requests that anybody's page
 * could send are recorded as refused and do not stop the work (server/guards/refusals.ts). */
export function recordForgery(context: Context, tx: Tx, later: Later, forgery: Forgery): string {
  context.breaker.open(forgery.why, isoNow(context))
  const entry = tx.append({
    at: isoNow(context),
    kind: 'forgery',
    actor: forgery.actor,
    hold: forgery.hold,
    run: null,
    body: { why: forgery.why, surface: forgery.surface ?? null, breaker: 'open' },
  })
  noteIncident(tx, entry.id)
  const known = context.breaker.stored(tx, EVERYTHING)
  if (known === null || known.reason === null)
    openBreaker(context, tx, later, EVERYTHING, forgery.why)
  return entry.id
}

/** A forgery seen outside a verdict, such as an agent's token used to approve. */
export async function forged(context: Context, forgery: Forgery): Promise<void> {
  context.breaker.open(forgery.why, isoNow(context))
  await durably(context, (tx, later) => recordForgery(context, tx, later, forgery))
  context.bus.publish({ event: 'status' })
}
