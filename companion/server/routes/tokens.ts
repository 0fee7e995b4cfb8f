import { Hono } from 'hono'
import type { Caller } from '#companion/core/access.ts'
import { type IssuedToken, NewToken, type TokenPage } from '#shared/protocol/access.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'

/** Name of the token in the home folder: who has that has the files, and the policy with them. */
const OWNER = 'supervisor'

/** Tokens: list, make, end. */
export function tokens(services: Services): Routes {
  const { access } = services
  const guard = bearer(services, ['supervisor'], { approves: true })
  return new Hono<Env>()
    .get('/tokens', bearer(services, ['supervisor']), (c) => {
      const page: TokenPage = { tokens: access.tokens() }
      return c.json(page)
    })
    .post('/tokens', guard, async (c) => {
      const { name, role } = await readBody(c, NewToken)
      const why = role === 'supervisor' ? impersonates(services, c.get('caller'), name) : null
      if (why !== null) return answerProblem(c, 'role_may_not', why)
      const issued = await access.issue(name, role, c.get('caller').actor)
      if (!issued.ok) return answerProblem(c, issued.error.code, issued.error.message)
      const answer: IssuedToken = { token: issued.token, info: issued.info }
      return c.json(answer, 201)
    })
    .delete('/tokens/:id', guard, async (c) => {
      const id = c.req.param('id')
      const role = access.tokens().find((token) => token.id === id)?.role
      const why = role === 'supervisor' ? impersonates(services, c.get('caller'), null) : null
      if (why !== null) return answerProblem(c, 'role_may_not', why)
      const revoked = await access.revoke(id, c.get('caller').actor)
      services.bus.hangUp(4401, 'the token was revoked', id)
      if (!revoked.ok) return answerProblem(c, revoked.error.code, revoked.error.message)
      return c.json(revoked.info)
    })
}

/** Why a supervisor's token may not be made, or with `name` null ended: where the policy says who may
 * approve what, a token's name is a person, and nobody must be able to answer as somebody else. */
function impersonates(
  { access, context }: Services,
  caller: Caller,
  name: string | null,
): string | null {
  if (context.policy.current().people === null) return null
  if (caller.name !== OWNER)
    return 'the policy names people, so only the token in the home folder makes and ends those of supervisors'
  const taken = access
    .tokens()
    .some((one) => one.role === 'supervisor' && one.name === name && one.revokedAt === null)
  return taken ? `there is a token of \`${name}\` already; end that one first` : null
}
