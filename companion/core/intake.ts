import { changes } from '#shared/protocol/binding.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Change, Hold } from '#shared/protocol/hold.ts'
import type { Answer } from '#shared/protocol/link.ts'
import { type Asker, type Context, durably, isoNow, type Later, refusal } from './context.ts'
import { doubted, releasedBefore, untracked } from './doubt.ts'
import { expireIn, withdrawIn } from './end.ts'
import { release } from './hold.ts'
import {
  courseOf,
  digestOf,
  heldBecause,
  isRead,
  type Judgement,
  judge,
  judgedOtherwise,
} from './judge.ts'
import type { Ask, StoredHold, Tx } from './ports.ts'
import { isSecret } from './ticket.ts'

/* Life of a held click
 *
 * 1. watch     A door sees input before it acts: the gate in a page, an API client before its call.
 * 2. describe  The door says what would happen, as a Descriptor, under an id of its own.
 *              What follows is all in this file, in this order, inside one durable write:
 * 3. classify  `judge` classifies the Descriptor here, whatever the door made of it.
 * 4. decide    The policy decides; an open breaker and a doubt about an earlier release tighten it.
 * 5. hold      `proceed` lets go, denies, or records without executing (shadow); or it stores a Hold,
 *              and only then is anyone asked. A person's verdict (verdict.ts) makes a ticket.
 * 6. release   `redeem` takes the ticket back with the target described anew, and judges again. Same
 *              terms: the ticket is spent. Other terms: the old hold is withdrawn and a new one says
 *              what moved. The answer `go` exists only after the entry that says so is durable.
 * 7. audit     Intent is that entry. What came of it (facts.ts) is a later one, by its id.
 *
 * INVARIANT: one id acts at most once. An id asked again gets the answer it got, except that nothing
 * is let go twice: if the answer `go` was lost nobody can know whether the action happened, so the
 * id stays refused, the outcome is recorded as unknown, and the next action on the same terms waits
 * for a person, whatever the rules say.
 */

export interface AskRequest {
  id: string
  descriptor: Descriptor
  asker: Asker
  /** The hold that this ask replaces, where the door saw its terms move. */
  previous?: string | undefined
  /** The id was made for this one ask, so nobody can ask it again: what is settled is not kept. */
  once?: boolean
}

export interface RedeemRequest extends AskRequest {
  hold: string
  ticket: string
}

/** What an ask came to; `judgement` is how it is judged now, also where the answer is an older one. */
export interface Settled {
  answer: Answer
  judgement: Judgement
}

/** Stages 3 to 7 for something that is about to happen. */
export async function ask(context: Context, request: AskRequest): Promise<Settled> {
  const judgement = judge(context, request.descriptor)
  const answer = await answered(context, (tx, later) => {
    const earlier = request.once ? null : tx.ask(request.id)
    if (earlier) return again(context, tx, later, earlier, request, judgement)
    const cause = replaced(context, tx, later, request)
    return proceed(context, tx, later, request, judgement, cause)
  })
  return { answer, judgement }
}

/** Stage 6 for a hold that a person approved: its ticket comes back with the target as it is now. */
export async function redeem(context: Context, request: RedeemRequest): Promise<Answer> {
  const judgement = judge(context, request.descriptor)
  return await answered(context, (tx, later) => {
    const earlier = tx.ask(request.id)
    if (earlier) return again(context, tx, later, earlier, request, judgement)
    const stored = tx.hold(request.hold)
    if (stored?.asker !== request.asker.id)
      return refusal({ code: 'hold_unknown', message: `there is no hold \`${request.hold}\` here` })
    if (stored.hold.state === 'approved' && !stored.hold.released) {
      if (!stored.ticket || !isSecret(request.ticket, stored.ticket.hash))
        return refusal({
          code: 'ticket_wrong',
          message: 'the ticket is not the one that was given',
        })
    }
    return takeUp(context, tx, later, stored, request, judgement)
  })
}

async function answered(context: Context, work: (tx: Tx, later: Later) => Answer): Promise<Answer> {
  const done = await durably(context, work)
  return done.ok ? done.value : refusal(done.error)
}

/** Why a new hold stands in for an older one. */
interface Cause {
  replaces?: string
  changes?: Change[]
}

function proceed(
  context: Context,
  tx: Tx,
  later: Later,
  request: AskRequest,
  judged: Judgement,
  cause: Cause,
): Answer {
  const judgement = doubted(context, tx, judged)
  const course = courseOf(judgement)
  const holdId = course === 'hold' ? context.ids.next('hold') : null
  const at = isoNow(context)
  const { audit } = record(tx, request, judgement, { at, course, holdId, cause })
  const { decision } = judgement
  const keep = (rest: Pick<Ask, 'answer' | 'hold' | 'release' | 'outcome'>) => {
    const kept = { requestId: request.id, asker: request.asker.id, at, doubt: false }
    tx.putAsk({ ...kept, digest: digestOf(request.descriptor), ...rest })
  }
  const settle = (answer: Answer, rest: Pick<Ask, 'release' | 'outcome'>) => {
    // What was let go is never answered again, so its answer is not kept.
    const stored = rest.release === null ? answer : null
    if (!request.once) keep({ answer: stored, hold: null, ...rest })
    return answer
  }
  const nothing = { release: null, outcome: null }
  switch (course) {
    case 'go': {
      const answer: Answer = { state: 'go', audit, mode: decision.mode }
      return isRead(judgement)
        ? settle(answer, nothing)
        : settle(answer, { release: audit, outcome: untracked(judgement) })
    }
    case 'deny': {
      const tell = decision.tell === undefined ? {} : { tell: decision.tell }
      return settle({ state: 'denied', audit, reason: decision.reason, ...tell }, nothing)
    }
    case 'shadow': {
      const reason = 'recorded, not executed (shadow)'
      return settle({ state: 'shadowed', audit, reason }, nothing)
    }
    case 'hold': {
      const life = context.policy.expiry()
      const hold: Hold = {
        id: holdId ?? '',
        requestId: request.id,
        state: 'pending',
        createdAt: at,
        expiresAt: new Date(context.clock.now() + life).toISOString(),
        ...judgement,
        ...cause,
        released: false,
        auditId: audit,
      }
      tx.putHold({ hold, asker: request.asker.id, ticket: null, verdictAudit: null })
      keep({ answer: null, hold: hold.id, ...nothing })
      later(() => context.deadlines.set(hold.id, life))
      return { state: 'held', hold }
    }
  }
}

/** Stage 7: the entry without which nothing goes on. */
function record(
  tx: Tx,
  request: AskRequest,
  judgement: Judgement,
  to: { at: string; course: string; holdId: string | null; cause: Cause },
): { audit: string } {
  const answers: Record<string, Answer['state']> = {
    go: 'go',
    deny: 'denied',
    shadow: 'shadowed',
    hold: 'held',
  }
  const entry = tx.append({
    at: to.at,
    kind: 'decision',
    actor: request.asker.actor,
    hold: to.holdId,
    run: request.descriptor.run?.id ?? null,
    body: {
      requestId: request.id,
      answer: answers[to.course],
      released: to.course === 'go',
      ...judgement,
      ...to.cause,
    },
  })
  return { audit: entry.id }
}

/** Withdraws the hold that an ask says it replaces. Another door's hold is left alone. */
function replaced(context: Context, tx: Tx, later: Later, request: AskRequest): Cause {
  const stored = request.previous === undefined ? null : tx.hold(request.previous)
  if (stored?.asker !== request.asker.id) return {}
  withdrawIn(context, tx, later, stored, request.asker, 'its terms changed')
  const moved = changes(stored.hold.descriptor, request.descriptor)
  return { replaces: stored.hold.id, changes: moved }
}

/** The id was seen before: the same answer, and never a second release. */
function again(
  context: Context,
  tx: Tx,
  later: Later,
  earlier: Ask,
  request: AskRequest,
  judgement: Judgement,
): Answer {
  if (earlier.asker !== request.asker.id)
    return refusal({ code: 'request_id_taken', message: `\`${request.id}\` is another door's id` })
  if (earlier.release !== null) return releasedBefore(context, tx, earlier)
  if (earlier.answer) return earlier.answer
  const stored = earlier.hold === null ? null : tx.hold(earlier.hold)
  if (!stored) return refusal({ code: 'hold_unknown', message: 'the hold of this id is gone' })
  const { hold } = stored
  if (hold.state === 'pending') return { state: 'held', hold }
  if (hold.state === 'approved') {
    // An API client has no page to describe anew and no ticket: its second ask is the redeem.
    if (request.descriptor.door === 'api')
      return takeUp(context, tx, later, stored, request, judgement)
    return { state: 'held', hold }
  }
  if (hold.state !== 'denied')
    return refusal({ code: `hold_${hold.state}`, message: `hold \`${hold.id}\` is ${hold.state}` })
  const tell = hold.decision.tell === undefined ? {} : { tell: hold.decision.tell }
  const reason = hold.verdict?.reason ?? 'a person denied it'
  return { state: 'denied', audit: stored.verdictAudit ?? hold.auditId, reason, ...tell }
}

/** Releases an approved hold if everything is as it was approved, and asks anew otherwise. */
function takeUp(
  context: Context,
  tx: Tx,
  later: Later,
  stored: StoredHold,
  request: AskRequest,
  judgement: Judgement,
): Answer {
  const { hold } = stored
  const turn = release(hold)
  if (!turn.ok) return refusal(turn.error)
  if (context.deadlines.passed(hold.id)) return refusal(expireIn(context, tx, later, stored))
  const course = courseOf(judgement)
  const moved = [
    ...changes(hold.descriptor, request.descriptor),
    ...judgedOtherwise(hold, judgement),
  ]
  if (moved.length === 0 && (course === 'hold' || course === 'go'))
    return releaseIn(context, tx, later, stored, turn.hold, request)
  if (request.id === hold.requestId)
    return refusal({
      code: 'terms_changed',
      message: 'what was approved is not what is asked now; ask under a new id',
    })
  withdrawIn(context, tx, later, stored, request.asker, 'its terms changed')
  const anew =
    course === 'go' ? heldBecause(judgement, 'its terms changed after it was approved') : judgement
  return proceed(context, tx, later, request, anew, { replaces: hold.id, changes: moved })
}

function releaseIn(
  context: Context,
  tx: Tx,
  later: Later,
  stored: StoredHold,
  hold: Hold,
  request: AskRequest,
): Answer {
  const entry = tx.append({
    at: isoNow(context),
    kind: 'release',
    actor: request.asker.actor,
    hold: hold.id,
    run: hold.descriptor.run?.id ?? null,
    body: {
      requestId: hold.requestId,
      verdict: stored.verdictAudit,
      descriptor: request.descriptor,
    },
  })
  tx.putHold({ ...stored, hold, ticket: null })
  const digest = digestOf(hold.descriptor)
  tx.clearDoubt(digest)
  const asked = tx.ask(hold.requestId)
  const outcome = hold.descriptor.door === 'api' ? 'unknown' : null
  if (asked) tx.putAsk({ ...asked, release: entry.id, outcome })
  later(() => context.deadlines.clear(hold.id))
  return { state: 'go', audit: entry.id, mode: hold.decision.mode }
}
