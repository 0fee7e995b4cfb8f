import type { Hold, Verdict } from '#shared/protocol/hold.ts'
import type { Surface } from '#shared/protocol/words.ts'
import { type Asker, type Context, durably, isoNow, type Later } from './context.ts'
import { expireIn } from './end.ts'
import { recordForgery } from './forgery.ts'
import { isOpen, type Refusal, settle, surfaceProblem } from './hold.ts'
import type { StoredHold, Tx } from './ports.ts'
import { secretHash, TICKET_LIFE_MS } from './ticket.ts'

export interface VerdictRequest {
  hold: string
  verdict: 'approve' | 'deny'
  reason?: string | undefined
  surface: Surface
  by: Asker
  /** Name of the token, for people. */
  name: string
  /** Whether an automation session is attached to the tab, for the overlay; null where unknown. */
  automation: boolean | null
}

/** `audit` is the id of the verdict's entry. */
export type VerdictResult = { ok: true; hold: Hold; audit: string } | { ok: false; error: Refusal }

/** A person's verdict: recorded, and for an approval turned into a single-use ticket that goes to the
 * door that asked. The same verdict twice is one verdict; a denial takes an unused approval back, and
 * its ticket is void from then on. */
export async function decideHold(
  context: Context,
  request: VerdictRequest,
): Promise<VerdictResult> {
  const done = await durably(context, (tx, later) => inTurn(context, tx, later, request))
  return done.ok ? done.value : done
}

function inTurn(context: Context, tx: Tx, later: Later, request: VerdictRequest): VerdictResult {
  const stored = tx.hold(request.hold)
  const foreign = request.surface === 'overlay' && stored?.asker !== request.by.id
  if (!stored || foreign) return fail('hold_unknown', `there is no hold \`${request.hold}\``)
  if (request.verdict === 'approve') {
    const problem = refuseSurface(context, tx, later, stored, request)
    if (problem) return { ok: false, error: problem }
  }
  const { hold } = stored
  if (hold.verdict?.verdict === request.verdict && stored.verdictAudit)
    return { ok: true, hold, audit: stored.verdictAudit }
  if (isOpen(hold) && context.deadlines.passed(hold.id))
    return { ok: false, error: expireIn(context, tx, later, stored) }
  const verdict: Verdict = {
    verdict: request.verdict,
    by: request.name,
    surface: request.surface,
    at: isoNow(context),
    ...(request.reason === undefined ? {} : { reason: request.reason }),
  }
  const turn = settle(hold, verdict)
  if (!turn.ok) return turn
  const entry = tx.append({
    at: verdict.at,
    kind: 'verdict',
    actor: request.by.actor,
    hold: hold.id,
    run: hold.descriptor.run?.id ?? null,
    body: { ...verdict, requestId: hold.requestId },
  })
  const decided = keep(context, tx, later, { ...stored, hold: turn.hold, verdictAudit: entry.id })
  return { ok: true, hold: decided, audit: entry.id }
}

function refuseSurface(
  context: Context,
  tx: Tx,
  later: Later,
  stored: StoredHold,
  request: VerdictRequest,
): Refusal | null {
  const problem = surfaceProblem(stored.hold, request.surface, request.automation)
  if (!problem) return null
  const code = 'surface_may_not_approve'
  const why = {
    forgery: 'approved in the page while automation is attached to the tab',
    rank: 'the page overlay may approve only what can be undone; approve it in the dashboard',
  }[problem]
  if (problem === 'forgery') {
    const { id } = stored.hold
    recordForgery(context, tx, { actor: request.by.actor, hold: id, why, surface: request.surface })
    later(() => context.bus.publish({ event: 'status' }))
  } else {
    tx.append({
      at: isoNow(context),
      kind: 'refused',
      actor: request.by.actor,
      hold: stored.hold.id,
      run: stored.hold.descriptor.run?.id ?? null,
      body: { code, reason: why, surface: request.surface },
    })
  }
  return { code, message: why }
}

function keep(context: Context, tx: Tx, later: Later, stored: StoredHold): Hold {
  const { hold, asker } = stored
  const decided = { type: 'decided', hold: hold.id, requestId: hold.requestId } as const
  if (hold.state === 'approved') {
    const secret = context.ids.secret()
    const ticket = newTicket(context, secret)
    const waits = { ...hold, expiresAt: new Date(ticket.until).toISOString() }
    tx.putHold({ ...stored, hold: waits, ticket })
    later(() => {
      context.deadlines.set(hold.id, TICKET_LIFE_MS)
      context.bus.tell(asker, { ...decided, state: 'approved', ticket: secret })
    })
    return waits
  }
  tx.putHold({ ...stored, ticket: null })
  const reason = hold.verdict?.reason
  const { tell } = hold.decision
  later(() => {
    context.deadlines.clear(hold.id)
    context.bus.tell(asker, {
      ...decided,
      state: hold.state,
      ...(reason === undefined ? {} : { reason }),
      ...(tell === undefined ? {} : { tell }),
    })
  })
  return hold
}

/** Gives the door of an approved hold a new ticket, when it asks again: the first one may have been
 * lost with a worker or a restart, and only its hash is stored. The time to use it stays the same,
 * and the older ticket is void. */
export async function renewTicket(context: Context, holdId: string, asker: Asker): Promise<void> {
  await durably(context, (tx, later) => {
    const stored = tx.hold(holdId)
    if (stored?.asker !== asker.id || stored.hold.state !== 'approved' || stored.hold.released)
      return
    if (!stored.ticket || context.deadlines.passed(holdId)) return
    const ticket = context.ids.secret()
    tx.putHold({ ...stored, ticket: { ...stored.ticket, hash: secretHash(ticket) } })
    const { requestId } = stored.hold
    later(() =>
      context.bus.tell(stored.asker, {
        type: 'decided',
        hold: holdId,
        requestId,
        state: 'approved',
        ticket,
      }),
    )
  })
}

function newTicket(context: Context, ticket: string): { hash: string; until: number } {
  return { hash: secretHash(ticket), until: context.clock.now() + TICKET_LIFE_MS }
}

function fail(code: string, message: string): VerdictResult {
  return { ok: false, error: { code, message } }
}
