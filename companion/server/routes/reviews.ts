import { Hono } from 'hono'
import { closeReview } from '#companion/core/review.ts'
import { type Recorded, ReviewBody } from '#shared/protocol/oversight.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'
import { signerOf } from '../signer.ts'

/** A person has looked over the policy. */
export function reviews(services: Services): Routes {
  const guard = bearer(services, ['supervisor'], { approves: true })
  return new Hono<Env>().post('/reviews', guard, async (c) => {
    const { note } = await readBody(c, ReviewBody)
    const closed = await closeReview(services.context, note, signerOf(c))
    if (!closed.ok) return answerProblem(c, closed.error.code, closed.error.message)
    const answer: Recorded = { audit_id: closed.audit }
    return c.json(answer)
  })
}
