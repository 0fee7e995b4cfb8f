import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type Dialler, OwnAddress, type Server, Untrusted } from './dial.ts'
import { Front, type Fronts } from './front.ts'
import { type Desk, originOf } from './http1.ts'
import { passH2 } from './http2.ts'
import type { Identity } from './identity.ts'
import { type Line, LineAgent } from './line.ts'
import { CHALLENGE } from './password.ts'

/** First byte of a TLS record of type handshake (RFC 8446, section 5.1). */
const TLS_HANDSHAKE = 0x16

export interface TunnelDesk extends Desk {
  readonly identity: Identity
  readonly fronts: Fronts
  readonly dialler: Dialler
  /** Hands a connection with HTTP/1 in it to the parser. */
  serve(socket: Socket, line: Line): void
}

/** Answers a CONNECT. A tunnel is no blind pipe: what is in it must be TLS, which ends here and begins
 * anew towards the server, or plain HTTP, as for `ws:`. The server is connected first and the protocol
 * it picked is the one the browser gets, so that both sides speak the same. */
export async function openTunnel(
  desk: TunnelDesk,
  req: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Promise<void> {
  socket.on('error', () => socket.destroy()) // the browser hung up; nothing depends on it yet
  if (!desk.knows(req.headers['proxy-authorization'])) {
    return answer(socket, `407 Proxy Authentication Required\r\nProxy-Authenticate: ${CHALLENGE}`)
  }
  const server = serverOf(req.url)
  if (server === null) return answer(socket, '400 Bad Request')
  if (isOwn(desk, server)) return answer(socket, '403 Forbidden')
  const upstream = await desk.dialler.plain(server).catch((error: unknown) => {
    // Told to the browser, which shows that the tunnel failed; not worth a line in the log.
    answer(socket, error instanceof OwnAddress ? '403 Forbidden' : '502 Bad Gateway')
    if (error instanceof OwnAddress) desk.gate.forged(originOf(server))
    return null
  })
  if (upstream === null) return
  upstream.on('error', () => upstream.destroy()) // ends the tunnel by `close`
  const ended = () => socket.destroy()
  const left = () => upstream.destroy()
  upstream.once('close', ended)
  socket.once('close', left)
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
  const first = head.length > 0 ? head : await firstBytes(socket)
  upstream.off('close', ended)
  socket.off('close', left)
  if (first === null || socket.destroyed) return void upstream.destroy()
  socket.unshift(first)
  if (first[0] === TLS_HANDSHAKE) return await overTls(desk, server, socket, upstream, first)
  const plain = { ...server, secure: false }
  const open = () => desk.dialler.plain(plain)
  serve(desk, socket, { server: plain, untrusted: null, open, first: upstream })
}

/** Both the address as the browser wrote it and, once connected, where it led to are looked at. */
function isOwn(desk: TunnelDesk, server: Server): boolean {
  for (const secure of [true, false]) {
    const url = `${originOf({ ...server, secure })}/`
    if (!desk.gate.own(url)) continue
    desk.gate.forged(url)
    return true
  }
  return false
}

function serverOf(authority: string | undefined): Server | null {
  const found = /^(\[[0-9a-f:.]+\]|[^:/?#@[\]]+):(\d{1,5})$/i.exec(authority ?? '')
  const [, name = '', port = ''] = found ?? []
  if (!found || !URL.canParse(`https://${authority}`)) return null
  const host = new URL(`https://${name}`).hostname.replace(/^\[|\]$/g, '')
  return { host, port: Number(port), secure: true }
}

async function overTls(
  desk: TunnelDesk,
  server: Server,
  socket: Socket,
  upstream: Socket,
  hello: Buffer,
): Promise<void> {
  // The browser offers HTTP/2 for pages and not for `wss:`. Found wrongly, it costs one more
  // connection: what counts is what the handshake itself says below.
  const protocols = hello.includes('\x02h2') ? ['h2', 'http/1.1'] : ['http/1.1']
  const secured = await desk.dialler.secure(upstream, server, protocols).catch((error: unknown) => {
    if (error instanceof Untrusted) return error
    socket.destroy()
    return null
  })
  if (secured === null) return
  if (socket.destroyed) return void upstream.destroy()
  if (secured instanceof Untrusted) return await warn(desk, server, socket, secured)
  const picked = secured.alpnProtocol === 'h2' ? desk.fronts.h2 : desk.fronts.h1
  const browser = await picked.accept(socket)
  if (browser === null) return void secured.destroy()
  const open = async (speak: string) =>
    await desk.dialler.secure(await desk.dialler.plain(server), server, [speak])
  if (browser.alpnProtocol === 'h2') {
    return passH2(desk, server, browser, secured, async () => await open('h2'))
  }
  const fits = secured.alpnProtocol !== 'h2'
  if (!fits) secured.destroy()
  const first = fits ? secured : null
  serve(desk, browser, { server, untrusted: null, open: async () => await open('http/1.1'), first })
}

/** Shows the browser a certificate that it does not trust either. Whoever goes on past the warning gets
 * the reason, and nothing is sent to the server. */
async function warn(
  desk: TunnelDesk,
  server: Server,
  socket: Socket,
  untrusted: Untrusted,
): Promise<void> {
  const pair = desk.identity.distrusted(server.host, untrusted.reason)
  const browser = await new Front({ ...pair, ALPNProtocols: ['http/1.1'] }).accept(socket)
  const open = () => Promise.reject(untrusted)
  if (browser) serve(desk, browser, { server, untrusted, open, first: null })
}

function serve(
  desk: TunnelDesk,
  socket: Socket,
  line: {
    server: Server
    untrusted: Untrusted | null
    open: () => Promise<Socket>
    first: Socket | null
  },
): void {
  const agent = new LineAgent(line.open, () => socket.destroy(), line.first)
  socket.once('close', () => agent.destroy())
  desk.serve(socket, { server: line.server, untrusted: line.untrusted, agent })
}

/** Null where the browser hangs up without a word, as after a connection made in advance. */
function firstBytes(socket: Socket): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const done = (bytes: Buffer | null) => {
      socket.off('data', got).off('end', ended).off('close', ended)
      socket.pause()
      resolve(bytes)
    }
    const got = (bytes: Buffer) => done(bytes)
    const ended = () => done(null)
    socket.once('data', got).once('end', ended).once('close', ended)
    socket.resume()
  })
}

function answer(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
}
