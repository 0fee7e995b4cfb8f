import type { Context, MiddlewareHandler } from 'hono'
import { forged } from '#companion/core/forgery.ts'
import type { Role } from '#shared/protocol/access.ts'
import { answerProblem } from '../problem.ts'
import type { Env, Services } from '../services.ts'

/** Lets pass who bears a token of one of `roles`. `approves` marks routes that give or widen the
 * right to act: another role that tries one is a forgery, not a mistake. */
export function bearer(
  services: Services,
  roles: readonly Role[],
  { approves = false } = {},
): MiddlewareHandler<Env> {
  return async function bearer(c, next) {
    const header = c.req.header('authorization')
    const token = header?.match(/^Bearer ([\w.-]{1,200})$/i)?.[1]
    if (token === undefined)
      return challenge(c, 'token_missing', 'send a token: `Authorization: Bearer ...`')
    const caller = services.access.caller(token)
    if (!caller)
      return challenge(c, 'token_wrong', 'the token is unknown or revoked; see `holdpoint token`')
    if (!roles.includes(caller.role)) {
      const why = `a token of role ${caller.role} was used for ${c.req.method} ${c.req.path}`
      if (approves)
        await forged(services.context, { actor: caller.actor, hold: null, why, surface: 'api' })
      return challenge(c, 'role_may_not', `a token of role ${caller.role} may not do this`)
    }
    c.set('caller', caller)
    return await next()
  }
}

function challenge(c: Context, code: string, detail: string): Response {
  c.header('www-authenticate', 'Bearer')
  return answerProblem(c, code, detail)
}
