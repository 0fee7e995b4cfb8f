import { Hono } from 'hono'
import { type IssuedToken, NewToken, type TokenPage } from '#shared/protocol/access.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'

/** Tokens: list, make, end. */
export function tokens(services: Services): Routes {
  const guard = bearer(services, ['supervisor'], { approves: true })
  return new Hono<Env>()
    .get('/tokens', bearer(services, ['supervisor']), (c) => {
      const page: TokenPage = { tokens: services.access.tokens() }
      return c.json(page)
    })
    .post('/tokens', guard, async (c) => {
      const { name, role } = await readBody(c, NewToken)
      const issued = await services.access.issue(name, role, c.get('caller').actor)
      if (!issued.ok) return answerProblem(c, issued.error.code, issued.error.message)
      const answer: IssuedToken = { token: issued.token, info: issued.info }
      return c.json(answer, 201)
    })
    .delete('/tokens/:id', guard, async (c) => {
      const id = c.req.param('id')
      const revoked = await services.access.revoke(id, c.get('caller').actor)
      services.bus.hangUp(4401, 'the token was revoked', id)
      if (!revoked.ok) return answerProblem(c, revoked.error.code, revoked.error.message)
      return c.json(revoked.info)
    })
}
