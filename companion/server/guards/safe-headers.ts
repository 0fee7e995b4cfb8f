import { ServerResponse } from 'node:http'
import type { MiddlewareHandler } from 'hono'
import type { Env } from '../services.ts'

/** Headers of every answer. The dashboard has no inline script or style, and nothing may frame it. */
const headers: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}

/** Set on node's own answer where there is one, before anything can fail: that is also a fraction of
 * what a change to the web Response costs. */
export function safeHeaders(): MiddlewareHandler<Env> {
  const entries = Object.entries(headers)
  return async function safeHeaders(c, next) {
    const outgoing = outgoingOf(c.env)
    if (outgoing) for (const [name, value] of entries) outgoing.setHeader(name, value)
    await next()
    if (!outgoing) for (const [name, value] of entries) c.res.headers.set(name, value)
  }
}

function outgoingOf(env: unknown): ServerResponse | null {
  const given = typeof env === 'object' && env !== null && 'outgoing' in env ? env.outgoing : null
  return given instanceof ServerResponse ? given : null
}
