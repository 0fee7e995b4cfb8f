import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { admit } from './admit.ts'
import { pour, type Read, send } from './body.ts'
import type { Server } from './dial.ts'
import { recordOf } from './headers.ts'
import { type Desk, MAX_HEADERS, originOf } from './http1.ts'
import { refusal } from './refuse.ts'

/** Receive windows in bytes, as large as Chromium's own: with the default of 64 kB a distant server
 * would send one window per round trip. */
const STREAM_WINDOW = 6 * 1024 * 1024
const SESSION_WINDOW = 15 * 1024 * 1024

/** MB that a session may hold before Node refuses new streams; the default of 10 is below one window. */
const SESSION_MEMORY = 64

/** Passes on one HTTP/2 connection of the browser to one HTTP/2 connection of the server. `first` is
 * open already; `open` makes another one where the server has closed it meanwhile. */
export function passH2(
  desk: Desk,
  server: Server,
  browser: TLSSocket,
  first: TLSSocket,
  open: () => Promise<TLSSocket>,
): void {
  const down = performServerHandshake(browser, {
    settings: { maxHeaderListSize: MAX_HEADERS },
    maxSessionMemory: SESSION_MEMORY,
  })
  const upstream = new Upstream(server, down, first, open)
  down.on('error', () => down.destroy()) // a broken connection; its streams are told one by one
  down.once('close', () => upstream.stop())
  down.on('stream', (stream, headers) => {
    stream.on('error', () => stream.destroy()) // the browser has gone, or the server: see `forward`
    void pass(desk, server, upstream, stream, headers).catch((error: unknown) => {
      stream.close(constants.NGHTTP2_INTERNAL_ERROR)
      if (!stream.aborted) desk.report(error)
    })
  })
}

/** The server's side of one HTTP/2 connection. When the server ends it and nothing is under way, the
 * browser is told by GOAWAY, as it would be without us. */
class Upstream {
  readonly #server: Server
  readonly #down: ServerHttp2Session
  readonly #open: () => Promise<TLSSocket>
  #session: ClientHttp2Session
  #streams = 0
  #stopped = false

  constructor(
    server: Server,
    down: ServerHttp2Session,
    first: TLSSocket,
    open: () => Promise<TLSSocket>,
  ) {
    this.#server = server
    this.#down = down
    this.#open = open
    this.#session = this.#over(first)
  }

  get usable(): boolean {
    return !this.#session.closed && !this.#session.destroyed
  }

  /** An open session. A request may have been held for longer than a server keeps one open. */
  async session(): Promise<ClientHttp2Session> {
    if (this.usable) return this.#session
    const socket = await this.#open()
    if (this.#stopped) socket.destroy()
    if (this.usable) socket.destroy()
    else this.#session = this.#over(socket)
    return this.#session
  }

  begin(): void {
    this.#streams += 1
  }

  end(): void {
    this.#streams -= 1
    if (this.#streams === 0 && !this.usable) this.#down.close()
  }

  stop(): void {
    this.#stopped = true
    this.#session.destroy()
  }

  #over(socket: TLSSocket): ClientHttp2Session {
    const session = connect(originOf(this.#server), {
      createConnection: () => socket,
      settings: {
        enablePush: false,
        initialWindowSize: STREAM_WINDOW,
        maxHeaderListSize: MAX_HEADERS,
      },
      maxSessionMemory: SESSION_MEMORY,
    })
    session.once('connect', () => session.setLocalWindowSize(SESSION_WINDOW))
    session.on('error', () => session.destroy()) // its streams are told one by one
    session.once('close', () => {
      if (this.#streams === 0) this.#down.close()
    })
    session.once('goaway', () => {
      if (this.#streams === 0) this.#down.close()
    })
    return session
  }
}

async function pass(
  desk: Desk,
  server: Server,
  upstream: Upstream,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  // Before a stamp is spent: the browser repeats a refused stream on a new connection (RFC 9113, 8.7).
  if (!upstream.usable) return stream.close(constants.NGHTTP2_REFUSED_STREAM)
  upstream.begin()
  const gone = new AbortController()
  stream.once('close', () => {
    upstream.end()
    if (!stream.headersSent) gone.abort()
  })
  const method = headers[':method'] ?? ''
  const record = recordOf(headers)
  const url = urlOf(server, headers)
  if (url === null || method === 'CONNECT') return stream.close(constants.NGHTTP2_PROTOCOL_ERROR)
  const exchange = { method, url, headers: record, body: stream, signal: gone.signal }
  const admission = await admit(desk.gate, exchange, desk.report)
  if (admission.go === null || gone.signal.aborted) return
  if (!admission.go) return refuse(stream, record, admission.status, admission.reason)
  const session = await upstream.session()
  if (gone.signal.aborted) return
  forward(session, stream, withoutStamp(headers, desk.gate.stampHeader), admission.read)
}

/** Null where the stream names another host than its connection leads to. */
function urlOf(server: Server, headers: IncomingHttpHeaders): string | null {
  const origin = originOf(server)
  const said = `https://${headers[':authority'] ?? headers.host ?? ''}`
  const path = headers[':path']
  if (!URL.canParse(said) || new URL(said).origin !== origin) return null
  if (!path?.startsWith('/') || !URL.canParse(`${origin}${path}`)) return null
  return new URL(`${origin}${path}`).href
}

function withoutStamp(headers: IncomingHttpHeaders, stampHeader: string): OutgoingHttpHeaders {
  const kept: OutgoingHttpHeaders = { ...headers }
  delete kept[stampHeader]
  return kept
}

function forward(
  session: ClientHttp2Session,
  stream: ServerHttp2Stream,
  headers: OutgoingHttpHeaders,
  read: Read | null,
): void {
  const empty = read ? read.whole && read.bytes.length === 0 : stream.endAfterHeaders
  const up = session.request(headers, { endStream: empty })
  const drop = () => {
    if (stream.closed) return
    // Its own code, so that the browser repeats what the server refused unseen.
    stream.close(up.rstCode || constants.NGHTTP2_INTERNAL_ERROR)
  }
  up.once('error', drop)
  up.once('close', () => {
    if (!stream.headersSent) drop()
  })
  stream.once('close', () => up.close(constants.NGHTTP2_CANCEL))
  up.on('headers', (early) => {
    if (!stream.destroyed && !stream.headersSent) stream.additionalHeaders(early)
  })
  up.once('response', (answer, flags) => {
    if (stream.destroyed) return
    const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
    stream.respond(answer, { endStream })
    if (endStream) return
    pour(up, stream, drop)
  })
  if (!empty) send(stream, up, read)
}

function refuse(
  stream: ServerHttp2Stream,
  headers: Readonly<Record<string, string>>,
  status: number,
  reason: string,
): void {
  const refused = refusal(status, reason, headers)
  stream.respond({ ':status': refused.status, ...refused.headers })
  stream.end(refused.body ?? undefined)
  stream.resume() // what is left of the body is thrown away
}
