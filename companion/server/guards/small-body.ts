import type { MiddlewareHandler } from 'hono'
import { answerProblem } from '../problem.ts'
import type { Env } from '../services.ts'

/** Most bytes of a body, and of a WebSocket message. */
export const BODY_LIMIT = 256 * 1024

/** How much of a body that is too large is still read, so that the sender gets to hear why: whoever
 * is still writing when the connection closes sees only that. */
const READ_ON = 1024 * 1024

/** Refuses bodies over the limit, before a route reads them. */
export function smallBody(): MiddlewareHandler<Env> {
  return async function smallBody(c, next) {
    const given = c.req.header('content-length')
    const length = given === undefined ? Number.NaN : Number(given)
    const chunked = c.req.header('transfer-encoding') !== undefined
    // Node holds the sender to a length that is given. Asking for `raw.body` costs more than all the
    // other guards together, so it comes last.
    if (!chunked && (given === undefined || length <= BODY_LIMIT)) return await next()
    const { body } = c.req.raw
    if (!body) return await next()
    const read = length > READ_ON ? null : await upTo(READ_ON, body)
    if (!read || read.length > BODY_LIMIT)
      return answerProblem(c, 'body_too_large', `expected at most ${BODY_LIMIT} bytes`)
    c.req.raw = new Request(c.req.raw, { body: read })
    return await next()
  }
}

/** The body, if it ends before `limit` bytes. */
async function upTo(
  limit: number,
  body: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = []
  const reader = body.getReader()
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new Uint8Array(Buffer.concat(chunks))
    size += value.length
    if (size > limit) return null
    chunks.push(value)
  }
}
