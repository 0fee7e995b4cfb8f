import { Hono } from 'hono'
import { closeBreaker } from '#companion/core/close-breaker.ts'
import { BreakerReset } from '#shared/protocol/oversight.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'
import { signerOf } from '../signer.ts'

/** Closes a breaker again: only a person does, and says why. Without a scope every one is closed. */
export function breaker(services: Services): Routes {
  const { context } = services
  const guard = bearer(services, ['supervisor'], { approves: true })
  return new Hono<Env>().post('/breaker/reset', guard, async (c) => {
    const { scope = 'all', reason } = await readBody(c, BreakerReset)
    const closed = await closeBreaker(context, { scope, reason, by: signerOf(c) })
    if (!closed.ok) return answerProblem(c, closed.error.code, closed.error.message)
    return c.json({ open: context.breaker.all().length > 0, audit_id: closed.audit })
  })
}
