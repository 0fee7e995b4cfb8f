import type { Settled } from '#companion/core/intake.ts'
import type { EvaluateAnswer } from '#shared/protocol/api.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import { ProblemError } from './problem.ts'

/** When to ask again where nothing but a person's verdict is waited for, in seconds. */
const ASK_AGAIN_S = 15

/** What an ask came to, as an agent reads it. Throws the problem where it could not be honoured.
 * `now` is ms since the epoch. */
export function answerOf({ answer, judgement }: Settled, now: number): EvaluateAnswer {
  const { decision } = judgement
  switch (answer.state) {
    case 'go': {
      const observed = answer.mode === 'observe' && decision.kind !== 'allow'
      const reason = observed
        ? `observe mode: it goes ahead; enforced it would be ${decision.kind}: ${decision.reason}`
        : decision.kind === 'allow'
          ? decision.reason
          : 'a person approved it'
      const told = { ...facts(decision), decision: 'allow', reason } as const
      return { ...told, mode: answer.mode, audit_id: answer.audit }
    }
    case 'held':
      return held(answer.hold, now)
    case 'denied': {
      const { reason, tell, suggest = decision.suggest } = answer
      return {
        ...facts(decision),
        decision: 'deny',
        reason,
        audit_id: answer.audit,
        ...(decision.retryAfter === undefined ? {} : { retry_after: decision.retryAfter }),
        ...(tell === undefined ? {} : { tell }),
        ...(suggest === undefined ? {} : { suggest }),
      }
    }
    case 'shadowed':
      return {
        ...facts(decision),
        decision: 'deny',
        reason: answer.reason,
        audit_id: answer.audit,
      }
    case 'recorded':
      throw new Error('an ask is never only recorded')
    case 'refused':
      throw new ProblemError(answer.code, answer.reason)
  }
}

function held({ id, auditId, createdAt, decision }: Hold, now: number): EvaluateAnswer {
  const { tell, suggest, retryAfter } = decision
  const passed = Math.max(0, now - Date.parse(createdAt)) / 1000
  return {
    ...facts(decision),
    decision: 'hold',
    reason: decision.reason,
    audit_id: auditId,
    hold_id: id,
    // A person can answer sooner than a window moves on; `Prefer: wait` learns that at once.
    retry_after:
      retryAfter === undefined ? ASK_AGAIN_S : Math.max(1, Math.ceil(retryAfter - passed)),
    ...(tell === undefined ? {} : { tell }),
    ...(suggest === undefined ? {} : { suggest }),
  }
}

function facts(decision: Decision) {
  const { rules, wouldNeed, mode, pattern, earning, like, approver, people } = decision
  return {
    ...{ rules, would_need: wouldNeed, mode, pattern },
    ...(earning === undefined ? {} : { earning }),
    ...(like === undefined ? {} : { like }),
    ...(approver === undefined ? {} : { approver }),
    ...(people === undefined ? {} : { people }),
  }
}
