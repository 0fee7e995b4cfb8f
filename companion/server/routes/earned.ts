import { Hono } from 'hono'
import { acceptEarned } from '#companion/core/earned.ts'
import { EarnedBody, type Recorded } from '#shared/protocol/oversight.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'
import { signerOf } from '../signer.ts'

/** A person says that a rule which has earned its effect may go by itself from now on. */
export function earned(services: Services): Routes {
  const guard = bearer(services, ['supervisor'], { approves: true })
  return new Hono<Env>().post('/policy/earned/:rule', guard, async (c) => {
    const { note } = await readBody(c, EarnedBody)
    const done = await acceptEarned(services.context, c.req.param('rule'), signerOf(c), note)
    if (!done.ok) return answerProblem(c, done.error.code, done.error.message)
    const answer: Recorded = { audit_id: done.audit }
    return c.json(answer)
  })
}
