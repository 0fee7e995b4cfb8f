import { createServer as createParser } from 'node:http'
import { createServer, type Server as Listener, type Socket } from 'node:net'
import { openDialler } from './dial.ts'
import { frontsFor } from './front.ts'
import type { ProxyGate } from './gate.ts'
import { MAX_HEADERS, passH1 } from './http1.ts'
import { openIdentity } from './identity.ts'
import { type Line, LineAgent, type Lines } from './line.ts'
import { doorman } from './password.ts'
import { peers } from './peer.ts'
import { openTunnel } from './tunnel.ts'
import { passWebSocket } from './websocket.ts'

export interface ProxyOptions {
  /** Folder for the key and certificate of this installation; made where it is missing. */
  keys: string
  gate: ProxyGate
  /** PEM file with further certificate authorities, as behind a company's own proxy. */
  extraCa?: string
  /** Asked of whoever uses the proxy, with the name `USER`. The browser is given it over the debugging
   * protocol, by the page that goes to `HELLO`: `Fetch.enable` with `handleAuthRequests`, then
   * `Fetch.continueWithAuth` where the source of a challenge is `Proxy`. Chromium asks once per browser
   * context and then sends it by itself, also for service workers and WebSockets. */
  password?: string
  /** Told what should not have happened. Never a body, and nothing that a server does. */
  report(error: unknown): void
}

export interface Proxy {
  /** On 127.0.0.1. */
  readonly port: number
  /** Base64 SHA-256 of the key's SubjectPublicKeyInfo. */
  readonly spki: string
  /** What the browser must be started with. It needs a profile folder of its own. */
  readonly switches: string[]
  stop(): Promise<void>
}

/** The last line: everything that the supervised browser says to a server passes here, whoever caused
 * it and whether the debugging protocol saw it or not. Reads pass; what may change something passes
 * with a stamp of the gateway or by its decision. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { gate, report } = options
  const identity = await openIdentity(options.keys)
  const open = new Set<Socket>()
  const lines: Lines = new WeakMap()
  let port = 0
  const guarded: ProxyGate = {
    stampHeader: gate.stampHeader,
    spend: (stamp, method, url) => gate.spend(stamp, method, url),
    sideEffects: (url) => gate.sideEffects(url),
    own: (url) => isLoopbackPort(url, port) || gate.own(url),
    forged: (url) => gate.forged(url),
    judge: async (request, signal) => await gate.judge(request, signal),
  }
  const dialler = await openDialler({ extraCa: options.extraCa, own: guarded.own })

  const parser = createParser({ maxHeaderSize: MAX_HEADERS, keepAliveTimeout: 0 })
  const serve = (socket: Socket, line: Line) => {
    lines.set(socket, line)
    parser.emit('connection', socket)
    socket.resume() // what waits for a first byte is paused
  }
  const fronts = frontsFor(identity.trusted)
  const knows = doorman(options.password)
  const desk = { gate: guarded, knows, report, identity, fronts, dialler, serve }
  const lineOf = (socket: Socket): Line => {
    const found = lines.get(socket)
    if (found) return found
    const connect = async (host: string, to: number) =>
      await dialler.plain({ host, port: to, secure: false })
    const agent = new LineAgent(connect, () => socket.destroy(), null)
    const line = { server: null, untrusted: null, agent }
    lines.set(socket, line)
    socket.once('close', () => agent.destroy())
    return line
  }
  parser.on('request', (req, res) => {
    void passH1(desk, lineOf(req.socket), req, res).catch((error: unknown) => {
      req.socket.destroy()
      report(error)
    })
  })
  parser.on('connect', (req, socket, head) => {
    if (!isSocket(socket)) return socket.destroy()
    // A CONNECT inside a tunnel is none of a browser's.
    if (lines.get(socket)?.server) return socket.destroy()
    void openTunnel(desk, req, socket, head).catch((error: unknown) => {
      socket.destroy()
      report(error)
    })
  })
  parser.on('upgrade', (req, socket, head) => {
    if (!isSocket(socket)) return socket.destroy()
    void passWebSocket(desk, lines.get(socket), req, socket, head).catch((error: unknown) => {
      socket.destroy()
      report(error)
    })
  })

  // A password says more than the kernel does, and costs nothing.
  const isOwn = options.password === undefined ? peers() : () => Promise.resolve(true)
  const listener = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true })
  listener.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy()) // the browser hung up
    void isOwn(socket).then((own) => {
      if (!own) return socket.destroy()
      parser.emit('connection', socket)
      socket.resume()
    })
  })
  port = await listening(listener)
  return {
    port,
    spki: identity.spki,
    switches: switchesFor(port, identity.spki),
    stop: async () => {
      dialler.stop()
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => listener.close(() => resolve()))
    },
  }
}

/** What sends all of a browser's traffic here, and nothing past it.
 * - `<-loopback>` takes back that Chromium never proxies loopback addresses.
 * - QUIC and WebRTC are UDP, which does not pass a proxy: without these two they would go around it. */
function switchesFor(port: number, spki: string): string[] {
  return [
    `--proxy-server=http://127.0.0.1:${port}`,
    '--proxy-bypass-list=<-loopback>',
    `--ignore-certificate-errors-spki-list=${spki}`,
    '--disable-quic',
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  ]
}

function isLoopbackPort(url: string, port: number): boolean {
  const { hostname, port: said, protocol } = new URL(url)
  const meant = Number(said || (/^(https|wss):$/.test(protocol) ? 443 : 80))
  if (meant !== port) return false
  const host = hostname.replace(/\.$/, '')
  return /^127\.|(^|\.)localhost$|^0\.0\.0\.0$|^\[::(1|ffff:7f.*)?\]$/.test(host)
}

function isSocket(stream: unknown): stream is Socket {
  return stream instanceof Object && 'remoteAddress' in stream && 'setNoDelay' in stream
}

function listening(listener: Listener): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
}
