import type { MiddlewareHandler } from 'hono'
import { EXTENSION_ID } from '#shared/protocol/extension-id.ts'
import { answerProblem } from '../problem.ts'
import type { Env, Services } from '../services.ts'
import { ownOrigins } from './own-host.ts'

/** What pages of an extension may call. */
const extensionPaths: readonly string[] = ['/v1/pair', '/v1/link', '/v1/health']

/** Refuses requests that a page of another origin sent. Requests without an Origin come from no page
 * (or are plain navigations, which read nothing without a token). */
export function knownOrigin(services: Services): MiddlewareHandler<Env> {
  return async function knownOrigin(c, next) {
    const origin = c.req.header('origin')
    if (origin === undefined || ownOrigins(services.port()).includes(origin)) return await next()
    if (extensionPaths.includes(c.req.path) && mayBeOurs(origin, c.req.path, services))
      return await next()
    await services.refusals.record(c, 'origin_refused')
    return answerProblem(c, 'origin_refused', 'pages of this origin may not call the companion')
  }
}

/** Chromium's extension id is fixed by its key. Firefox makes one up per profile, so any add-on may
 * offer a pairing code, and only a paired one may come back. */
function mayBeOurs(origin: string, path: string, services: Services): boolean {
  if (origin === `chrome-extension://${EXTENSION_ID}`) return true
  if (!/^moz-extension:\/\/[0-9a-f-]{36}$/.test(origin)) return false
  return path === '/v1/pair' || services.access.pairings().some((known) => known.origin === origin)
}
