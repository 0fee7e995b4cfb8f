import { Hono } from 'hono'
import { resetBreaker } from '#companion/core/forgery.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import type { Env, Routes, Services } from '../services.ts'

/** Closes the breaker again: only a person does. */
export function breaker(services: Services): Routes {
  const guard = bearer(services, ['supervisor'], { approves: true })
  return new Hono<Env>().post('/breaker/reset', guard, async (c) => {
    if (await resetBreaker(services.context, c.get('caller'))) return c.json({ open: false })
    return answerProblem(c, 'audit_unavailable', 'the reset could not be recorded; still open')
  })
}
