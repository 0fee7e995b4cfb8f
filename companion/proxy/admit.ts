import type { Readable } from 'node:stream'
import { type Read, readUpTo } from './body.ts'
import { isBrowsersOwn } from './browser-own.ts'
import { BODY_LIMIT, type Judged, type ProxyGate } from './gate.ts'
import { isMutating } from './mutating.ts'

/** One request of the browser, whichever HTTP version brought it. */
export interface Exchange {
  readonly method: string
  /** Absolute, without fragment. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable
  /** Aborts when the browser has given the request up. */
  readonly signal: AbortSignal
}

export type Admission =
  /** `read` is what was taken from the body for the decision; null where it was left alone. */
  | { go: true; read: Read | null }
  | { go: false; status: number; reason: string }
  /** Nobody waits for an answer any more. */
  | { go: null }

/** Whether a request may go out. Reads pass; what carries a good stamp passes and spends it; what is
 * left is held until the gate has decided. Everything that goes wrong here ends in a no. */
export async function admit(
  gate: ProxyGate,
  exchange: Exchange,
  report: (error: unknown) => void,
): Promise<Admission> {
  try {
    return await admitted(gate, exchange)
  } catch (error) {
    if (exchange.signal.aborted) return { go: null }
    report(error)
    return undecided
  }
}

async function admitted(gate: ProxyGate, exchange: Exchange): Promise<Admission> {
  const { method, url, headers, signal } = exchange
  if (gate.own(url)) {
    gate.forged(url)
    return ownAddress
  }
  const flagged = (method === 'GET' || method === 'HEAD') && gate.sideEffects(url)
  if (!flagged && !isMutating(method, url, headers)) return { go: true, read: null }
  const stamp = headers[gate.stampHeader]
  if (stamp !== undefined && gate.spend(stamp, method, url)) return { go: true, read: null }
  if (isBrowsersOwn(url)) return browsersOwn
  const read = await readUpTo(exchange.body, BODY_LIMIT, signal)
  const judged = await gate.judge(
    {
      kind: 'request',
      method,
      url,
      headers: unstamped(headers, gate.stampHeader),
      body: read.whole ? read.bytes : null,
    },
    signal,
  )
  if (signal.aborted) return { go: null }
  return judged.go ? { go: true, read } : judged
}

/** What the gate is shown: without the stamp, which is its own secret even where it was no good, and
 * without the password of the proxy. */
export function unstamped(
  headers: Readonly<Record<string, string>>,
  stampHeader: string,
): Record<string, string> {
  const hidden = [stampHeader, 'proxy-authorization', 'proxy-connection']
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hidden.includes(name)))
}

export const ownAddress: Judged & { go: false } = {
  go: false,
  status: 403,
  reason: 'Holdpoint does not answer the browser that it supervises; this attempt was recorded',
}

const browsersOwn: Judged & { go: false } = {
  go: false,
  status: 403,
  reason: 'a supervised browser sends nothing to its maker',
}

export const undecided: Judged & { go: false } = {
  go: false,
  status: 503,
  reason: 'Holdpoint could not decide about this request, so it was not sent; see its log',
}
