import type { MiddlewareHandler } from 'hono'
import { answerProblem } from '../problem.ts'
import type { Env, Services } from '../services.ts'

/** The names of this machine for itself. A name that merely resolves to it is DNS rebinding. */
const names = ['127.0.0.1', 'localhost', '[::1]'] as const

/** Refuses every request that was not addressed to the companion by its own name and port, static
 * files included. `X-Forwarded-Host` counts for nothing: there is no proxy in front. */
export function ownHost(services: Services): MiddlewareHandler<Env> {
  return async function ownHost(c, next) {
    const host = c.req.header('host')
    const known = names.some((name) => host === `${name}:${services.port()}`)
    if (known && isPlain(c.env)) return await next()
    await services.refusals.record(c, 'host_refused')
    return answerProblem(c, 'host_refused', 'this is not the address of the companion')
  }
}

/** Origins of the companion's own pages. */
export function ownOrigins(port: number): readonly string[] {
  return names.map((name) => `http://${name}:${port}`)
}

/** One Host header, and a target in origin form (`/path`): node takes the first of two Host headers,
 * and an absolute target would be a second opinion on the host. */
function isPlain(env: unknown): boolean {
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return true
  const { incoming } = env
  if (typeof incoming !== 'object' || incoming === null) return true
  const raw =
    'rawHeaders' in incoming && Array.isArray(incoming.rawHeaders) ? incoming.rawHeaders : []
  let hosts = 0
  for (let at = 0; at < raw.length; at += 2)
    if (raw[at].length === 4 && raw[at].toLowerCase() === 'host') hosts += 1
  const target = 'url' in incoming ? String(incoming.url) : '/'
  return hosts === 1 && target.startsWith('/')
}
