import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { admit } from './admit.ts'
import { pour, type Read, send } from './body.ts'
import { bracketed, OwnAddress, type Server } from './dial.ts'
import type { ProxyGate } from './gate.ts'
import { forServer, recordOf } from './headers.ts'
import type { Line } from './line.ts'
import { CHALLENGE, HELLO } from './password.ts'
import { refusal } from './refuse.ts'

/** As large as Chromium accepts; Node's own limit is 16 kB. */
export const MAX_HEADERS = 256 * 1024

/** What both HTTP versions need of the proxy. */
export interface Desk {
  readonly gate: ProxyGate
  /** Whether this `Proxy-Authorization` is the browser's. */
  knows(header: string | undefined): boolean
  report(error: unknown): void
}

/** Passes on one HTTP/1 request of the browser, or refuses it. */
export async function passH1(
  desk: Desk,
  line: Line,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  res.sendDate = false
  line.agent.begin()
  const gone = new AbortController()
  res.once('close', () => {
    line.agent.end()
    if (!res.headersSent) gone.abort()
  })
  const headers = recordOf(req.headers)
  if (!line.server && !desk.knows(headers['proxy-authorization'])) {
    res.setHeader('proxy-authenticate', CHALLENGE)
    return refuse(req, res, headers, 407, notForUs)
  }
  const target = targetOf(req, line.server)
  if (target === null) return refuse(req, res, headers, 400, notForUs)
  if (target.url === HELLO && !line.server) return void res.writeHead(204).end()
  if (line.untrusted) return refuse(req, res, headers, 502, line.untrusted.message)
  const exchange = {
    method: req.method ?? '',
    url: target.url,
    headers,
    body: req,
    signal: gone.signal,
  }
  const admission = await admit(desk.gate, exchange, desk.report)
  if (admission.go === null || gone.signal.aborted) return
  if (admission.go) forward(desk, line, target, req, res, admission.read)
  else refuse(req, res, headers, admission.status, admission.reason)
}

interface Target {
  server: Server
  /** What stands in the request line, as the browser wrote it. */
  path: string
  url: string
}

/** Where a request goes. Null where it is none that a browser sends to its proxy: one for the proxy
 * itself, or one whose `Host` says something else than its tunnel or address. */
function targetOf(req: IncomingMessage, server: Server | null): Target | null {
  const hosts = req.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host')
  const host = req.headers.host
  if (hosts.length !== 1 || host === undefined || req.url === undefined) return null
  if (server) {
    if (!req.url.startsWith('/')) return null
    const origin = originOf(server)
    const said = parsed(`${server.secure ? 'https' : 'http'}://${host}`)
    if (said === null || said.origin !== origin) return null
    const url = parsed(`${origin}${req.url}`)
    return url && { server, path: req.url, url: url.href }
  }
  const url = parsed(req.url)
  if (url?.protocol !== 'http:' || parsed(`http://${host}`)?.host !== url.host) return null
  const rest = req.url.replace(/^http:\/\/[^/?#]*/i, '')
  url.hash = ''
  return {
    server: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || 80),
      secure: false,
    },
    path: rest.startsWith('/') ? rest : `/${rest}`,
    url: url.href,
  }
}

/** A tunnel's origin, as URLs write it: without the default port. */
export function originOf(server: Server): string {
  const scheme = server.secure ? 'https' : 'http'
  return new URL(`${scheme}://${bracketed(server.host)}:${server.port}`).origin
}

function parsed(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null
}

const notForUs =
  'this is the forward proxy of a browser that Holdpoint supervises; it answers nobody else'

function forward(
  desk: Desk,
  line: Line,
  target: Target,
  req: IncomingMessage,
  res: ServerResponse,
  read: Read | null,
): void {
  const { host, port, secure } = target.server
  const up = request({
    agent: line.agent,
    host,
    port,
    method: req.method ?? '',
    path: target.path,
    headers: forServer(req.rawHeaders, desk.gate.stampHeader),
    setHost: false,
    maxHeaderSize: MAX_HEADERS,
  })
  // A server that cannot be reached, or that hangs up: the browser's connection ends as well, so that
  // the page sees a network error and not an answer that its server never gave.
  const drop = () => req.socket.destroy()
  up.once('error', (error) => {
    if (error instanceof OwnAddress) desk.gate.forged(target.url)
    drop()
  })
  res.once('close', () => {
    if (!res.writableFinished) up.destroy()
  })
  up.once('response', (answer) => {
    // Outside a tunnel the browser would take it for the proxy asking for a password.
    if (answer.statusCode === 407 && !line.server && !secure) return drop()
    res.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders)
    pour(answer, res, drop)
    // With the first bytes, or now where there are none yet: an event stream may stay silent.
    setImmediate(() => res.flushHeaders())
  })
  if (read || hasBody(req.headers)) send(req, up, read)
  else up.end()
}

/** Whether the headers announce a body (RFC 9112, section 6.3). */
function hasBody(headers: IncomingHttpHeaders): boolean {
  return (headers['content-length'] ?? headers['transfer-encoding'] ?? '0') !== '0'
}

function refuse(
  req: IncomingMessage,
  res: ServerResponse,
  headers: Readonly<Record<string, string>>,
  status: number,
  reason: string,
): void {
  const refused = refusal(status, reason, headers)
  // What was not read of a body would be taken for the next request.
  const unread = !req.complete && hasBody(req.headers)
  const rest = unread ? { connection: 'close' } : {}
  const size = refused.body === null ? {} : { 'content-length': Buffer.byteLength(refused.body) }
  res.writeHead(refused.status, { ...refused.headers, ...rest, ...size })
  res.end(refused.body ?? undefined)
}
