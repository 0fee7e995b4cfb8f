import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import WebSocket, { WebSocketServer } from 'ws'
import { ownAddress, undecided, unstamped } from './admit.ts'
import type { Judged } from './gate.ts'
import { forServer, recordOf, without } from './headers.ts'
import { type Desk, originOf } from './http1.ts'
import type { Line } from './line.ts'
import { refusal } from './refuse.ts'
import { relay } from './relay.ts'

/** Passes on one WebSocket of the browser, or refuses it. Opening one is a GET, but what is said over
 * it afterwards may change anything, so the opening is judged and then every frame that goes out. The
 * browser-level `Fetch` never sees either. */
export async function passWebSocket(
  desk: Desk,
  line: Line | undefined,
  req: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Promise<void> {
  const browser = new Waiting(socket, head)
  const headers = recordOf(req.headers)
  const url = urlOf(line, req)
  if (!line || url === null || headers.upgrade?.toLowerCase() !== 'websocket') {
    return browser.refuse(headers, 400, 'only WebSockets can be opened through this proxy')
  }
  if (line.untrusted) return browser.refuse(headers, 502, line.untrusted.message)
  const judged = await judgedOpening(desk, url, headers, browser.gone)
  if (browser.gone.aborted) return
  if (!judged.go) return browser.refuse(headers, judged.status, judged.reason)
  try {
    await connect(desk, line, url, req, browser)
  } catch {
    socket.destroy() // the server cannot be reached: the page is told by a failed connection
  }
}

async function judgedOpening(
  desk: Desk,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Judged> {
  const { gate } = desk
  try {
    if (gate.own(url)) {
      gate.forged(url)
      return ownAddress
    }
    const stamp = headers[gate.stampHeader]
    if (stamp !== undefined && gate.spend(stamp, 'GET', url)) return { go: true }
    const asked = unstamped(headers, gate.stampHeader)
    return await gate.judge(
      { kind: 'websocket', method: 'GET', url, headers: asked, body: new Uint8Array() },
      signal,
    )
  } catch (error) {
    if (!signal.aborted) desk.report(error)
    return undecided
  }
}

function urlOf(line: Line | undefined, req: IncomingMessage): string | null {
  if (!line?.server || !req.url?.startsWith('/')) return null
  const { secure } = line.server
  const origin = originOf(line.server)
  const said = `${secure ? 'https' : 'http'}://${req.headers.host ?? ''}`
  if (!URL.canParse(said) || new URL(said).origin !== origin) return null
  const url = `${origin.replace(/^http/, 'ws')}${req.url}`
  return URL.canParse(url) ? new URL(url).href : null
}

/** What the WebSocket library writes itself. */
const HANDSHAKE = new Set([
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
  'sec-websocket-protocol',
])

/** Opens the server's side, and the browser's once the server has agreed. */
async function connect(
  desk: Desk,
  line: Line,
  url: string,
  req: IncomingMessage,
  browser: Waiting,
): Promise<void> {
  if (!line.server) return
  const connection = await line.agent.take(line.server.host, line.server.port)
  if (browser.gone.aborted) return void connection.destroy()
  const raw = without(forServer(req.rawHeaders, desk.gate.stampHeader), HANDSHAKE)
  const protocols = req.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim())
  const server = new WebSocket(url, protocols ?? [], {
    createConnection: () => connection,
    headers: Object.fromEntries(pairs(raw)),
    followRedirects: false,
    perMessageDeflate: req.headers['sec-websocket-extensions']?.includes('deflate') ?? false,
    skipUTF8Validation: true, // checked by the two that talk
  })
  const stop = () => server.terminate()
  browser.gone.addEventListener('abort', stop)
  let cookies: string[] = []
  server.once('upgrade', (answer) => {
    cookies = answer.headers['set-cookie'] ?? []
  })
  server.on('error', () => browser.drop())
  server.once('unexpected-response', (_request, answer) => browser.mirror(answer))
  server.once('open', () => {
    browser.gone.removeEventListener('abort', stop)
    const { socket, head } = browser.done()
    const accept = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: server.extensions.includes('deflate'),
      skipUTF8Validation: true,
      handleProtocols: () => server.protocol || false,
    })
    accept.on('headers', (lines) => lines.push(...cookies.map((value) => `Set-Cookie: ${value}`)))
    const headers = unstamped(recordOf(req.headers), desk.gate.stampHeader)
    accept.handleUpgrade(req, socket, head, (page) => relay(desk, { url, headers }, page, server))
  })
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : [],
  )
}

/** The browser's side while it waits for the answer to its upgrade. It says nothing meanwhile, but it
 * must be read to notice that it has gone. */
class Waiting {
  readonly gone: AbortSignal
  readonly #socket: Socket
  readonly #early: Buffer[]
  readonly #hear = (bytes: Buffer) => void this.#early.push(bytes)
  readonly #end = () => this.drop()

  constructor(socket: Socket, head: Buffer) {
    const gone = new AbortController()
    this.gone = gone.signal
    this.#socket = socket
    this.#early = [head]
    socket.on('error', () => socket.destroy()) // as if it had closed the connection
    socket.once('close', () => gone.abort())
    socket.on('data', this.#hear).once('end', this.#end)
    socket.resume()
  }

  /** Gives the socket away, flowing: whoever takes it must listen at once. */
  done(): { socket: Socket; head: Buffer } {
    this.#socket.off('data', this.#hear).off('end', this.#end)
    return { socket: this.#socket, head: Buffer.concat(this.#early) }
  }

  drop(): void {
    this.#socket.destroy()
  }

  /** Hands on what a server answers that wants no WebSocket here. */
  mirror(answer: IncomingMessage): void {
    const { statusCode = 502, statusMessage = '', rawHeaders } = answer
    const lines = pairs(without(rawHeaders, new Set(['connection', 'transfer-encoding'])))
    this.#write(statusCode, statusMessage, [...lines, ['Connection', 'close']])
    answer.once('error', this.#end).pipe(this.#socket)
  }

  refuse(headers: Readonly<Record<string, string>>, status: number, reason: string): void {
    const refused = refusal(status, reason, headers)
    const body = refused.body ?? ''
    const size: [string, string] = ['content-length', String(Buffer.byteLength(body))]
    const lines = [...Object.entries(refused.headers), size]
    this.#write(refused.status, 'Refused', [...lines, ['connection', 'close']])
    this.#socket.end(body)
  }

  #write(status: number, text: string, headers: readonly (readonly [string, string])[]): void {
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
    this.#socket.write(`HTTP/1.1 ${status} ${text}\r\n${lines.join('')}\r\n`, 'latin1')
  }
}
