import { Hono } from 'hono'
import type { Caller } from '#companion/core/access.ts'
import { ask, type Settled } from '#companion/core/intake.ts'
import type { EvaluateAnswer } from '#shared/protocol/api.ts'
import { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import { bearer } from '../guards/bearer.ts'
import { ProblemError } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'

/** The API door: an agent asks before it acts, and acts only on `allow`. With an `Idempotency-Key`
 * it can ask the same thing again: to learn a person's verdict (the `allow` that follows an approval
 * is given once), and never to act twice. */
export function evaluate(services: Services): Routes {
  return new Hono<Env>().post('/evaluate', bearer(services, ['agent', 'supervisor']), async (c) => {
    const caller = c.get('caller')
    const descriptor = asSent(await readBody(c, Descriptor), caller)
    const given = keyOf(c.req.header('idempotency-key'))
    const id = `api:${caller.id}:${given ?? services.context.ids.next('key')}`
    const once = given === undefined
    const settled = await ask(services.context, { id, descriptor, asker: caller, once })
    return c.json(answerOf(settled))
  })
}

/** The door and who acts are known from the token, whatever the body says. */
function asSent(descriptor: Descriptor, caller: Caller): Descriptor {
  const agent = caller.role === 'agent'
  return {
    ...descriptor,
    door: 'api',
    provenance: agent ? 'agent' : descriptor.provenance,
  }
}

function keyOf(header: string | undefined): string | undefined {
  if (header === undefined || /^[\x21-\x7e]{1,100}$/.test(header)) return header
  throw new ProblemError(
    'bad_request',
    '`Idempotency-Key`: expected 1 to 100 visible ASCII characters',
  )
}

function answerOf({ answer, judgement }: Settled): EvaluateAnswer {
  const { decision } = judgement
  const rest = { rules: decision.rules, would_need: decision.wouldNeed, mode: decision.mode }
  switch (answer.state) {
    case 'go': {
      const observed = answer.mode === 'observe' && decision.kind !== 'allow'
      const reason = observed
        ? `observe mode: it goes ahead; enforced it would be ${decision.kind}: ${decision.reason}`
        : decision.kind === 'allow'
          ? decision.reason
          : 'a person approved it'
      return { decision: 'allow', reason, ...rest, mode: answer.mode, audit_id: answer.audit }
    }
    case 'held':
      return held(answer.hold)
    case 'denied': {
      const tell = answer.tell === undefined ? {} : { tell: answer.tell }
      return { decision: 'deny', reason: answer.reason, ...rest, audit_id: answer.audit, ...tell }
    }
    case 'shadowed':
      return { decision: 'deny', reason: answer.reason, ...rest, audit_id: answer.audit }
    case 'recorded':
      throw new Error('an ask is never only recorded')
    case 'refused':
      throw new ProblemError(answer.code, answer.reason)
  }
}

function held({ id, auditId, decision }: Hold): EvaluateAnswer {
  return {
    decision: 'hold',
    reason: decision.reason,
    rules: decision.rules,
    would_need: decision.wouldNeed,
    mode: decision.mode,
    audit_id: auditId,
    hold_id: id,
    ...(decision.tell === undefined ? {} : { tell: decision.tell }),
  }
}
