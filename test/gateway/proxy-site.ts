import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import { selfSigned } from '#companion/proxy/certificate.ts'

/** One request as the server saw it. */
export interface Hit {
  method: string
  url: string
  version: string
  headers: Record<string, string | string[] | undefined>
  rawHeaders: string[]
  body: string
}

export interface Site {
  origin: string
  port: number
  hits: Hit[]
  /** Text frames that arrived, in order. */
  frames: string[]
  /** Requests of a path, other than reads of pages. */
  to(path: string): Hit[]
  /** Closes every connection, as a server does that has been idle for long. */
  hangUp(): void
  stop(): Promise<void>
}

/** What both HTTP versions' answers have in common. */
export interface Reply {
  statusCode: number
  setHeader(name: string, value: string): unknown
  write(chunk: string | Buffer): boolean
  end(last: string): unknown
  once(event: 'drain', listener: () => void): unknown
  destroy(): unknown
}

/** Answers by itself and says so, or leaves it to the site. */
export type Answer = (hit: Hit, res: Reply) => boolean | undefined

/** A certificate for `localhost`, and the file that makes it trusted. */
export interface TestCertificate {
  key: string
  cert: string
  file: string
}

export function testCertificate(from = Date.now() - 60_000, days = 2): TestCertificate {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const validity = { from: new Date(from), until: new Date(from + days * 24 * 3_600_000) }
  const subject = { name: 'localhost', organization: 'Holdpoint tests' }
  const cert = selfSigned(pair, subject, validity)
  const file = join(mkdtempSync(join(tmpdir(), 'holdpoint-ca-')), 'ca.pem')
  writeFileSync(file, cert)
  return { key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert, file }
}

/** A server that counts what it is asked: plain, or TLS with HTTP/2 and HTTP/1. */
export async function startSite(
  answer: Answer,
  tls?: { key: string; cert: string; http2?: boolean },
): Promise<Site> {
  const hits: Hit[] = []
  const frames: string[] = []
  const listener = async (
    req: IncomingMessage | Http2ServerRequest,
    res: ServerResponse | Http2ServerResponse,
  ) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    const hit = {
      method: req.method ?? '',
      url: req.url ?? '',
      version: req.httpVersion,
      headers: req.headers,
      rawHeaders: req.rawHeaders,
      body: Buffer.concat(chunks).toString('utf8'),
    }
    hits.push(hit)
    if (answer(hit, res)) return
    res.statusCode = hit.url === '/favicon.ico' ? 404 : 200
    res.setHeader('content-type', 'text/plain')
    res.end('ok')
  }
  const failed = (error: unknown) => process.stderr.write(`site: ${String(error)}\n`)
  const answerTo = (
    req: IncomingMessage | Http2ServerRequest,
    res: ServerResponse | Http2ServerResponse,
  ) => void listener(req, res).catch(failed)
  const server: Server = !tls
    ? createServer(answerTo)
    : tls.http2 === false
      ? createTlsServer(tls, answerTo)
      : createSecureServer({ ...tls, allowHTTP1: true }, answerTo)
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (req: IncomingMessage, socket: Socket, head: Buffer) => {
    hits.push({
      method: 'WS',
      url: req.url ?? '',
      version: req.httpVersion,
      headers: req.headers,
      rawHeaders: req.rawHeaders,
      body: '',
    })
    sockets.handleUpgrade(req, socket, head, (ws) => {
      ws.on('message', (data) => {
        frames.push(String(data))
        ws.send(`echo ${String(data)}`)
      })
    })
  })
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  const hangUp = () => {
    for (const socket of open) socket.destroy()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address: string | AddressInfo | null = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    origin: `${tls ? 'https' : 'http'}://localhost:${port}`,
    port,
    hits,
    frames,
    to: (path) => hits.filter((hit) => hit.url === path),
    hangUp,
    stop: async () => {
      hangUp()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
