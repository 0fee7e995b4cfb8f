import type { Change, Hold } from '#shared/protocol/hold.ts'
import type { Answer } from '#shared/protocol/link.ts'
import type { Context, Later } from './context.ts'
import { untracked } from './doubt.ts'
import type { AskRequest, Settled } from './intake.ts'
import { type Considered, courseOf, digestOf, isRead } from './judge.ts'
import { countStep, expectReviews } from './let-go.ts'
import type { Ask, Tx } from './ports.ts'
import { type Weighed, weigh } from './weigh.ts'

/** Why a new hold stands in for an older one. */
export interface Cause {
  replaces?: string
  changes?: Change[]
}

/** What an action that is answered for the first time comes to. */
export function proceed(
  context: Context,
  tx: Tx,
  later: Later,
  request: AskRequest,
  considered: Considered,
  cause: Cause,
): Settled {
  const weighed = weigh(context, tx, considered)
  const { judgement, at } = weighed
  const course = courseOf(judgement)
  const holdId = course === 'hold' ? context.ids.next('hold') : null
  const audit = record(tx, request, weighed, { course, holdId, cause })
  const { decision } = judgement
  const keep = (rest: Pick<Ask, 'answer' | 'hold' | 'release' | 'outcome'>) => {
    const kept = { requestId: request.id, asker: request.asker.id, at, doubt: false }
    tx.putAsk({ ...kept, digest: digestOf(request.descriptor), ...rest })
  }
  const settle = (answer: Answer, rest: Pick<Ask, 'release' | 'outcome'> = nothing): Settled => {
    // What was let go is never answered again, so its answer is not kept.
    const stored = rest.release === null ? answer : null
    if (!request.once) keep({ answer: stored, hold: null, ...rest })
    return { answer, judgement }
  }
  switch (course) {
    case 'go': {
      const answer: Answer = { state: 'go', audit, mode: decision.mode }
      countStep(context, tx, later, weighed, audit)
      if (isRead(judgement)) return settle(answer)
      return settle(answer, { release: audit, outcome: untracked(judgement) })
    }
    case 'deny': {
      const { reason, rules, tell, suggest } = decision
      const words = { rules, ...(tell && { tell }), ...(suggest && { suggest }) }
      return settle({ state: 'denied', audit, reason, ...words })
    }
    case 'shadow': {
      countStep(context, tx, later, weighed, audit)
      return settle({ state: 'shadowed', audit, reason: 'recorded, not executed (shadow)' })
    }
    case 'hold': {
      const life = context.policy.expiry(decision.batch !== undefined)
      const { scope } = considered.policy
      const hold: Hold = {
        id: holdId ?? '',
        requestId: request.id,
        state: 'pending',
        createdAt: at,
        expiresAt: new Date(context.clock.now() + life).toISOString(),
        ...judgement,
        ...cause,
        ...(scope === null ? {} : { scope }),
        released: false,
        auditId: audit,
      }
      tx.putHold({ hold, asker: request.asker.id, ticket: null, verdictAudit: null })
      expectReviews(tx, weighed, audit)
      keep({ answer: null, hold: hold.id, ...nothing })
      later(() => context.deadlines.set(hold.id, life))
      return { answer: { state: 'held', hold }, judgement }
    }
  }
}

const nothing = { release: null, outcome: null }

const ANSWERS: Readonly<Record<ReturnType<typeof courseOf>, Answer['state']>> = {
  go: 'go',
  deny: 'denied',
  shadow: 'shadowed',
  hold: 'held',
}

/** Stage 7: the entry without which nothing goes on. Its id. */
function record(
  tx: Tx,
  request: AskRequest,
  { judgement, promotion, facts, at }: Weighed,
  to: { course: keyof typeof ANSWERS; holdId: string | null; cause: Cause },
): string {
  const entry = tx.append({
    at,
    kind: 'decision',
    actor: request.asker.actor,
    hold: to.holdId,
    run: request.descriptor.run?.id ?? null,
    body: {
      requestId: request.id,
      answer: ANSWERS[to.course],
      released: to.course === 'go',
      ...judgement,
      ...(promotion === null || to.course !== 'go' ? {} : { promotion }),
      // Without what the providers said nobody could say later why it was decided so.
      ...(facts.context === undefined ? {} : { context: facts.context }),
      ...to.cause,
    },
  })
  return entry.id
}
