import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import type { Caller } from '#companion/core/access.ts'
import type { Signer } from '#companion/core/context.ts'
import type { Env } from './services.ts'

/** Who puts their name to what this request does, and from where. */
export function signerOf(c: Context<Env>): Signer & Caller {
  const from = peerOf(c)
  return { ...c.get('caller'), ...(from === undefined ? {} : { from }) }
}

/** Address of the peer; undefined where the request did not come over a socket. */
function peerOf(c: Context<Env>): string | undefined {
  try {
    return getConnInfo(c).remote.address
  } catch {
    // No socket: the request was made in this process.
    return undefined
  }
}
