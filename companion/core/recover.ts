import { Breaker } from './breaker.ts'
import { type Context, durably, isoNow, type Ports } from './context.ts'
import { Deadlines } from './deadlines.ts'
import { DOUBT_MS } from './doubt.ts'
import { expireDue, withdrawIn } from './end.ts'
import { faultOfStep } from './fault.ts'
import { journal } from './journal.ts'
import { Ledger } from './ledger.ts'
import type { StoredHold } from './ports.ts'

/** Opens the pipeline on what the store kept. Holds that survived a restart go on waiting for what is
 * left of their time, except the gateway's, which died with its browser; what was let go without a
 * known outcome is put in doubt. Rejects when the store cannot be read or written: without it
 * nothing may start. */
export async function openCore(ports: Ports): Promise<Context> {
  const stored = await ports.store.write((tx) => tx.breakers())
  const deadlines = new Deadlines(ports.clock, (hold) => {
    expireDue(context, hold).catch(ports.report)
  })
  const context: Context = {
    ...ports,
    journal: journal(ports.store, ports.bus),
    breaker: new Breaker(stored),
    ledger: new Ledger(),
    starters: new Map(),
    deadlines,
  }
  const open = await ports.store.openHolds()
  await withdrawGone(
    context,
    open.filter(({ hold }) => hold.descriptor.door === 'gateway'),
  )
  for (const { hold, ticket } of open) {
    if (hold.descriptor.door === 'gateway') continue
    const life = Date.parse(hold.expiresAt) - Date.parse(hold.createdAt)
    const until = ticket?.until ?? Date.parse(hold.expiresAt)
    // A wall clock set back while the companion was down must not lengthen a hold's life.
    deadlines.set(hold.id, Math.min(until - ports.clock.now(), life))
  }
  await doubt(context)
  return context
}

/** The browser of a gateway's holds ended with the companion, and what they held was never sent. */
async function withdrawGone(context: Context, gone: readonly StoredHold[]): Promise<void> {
  if (gone.length === 0) return
  const by = { id: 'companion', actor: 'companion' }
  const why = 'the companion stopped while it was held'
  const done = await durably(context, (tx, later) => {
    for (const stored of gone) withdrawIn(context, tx, later, stored, by, why)
  })
  if (!done.ok) throw new Error(done.error.message)
}

async function doubt(context: Context): Promise<void> {
  const since = new Date(context.clock.now() - DOUBT_MS).toISOString()
  const open = await context.store.unresolved(since)
  if (open.length === 0) return
  const done = await durably(context, (tx, later) => {
    for (const ask of open) {
      const error = 'the companion ended before the outcome was known'
      const entry = tx.append({
        at: isoNow(context),
        kind: 'outcome',
        actor: 'companion',
        hold: ask.hold,
        run: null,
        body: {
          requestId: ask.requestId,
          audit: ask.release,
          evidence: { outcome: 'unknown', error },
        },
      })
      tx.putAsk({ ...ask, outcome: 'unknown', doubt: true })
      const audit = ask.release
      if (audit !== null)
        faultOfStep(context, tx, later, { audit, kind: 'unknown', entry: entry.id })
    }
  })
  if (!done.ok) throw new Error(done.error.message)
}
