import { changes } from '#shared/protocol/binding.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Answer } from '#shared/protocol/link.ts'
import { type Asker, type Context, durably, isoNow, type Later, refusal } from './context.ts'
import { releasedBefore } from './doubt.ts'
import { expireIn, withdrawIn } from './end.ts'
import { release } from './hold.ts'
import {
  type Considered,
  consider,
  courseOf,
  digestOf,
  heldBecause,
  type Judgement,
  judgedOtherwise,
} from './judge.ts'
import { countRelease } from './let-go.ts'
import type { Ask, StoredHold, Tx } from './ports.ts'
import { type Cause, proceed } from './proceed.ts'
import { isSecret } from './ticket.ts'
import { weigh } from './weigh.ts'

/* Life of a held click
 *
 * 1. watch     A door sees input before it acts: the gate in a page, an API client before its call.
 * 2. describe  The door says what would happen, as a Descriptor, under an id of its own.
 *              What follows begins here, in this order:
 * 3. classify  `consider` classifies the Descriptor here, whatever the door made of it, and asks the
 *              policy's context providers.
 * 4. decide    The policy decides on the action alone (judge.ts). All the rest happens inside one
 *              durable write, and those run one after another: `weigh` (weigh.ts) tightens the decision
 *              by what has happened before, so that no limit is exceeded by two asks at once.
 * 5. hold      `proceed` (proceed.ts) lets go, denies, or records without executing (shadow); or it
 *              stores a Hold, and only then is anyone asked. People's verdicts (verdict.ts) make a ticket.
 * 6. release   `redeem` takes the ticket back with the target described anew, and judges again. Same
 *              terms: the ticket is spent. Other terms: the old hold is withdrawn and a new one says
 *              what moved. The answer `go` exists only after the entry that says so is durable.
 * 7. audit     Intent is that entry, and what is let go is counted with it (let-go.ts). What came of it
 *              (facts.ts) is a later one, by its id.
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

/** What an ask came to; `judgement` is how it was judged in the end. Where the answer is an older one
 * of a rule's, it is how the policy would decide now. */
export interface Settled {
  answer: Answer
  judgement: Judgement
}

/** Stages 3 to 7 for something that is about to happen. */
export async function ask(context: Context, request: AskRequest): Promise<Settled> {
  const considered = await consider(context, request.descriptor)
  return await settled(context, considered, (tx, later) => {
    const earlier = request.once ? null : tx.ask(request.id)
    if (earlier) return again(context, tx, later, earlier, request, considered)
    const cause = replaced(context, tx, later, request)
    return proceed(context, tx, later, request, considered, cause)
  })
}

/** Stage 6 for a hold that a person approved: its ticket comes back with the target as it is now. */
export async function redeem(context: Context, request: RedeemRequest): Promise<Answer> {
  const considered = await consider(context, request.descriptor)
  const { judgement } = considered
  const refused = (code: string, message: string): Settled => ({
    answer: refusal({ code, message }),
    judgement,
  })
  const { answer } = await settled(context, considered, (tx, later) => {
    const earlier = tx.ask(request.id)
    if (earlier) return again(context, tx, later, earlier, request, considered)
    const stored = tx.hold(request.hold)
    if (stored?.asker !== request.asker.id)
      return refused('hold_unknown', `there is no hold \`${request.hold}\` here`)
    if (stored.hold.state === 'approved' && !stored.hold.released) {
      if (!stored.ticket || !isSecret(request.ticket, stored.ticket.hash))
        return refused('ticket_wrong', 'the ticket is not the one that was given')
    }
    return takeUp(context, tx, later, stored, request, considered)
  })
  return answer
}

async function settled(
  context: Context,
  { judgement }: Considered,
  work: (tx: Tx, later: Later) => Settled,
): Promise<Settled> {
  const done = await durably(context, work)
  return done.ok ? done.value : { answer: refusal(done.error), judgement }
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
  considered: Considered,
): Settled {
  const { judgement } = considered
  const answered = (answer: Answer): Settled => ({ answer, judgement })
  if (earlier.asker !== request.asker.id)
    return answered(
      refusal({ code: 'request_id_taken', message: `\`${request.id}\` is another door's id` }),
    )
  if (earlier.release !== null) return answered(releasedBefore(context, tx, later, earlier))
  if (earlier.answer) return answered(earlier.answer)
  const stored = earlier.hold === null ? null : tx.hold(earlier.hold)
  if (!stored)
    return answered(refusal({ code: 'hold_unknown', message: 'the hold of this id is gone' }))
  // An API client has no page to describe anew and no ticket: its second ask is the redeem.
  if (stored.hold.state === 'approved' && request.descriptor.door === 'api')
    return takeUp(context, tx, later, stored, request, considered)
  return { answer: standingOf(stored), judgement: { ...judgement, decision: stored.hold.decision } }
}

/** How a hold stands, for whoever asks again. */
function standingOf({ hold, verdictAudit }: StoredHold): Answer {
  if (hold.state === 'pending' || hold.state === 'approved') return { state: 'held', hold }
  if (hold.state !== 'denied')
    return refusal({ code: `hold_${hold.state}`, message: `hold \`${hold.id}\` is ${hold.state}` })
  const { rules, tell, suggest } = hold.decision
  const reason = hold.verdict?.reason ?? 'a person denied it'
  const words = { rules, ...(tell && { tell }), ...(suggest && { suggest }) }
  return { state: 'denied', audit: verdictAudit ?? hold.auditId, reason, ...words }
}

/** Releases an approved hold if everything is as it was approved, and asks anew otherwise. */
function takeUp(
  context: Context,
  tx: Tx,
  later: Later,
  stored: StoredHold,
  request: AskRequest,
  considered: Considered,
): Settled {
  const { hold } = stored
  const refused = (error: { code: string; message: string }): Settled => ({
    answer: refusal(error),
    judgement: considered.judgement,
  })
  const turn = release(hold)
  if (!turn.ok) return refused(turn.error)
  if (context.deadlines.passed(hold.id)) return refused(expireIn(context, tx, later, stored))
  const { judgement } = weigh(context, tx, considered)
  const course = courseOf(judgement)
  const moved = [
    ...changes(hold.descriptor, request.descriptor),
    ...judgedOtherwise(hold, judgement),
  ]
  if (moved.length === 0 && (course === 'hold' || course === 'go'))
    return releaseIn(context, tx, later, { ...stored, hold: turn.hold }, request, considered)
  if (request.id === hold.requestId)
    return refused({
      code: 'terms_changed',
      message: 'what was approved is not what is asked now; ask under a new id',
    })
  withdrawIn(context, tx, later, stored, request.asker, 'its terms changed')
  const why = 'its terms changed after it was approved'
  const anew = course === 'go' ? heldBecause(judgement, 'review-gate', why) : judgement
  const cause = { replaces: hold.id, changes: moved }
  return proceed(context, tx, later, request, { ...considered, judgement: anew }, cause)
}

function releaseIn(
  context: Context,
  tx: Tx,
  later: Later,
  stored: StoredHold,
  request: AskRequest,
  considered: Considered,
): Settled {
  const { hold } = stored
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
  tx.putHold({ ...stored, ticket: null })
  countRelease(context, tx, later, stored, considered, entry)
  const digest = digestOf(hold.descriptor)
  tx.clearDoubt(digest)
  const asked = tx.ask(hold.requestId)
  const outcome = hold.descriptor.door === 'api' ? 'unknown' : null
  if (asked) tx.putAsk({ ...asked, release: entry.id, outcome })
  later(() => context.deadlines.clear(hold.id))
  const { decision } = hold
  return {
    answer: { state: 'go', audit: entry.id, mode: decision.mode },
    judgement: { ...considered.judgement, decision },
  }
}
