import type { Hold, Verdict } from '#shared/protocol/hold.ts'
import type { Surface } from '#shared/protocol/words.ts'
import { type Asker, type Context, durably, isoNow, type Later } from './context.ts'
import { expireIn } from './end.ts'
import { faultOfHold } from './fault.ts'
import { recordForgery } from './forgery.ts'
import { isOpen, type Refusal, settle, surfaceProblem } from './hold.ts'
import { approverProblem } from './may-approve.ts'
import type { StoredHold, Tx } from './ports.ts'
import { newTicket, TICKET_LIFE_MS } from './ticket.ts'

export interface VerdictRequest {
  hold: string
  verdict: 'approve' | 'deny'
  reason?: string | undefined
  surface: Surface
  by: Asker
  /** Name of the token: the person. */
  name: string
  /** Whether an automation session is attached to the tab, for the overlay; null where unknown. */
  automation: boolean | null
  /** Address of the peer, where it came over HTTP. */
  from?: string | undefined
}

/** `audit` is the id of the verdict's entry. A hold that wants more people stays `pending`. */
export type VerdictResult = { ok: true; hold: Hold; audit: string } | { ok: false; error: Refusal }

/** A person's verdict: recorded, and once as many different people have approved as the policy asks
 * for, turned into a single-use ticket that goes to the door that asked. The same verdict of the same
 * person twice is one verdict; a denial by one is a denial, also of an unused approval, whose ticket is
 * void from then on. */
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
    const problem =
      refuseSurface(context, tx, later, stored, request) ??
      refusePerson(context, tx, stored, request)
    if (problem) return { ok: false, error: problem }
  }
  const { hold } = stored
  if (hold.verdict?.verdict === request.verdict && stored.verdictAudit)
    return { ok: true, hold, audit: stored.verdictAudit }
  if (isOpen(hold) && context.deadlines.passed(hold.id))
    return { ok: false, error: expireIn(context, tx, later, stored) }
  const verdict = verdictOf(context, hold, request)
  const approvals = [...(hold.approvals ?? [])]
  if (verdict.verdict === 'approve' && hold.state === 'pending') {
    if (approvals.some(({ by }) => by === verdict.by))
      return { ok: true, hold, audit: stored.verdictAudit ?? hold.auditId }
    approvals.push(verdict)
  }
  const wanted = hold.decision.people ?? 1
  const waits = verdict.verdict === 'approve' && approvals.length < wanted
  const agreed = approvals.length > 0 ? { ...hold, approvals } : hold
  const turn = waits ? pendingStill(agreed) : settle(agreed, verdict)
  if (!turn.ok) return turn
  const entry = tx.append({
    at: verdict.at,
    kind: 'verdict',
    actor: request.by.actor,
    hold: hold.id,
    run: hold.descriptor.run?.id ?? null,
    body: {
      ...verdict,
      requestId: hold.requestId,
      ...(wanted > 1 ? { approvals: `${approvals.length} of ${wanted}` } : {}),
    },
  })
  const next = { ...stored, hold: turn.hold, verdictAudit: entry.id }
  if (verdict.verdict === 'deny') faultOfHold(context, tx, later, next, entry.id)
  const decided = keep(context, tx, later, next)
  return { ok: true, hold: decided, audit: entry.id }
}

function verdictOf(context: Context, hold: Hold, request: VerdictRequest): Verdict {
  const { verdict, name, surface, from, reason } = request
  const role = verdict === 'approve' ? hold.decision.approver : undefined
  return {
    verdict,
    by: name,
    ...(role === undefined ? {} : { role }),
    surface,
    ...(from === undefined ? {} : { from }),
    at: isoNow(context),
    ...(reason === undefined ? {} : { reason }),
  }
}

/** One more has approved, and others have yet to. */
function pendingStill(hold: Hold): ReturnType<typeof settle> {
  if (hold.state === 'pending') return { ok: true, hold }
  const message = `hold \`${hold.id}\` is ${hold.state} and cannot be approved`
  return { ok: false, error: { code: `hold_${hold.state}`, message } }
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
  const refusal = { code, message: why }
  if (problem === 'forgery') {
    const { id } = stored.hold
    const { actor } = request.by
    recordForgery(context, tx, later, { actor, hold: id, why, surface: request.surface })
    later(() => context.bus.publish({ event: 'status' }))
  } else recordRefusal(context, tx, stored, request, refusal)
  return refusal
}

function refusePerson(
  context: Context,
  tx: Tx,
  stored: StoredHold,
  request: VerdictRequest,
): Refusal | null {
  const refusal = approverProblem(context, stored, request)
  if (refusal && isOpen(stored.hold)) recordRefusal(context, tx, stored, request, refusal)
  return refusal
}

function recordRefusal(
  context: Context,
  tx: Tx,
  { hold }: StoredHold,
  { by, name, surface, from }: VerdictRequest,
  { code, message }: Refusal,
): void {
  tx.append({
    at: isoNow(context),
    kind: 'refused',
    actor: by.actor,
    hold: hold.id,
    run: hold.descriptor.run?.id ?? null,
    body: { code, reason: message, surface, by: name, ...(from === undefined ? {} : { from }) },
  })
}

function keep(context: Context, tx: Tx, later: Later, stored: StoredHold): Hold {
  const { hold, asker } = stored
  const decided = { type: 'decided', hold: hold.id, requestId: hold.requestId } as const
  if (hold.state === 'pending') {
    tx.putHold(stored)
    return hold
  }
  if (hold.state === 'approved') {
    const secret = context.ids.secret()
    const ticket = newTicket(secret, context.clock.now())
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
  const { tell, suggest } = hold.decision
  later(() => {
    context.deadlines.clear(hold.id)
    context.bus.tell(asker, {
      ...decided,
      state: hold.state,
      ...(reason === undefined ? {} : { reason }),
      ...(tell === undefined ? {} : { tell }),
      ...(suggest === undefined ? {} : { suggest }),
    })
  })
  return hold
}

function fail(code: string, message: string): VerdictResult {
  return { ok: false, error: { code, message } }
}
