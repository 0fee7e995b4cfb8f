import { type Asker, type Context, durably, isoNow } from './context.ts'
import type { Tx } from './ports.ts'

export interface Forgery {
  actor: string
  hold: string | null
  why: string
  surface?: string
}

/** Records an attempt to approve by something that is no person, and opens the breaker. The attempt
 * is known for what it is only because its sender was authenticated: requests that anybody's page
 * could send are recorded as refused and do not stop the work (server/guards/refusals.ts). */
export function recordForgery(context: Context, tx: Tx, forgery: Forgery): string {
  context.breaker.open(forgery.why)
  context.breaker.keep(tx)
  const entry = tx.append({
    at: isoNow(context),
    kind: 'forgery',
    actor: forgery.actor,
    hold: forgery.hold,
    run: null,
    body: { why: forgery.why, surface: forgery.surface ?? null, breaker: 'open' },
  })
  return entry.id
}

/** A forgery seen outside a verdict, such as an agent's token used to approve. */
export async function forged(context: Context, forgery: Forgery): Promise<void> {
  context.breaker.open(forgery.why)
  await durably(context, (tx) => recordForgery(context, tx, forgery))
  context.bus.publish({ event: 'status' })
}

/** Closes the breaker, by a person's hand. False where that could not be recorded: it stays open. */
export async function resetBreaker(context: Context, by: Asker): Promise<boolean> {
  const was = context.breaker.reason
  const done = await durably(context, (tx) => {
    tx.putSetting('breaker', null)
    tx.append({
      at: isoNow(context),
      kind: 'policy',
      actor: by.actor,
      hold: null,
      run: null,
      body: { change: 'breaker reset', was },
    })
  })
  if (done.ok) context.breaker.reset()
  context.bus.publish({ event: 'status' })
  return done.ok
}
