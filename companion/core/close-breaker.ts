import { type Context, durably, isoNow, type Signer } from './context.ts'
import { type Result, refused } from './hold.ts'

export interface CloseBreaker {
  /** `policy`, `rule ID`, `site HOST`; `all` for whatever is open. */
  scope: string
  /** Why it may go on; stays in the log. */
  reason: string
  by: Signer
}

/** Closes a breaker, by a person's hand. What went wrong until now no longer counts. */
export async function closeBreaker(
  context: Context,
  { scope, reason, by }: CloseBreaker,
): Promise<Result<{ audit: string }>> {
  if (reason.trim() === '')
    return refused('reason_missing', 'say why it may go on; it stays in the log')
  const done = await durably(context, (tx, later): Result<{ audit: string }> => {
    // What the store holds may be newer than what memory does.
    context.breaker.scoped(tx)
    const open = context.breaker.all().filter((one) => scope === 'all' || one.scope === scope)
    let audit: string | null = null
    const at = isoNow(context)
    for (const { scope: closed, reason: was } of open) {
      const { name, from, actor } = by
      const body = { scope: closed, change: 'closed', reason, was, by: name, ...(from && { from }) }
      const entry = tx.append({ at, kind: 'breaker', actor, hold: null, run: null, body })
      const shut = { scope: closed, reason: null, at, audit: entry.id, after: entry.seq }
      context.breaker.put(tx, shut, later)
      audit = entry.id
    }
    if (audit === null) return refused('breaker_closed', `the breaker of \`${scope}\` is not open`)
    return { ok: true, audit }
  })
  context.bus.publish({ event: 'status' })
  return done.ok ? done.value : done
}
