import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ClientFamily } from './agent.ts'
import type { AgentConnection, AgentSocket } from './agent-connection.ts'
import { familyOf } from './client-family.ts'
import { FRAME_LIMIT } from './frame.ts'
import type { JsonAnswer, JsonRequest } from './json-endpoints.ts'

export interface ListenOptions {
  /** Last part of the browser's WebSocket path. */
  token: string
  /** 0 takes any free one. Rejects with code EADDRINUSE where it is taken. */
  port: number
  json(request: JsonRequest): Promise<JsonAnswer>
  /** Opens a connection; rejects where there is no such page. */
  open(family: ClientFamily, page: string | undefined): Promise<AgentConnection>
  report(error: unknown): void
}

export interface Listening {
  port: number
  close(): Promise<void>
}

/** The names of this machine for itself, as the clients write them. */
const NAMES: readonly string[] = ['127.0.0.1', 'localhost']

/** Most bytes that wait for an agent which does not read. */
const UNREAD_LIMIT = 256 * 1024 * 1024

/** Most connections of one run at a time. Clients of one page each open several. */
const CONNECTIONS_LIMIT = 100

/** Listens for one run's agents on a loopback port that nobody knows beforehand. Puppeteer drops a path
 * and chromedriver takes only host and port, so the port is what tells the run. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const listener = new Listener(options)
  return { port: await listener.start(), close: () => listener.close() }
}

class Listener {
  readonly #options: ListenOptions
  readonly #server: Server
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_LIMIT,
    perMessageDeflate: false,
  })
  #port = 0
  /** Who asked over HTTP last: chromedriver says its name there, and not on its WebSocket. */
  #asked: ClientFamily | null = null

  constructor(options: ListenOptions) {
    this.#options = options
    this.#server = createServer({
      // Slow headers end before they add up (slowloris).
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 16 * 1024,
    })
    this.#server.on('request', (request, response) => this.#request(request, response))
    this.#server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head).catch(options.report)
    })
  }

  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#options.port, '127.0.0.1', () => {
        const address = this.#server.address()
        this.#port = typeof address === 'object' && address ? address.port : 0
        resolve(this.#port)
      })
    })
  }

  close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#sockets.close()
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const refused = this.#refusal(request)
    if (refused) {
      answer(response, { status: 403, body: refused })
      return
    }
    this.#asked = familyOf(request.headers) ?? this.#asked
    const { token } = this.#options
    const { method = 'GET', url = '/', headers } = request
    const asked = { method, target: url, host: headers.host ?? '', token }
    this.#options.json(asked).then(
      (given) => answer(response, given),
      (error) => answer(response, { status: 500, body: messageOf(error) }),
    )
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // The other side may hang up at any time: nothing is lost with it.
    socket.on('error', () => undefined)
    // chromedriver leaves the port out here.
    const refused = this.#refusal(request, NAMES)
    if (refused) return hangUp(socket, 403, refused)
    const place = this.#place(request.url ?? '')
    if (!place) return hangUp(socket, 404, 'No such target')
    if (this.#sockets.clients.size >= CONNECTIONS_LIMIT)
      return hangUp(socket, 429, 'Too many connections')
    const family = familyOf(request.headers) ?? this.#asked ?? 'other'
    let connection: AgentConnection
    try {
      connection = await this.#options.open(family, place.page)
    } catch {
      return hangUp(socket, 404, 'No such target') // gone, not of this run, or the browser ended
    }
    if (socket.destroyed) return connection.left()
    this.#sockets.handleUpgrade(request, socket, head, (client) => talk(client, connection))
  }

  #place(path: string): { page?: string } | null {
    if (path === `/devtools/browser/${this.#options.token}`) return {}
    const page = /^\/devtools\/page\/([\w-]{1,64})$/.exec(path)?.[1]
    return page === undefined ? null : { page }
  }

  /** Why a request is not an agent's; null where it may be. A page always sends its Origin with a
   * WebSocket and with every request that is not a plain GET, and a name that merely resolves to this
   * machine is DNS rebinding. No client sends an Origin (measured with seven). */
  #refusal(
    { headers, rawHeaders, url = '' }: IncomingMessage,
    alsoKnown: readonly string[] = [],
  ): string | null {
    if (headers.origin !== undefined) return 'Web pages may not talk to a supervised browser'
    const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && /^host$/i.test(name))
    const known = NAMES.map((name) => `${name}:${this.#port}`)
    const { host = '' } = headers
    if (hosts.length !== 1 || !(known.includes(host) || alsoKnown.includes(host)))
      return `Host header is not ${known.join(' or ')}`
    // A page can make GET requests without an Origin (an image, say), but not without saying so here.
    const site = headers['sec-fetch-site']
    if (site !== undefined && site !== 'none') return 'Web pages may not talk to it'
    return url.startsWith('/') ? null : 'Expected a path'
  }
}

function talk(client: WebSocket, connection: AgentConnection): void {
  const socket: AgentSocket = {
    send(message) {
      client.send(message)
      if (client.bufferedAmount > UNREAD_LIMIT) client.terminate()
    },
    close: (code, reason) => client.close(code, reason.slice(0, 100)),
  }
  client.on('message', (data: Buffer, binary: boolean) => {
    if (binary) connection.close(1003, 'expected text')
    else connection.receive(data.toString('utf8'))
  })
  client.on('close', () => connection.left())
  // Its end follows: a frame that is too large or not well-formed, or a connection that broke.
  client.on('error', () => undefined)
  connection.attach(socket)
}

function answer(response: ServerResponse, { status, body }: JsonAnswer): void {
  const json = status === 200 && /^[[{]/.test(body)
  response.writeHead(status, {
    'content-type': `${json ? 'application/json' : 'text/plain'}; charset=UTF-8`,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  })
  response.end(body)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function hangUp(socket: Duplex, status: number, why: string): void {
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(why)}\r\nconnection: close\r\n\r\n${why}`,
  )
}
