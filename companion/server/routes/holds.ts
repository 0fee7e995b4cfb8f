import { Hono, type Context as HonoContext } from 'hono'
import * as z from 'zod/mini'
import { decideHold } from '#companion/core/verdict.ts'
import {
  type HoldPage,
  VerdictBody,
  type VerdictsAnswer,
  VerdictsBody,
} from '#shared/protocol/api.ts'
import { HoldState, type Surface } from '#shared/protocol/words.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readBody, readQuery } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'
import { signerOf } from '../signer.ts'

const Query = z.object({
  state: z.optional(HoldState),
  /** `0` leaves out what was let go already, `1` shows nothing else. */
  released: z.optional(z.enum(['0', '1'])),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000)), 500),
})

/** Holds, and a person's verdict on them. */
export function holds(services: Services): Routes {
  const { context } = services
  const read = bearer(services, ['supervisor'])
  const approves = bearer(services, ['supervisor'], { approves: true })
  const decide = (c: HonoContext<Env>, hold: string, { verdict, reason }: VerdictBody) => {
    const { from, ...by } = signerOf(c)
    const surface = surfaceOf(c.req.header('origin'), c.req.header('user-agent'))
    const given = { hold, verdict, reason, surface, from, automation: null }
    return decideHold(context, { ...given, by, name: by.name })
  }
  return new Hono<Env>()
    .get('/holds', read, async (c) => {
      const { released, ...query } = readQuery(c, Query)
      const only = released === undefined ? {} : { released: released === '1' }
      const page: HoldPage = await context.store.holds({ ...query, ...only })
      return c.json(page)
    })
    .get('/holds/:id', read, async (c) => {
      const stored = await context.store.hold(c.req.param('id'))
      if (stored) return c.json(stored.hold)
      return answerProblem(c, 'hold_unknown', `there is no hold \`${c.req.param('id')}\``)
    })
    .post('/holds/verdicts', approves, async (c) => {
      const { holds, ...given } = await readBody(c, VerdictsBody)
      const answer: VerdictsAnswer = { results: [] }
      // One after another: each is a verdict of its own, with its own entry.
      for (const id of new Set(holds)) {
        const result = await decide(c, id, given)
        const { ok } = result
        if (ok) answer.results.push({ ok, id, hold: result.hold })
        else answer.results.push({ ok, id, code: result.error.code, detail: result.error.message })
      }
      return c.json(answer)
    })
    .post('/holds/:id/verdict', approves, async (c) => {
      const result = await decide(c, c.req.param('id'), await readBody(c, VerdictBody))
      if (result.ok) return c.json(result.hold)
      return answerProblem(c, result.error.code, result.error.message)
    })
}

/** For the record only: the supervisor's token may approve from wherever it is. */
function surfaceOf(origin: string | undefined, agent: string | undefined): Surface {
  if (origin !== undefined) return 'dashboard'
  return agent?.startsWith('holdpoint-cli') ? 'cli' : 'api'
}
