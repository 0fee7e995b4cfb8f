import type { Descriptor, HttpRequest } from '#shared/protocol/descriptor.ts'
import type { Answer, Evidence } from '#shared/protocol/link.ts'
import { type Asker, type Context, durably, isoNow, refusal } from './context.ts'
import { withdrawIn } from './end.ts'
import { faultOfStep, noFault } from './fault.ts'
import { consider, isRead } from './judge.ts'
import { countStep } from './let-go.ts'
import type { Draft, Tx } from './ports.ts'
import { weigh } from './weigh.ts'

/** Facts that a door reports afterwards: none of them lets anything go. */

/** A request that nobody is asked about, because it is an input's doing. */
export interface Covered {
  /** Audit id under which the input went: its release, or the decision that took it for a read. */
  audit: string | null
  request: HttpRequest
  /** How it is known to be the input's doing. */
  rule: string
}

/** Observe mode: the action went ahead and is recorded with the decision it would have got.
 * `unexpected` marks one that went ahead where the policy does not observe. */
export async function recordObserved(
  context: Context,
  id: string,
  descriptor: Descriptor,
  asker: Asker,
): Promise<Answer> {
  const considered = await consider(context, descriptor)
  return await settled(context, (tx, later) => {
    const weighed = weigh(context, tx, considered)
    const { judgement } = weighed
    const unexpected = judgement.decision.mode !== 'observe' && !isRead(judgement)
    const body = { requestId: id, answer: 'recorded', released: true, unexpected, ...judgement }
    const of = draft(context, asker, 'decision', descriptor, body)
    const entry = tx.append({ ...of, at: weighed.at })
    countStep(context, tx, later, weighed, entry.id)
    return { state: 'recorded', audit: entry.id }
  })
}

/** A click that was passed as `read` caused a mutating request. */
export async function recordMiss(
  context: Context,
  descriptor: Descriptor,
  request: HttpRequest,
  asker: Asker,
): Promise<Answer> {
  const classification = context.classify(descriptor)
  const body = { descriptor, request, classification }
  return await recorded(context, draft(context, asker, 'miss', descriptor, body))
}

/** A request that goes on under an input that was let go as `audit`. It must not before this is durable. */
export async function recordCovered(
  context: Context,
  { audit, request, rule }: Covered,
  asker: Asker,
  run: string | null,
): Promise<Answer> {
  return await settled(context, (tx) => {
    const ask = audit === null ? null : tx.askByRelease(audit)
    const known = ask?.asker === asker.id ? ask : null
    const about = known ? { requestId: known.requestId } : {}
    const entry = tx.append({
      at: isoNow(context),
      kind: 'covered',
      actor: asker.actor,
      hold: known?.hold ?? null,
      run,
      body: { ...about, audit, rule, request },
    })
    return { state: 'recorded', audit: entry.id }
  })
}

/** What came of a release. The first report counts, unless it knew nothing. */
export async function recordOutcome(
  context: Context,
  audit: string,
  evidence: Evidence,
  asker: Asker,
): Promise<Answer> {
  return await settled(context, (tx, later) => {
    const ask = tx.askByRelease(audit)
    if (ask?.asker !== asker.id)
      return refusal({ code: 'release_unknown', message: `nothing was released as \`${audit}\`` })
    if (ask.outcome !== null && ask.outcome !== 'unknown') return { state: 'recorded', audit }
    const stored = ask.hold === null ? null : tx.hold(ask.hold)
    const entry = tx.append({
      at: isoNow(context),
      kind: 'outcome',
      actor: asker.actor,
      hold: ask.hold,
      run: stored?.hold.descriptor.run?.id ?? null,
      body: { requestId: ask.requestId, audit, evidence },
    })
    tx.putAsk({ ...ask, outcome: evidence.outcome, doubt: false })
    if (stored) tx.putHold({ ...stored, hold: { ...stored.hold, outcome: evidence.outcome } })
    if (ask.outcome === 'unknown') noFault(context, tx, audit)
    if (evidence.outcome !== 'done')
      faultOfStep(context, tx, later, { audit, kind: evidence.outcome, entry: entry.id })
    return { state: 'recorded', audit: entry.id }
  })
}

/** The document that held the gesture is gone, and the gesture with it. */
export async function withdrawHold(
  context: Context,
  holdId: string,
  reason: string,
  asker: Asker,
): Promise<Answer> {
  return await settled(context, (tx, later) => {
    const stored = tx.hold(holdId)
    const entry =
      stored?.asker === asker.id ? withdrawIn(context, tx, later, stored, asker, reason) : null
    if (entry) return { state: 'recorded', audit: entry }
    const message = `there is no open hold \`${holdId}\` to withdraw`
    return refusal({ code: 'hold_unknown', message })
  })
}

async function recorded(context: Context, entry: Draft): Promise<Answer> {
  return await settled(context, (tx) => ({ state: 'recorded', audit: tx.append(entry).id }))
}

async function settled(
  context: Context,
  work: (tx: Tx, later: (run: () => void) => void) => Answer,
): Promise<Answer> {
  const done = await durably(context, work)
  return done.ok ? done.value : refusal(done.error)
}

function draft(
  context: Context,
  asker: Asker,
  kind: Draft['kind'],
  descriptor: Descriptor,
  body: Draft['body'],
): Draft {
  const run = descriptor.run?.id ?? null
  return { at: isoNow(context), kind, actor: asker.actor, hold: null, run, body }
}
