import { readFile } from 'node:fs/promises'
import { isIP, type LookupFunction, connect as netConnect, type Socket } from 'node:net'
import {
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type TLSSocket,
  connect as tlsConnect,
} from 'node:tls'

/** A server, as a URL writes it: the host without brackets, the port as a number. */
export interface Server {
  host: string
  port: number
  secure: boolean
}

/** The server did not prove who it is. `reason` is OpenSSL's code, like `CERT_HAS_EXPIRED`. */
export class Untrusted extends Error {
  readonly reason: string

  constructor(server: Server, reason: string) {
    super(`the certificate of ${server.host} is not valid: ${reason}`)
    this.name = 'Untrusted'
    this.reason = reason
  }
}

/** The name leads to the companion itself, whatever it is called. */
export class OwnAddress extends Error {}

export interface Dialler {
  /** A connection without TLS. Rejects with Node's error, or OwnAddress. */
  plain(server: Server): Promise<Socket>
  /** TLS over `socket`, the certificate checked. Rejects with Untrusted or Node's error. */
  secure(socket: Socket, server: Server, protocols: string[]): Promise<TLSSocket>
  stop(): void
}

/** Connects to servers as the browser would: no proxy of the environment, both address families,
 * certificates checked against Node's roots, `NODE_EXTRA_CA_CERTS` and `extraCa` (a PEM file). `own`
 * is asked about the address that a name led to: a page may call the companion by a name of its own
 * (DNS rebinding). */
export async function openDialler(options: {
  extraCa?: string | undefined
  own(url: string): boolean
}): Promise<Dialler> {
  const context = await trustStore(options.extraCa)
  const open = new Set<Socket>()

  async function plain(server: Server): Promise<Socket> {
    const socket = netConnect({
      host: server.host,
      port: server.port,
      noDelay: true,
      lookup: lookupFor(server.host),
    })
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    await settled(socket, 'connect')
    const scheme = server.secure ? 'https' : 'http'
    if (options.own(`${scheme}://${bracketed(socket.remoteAddress ?? '')}:${server.port}/`)) {
      socket.destroy()
      throw new OwnAddress(`${server.host}:${server.port} is the companion`)
    }
    return socket
  }

  async function secure(socket: Socket, server: Server, protocols: string[]): Promise<TLSSocket> {
    const tls = tlsConnect({
      socket,
      secureContext: context,
      ALPNProtocols: protocols,
      // No name is sent for an address (RFC 6066, section 3), but its certificate is checked.
      host: server.host,
      servername: isIP(server.host) ? '' : server.host,
    })
    try {
      await settled(tls, 'secureConnect')
    } catch (error) {
      socket.destroy()
      const code = codeOf(error)
      throw code && !/^E[A-Z]+$|^ERR_SSL_/.test(code) ? new Untrusted(server, code) : error
    }
    return tls
  }

  return {
    plain,
    secure,
    stop: () => {
      for (const socket of open) socket.destroy()
    },
  }
}

/** One context for all connections: reading 140 roots takes tens of milliseconds. */
async function trustStore(extraCa: string | undefined): Promise<SecureContext> {
  if (extraCa === undefined) return createSecureContext()
  // A list of our own replaces Node's, also what the environment added to it.
  const files = [extraCa, process.env.NODE_EXTRA_CA_CERTS].filter((file) => file !== undefined)
  const texts = await Promise.all(files.map(async (file) => await readFile(file, 'utf8')))
  return createSecureContext({ ca: [...rootCertificates, ...texts] })
}

function settled(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error) => {
      socket.off(event, done).off('error', done).off('close', closed)
      if (error) reject(error)
      else resolve()
    }
    const closed = () => done(new Error('the server closed the connection'))
    socket.once(event, () => done())
    socket.once('error', done)
    socket.once('close', closed)
  })
}

/** Names below `localhost` are this machine (RFC 6761, section 6.3), which Chromium knows and not
 * every resolver does. */
function lookupFor(host: string): LookupFunction | undefined {
  if (!/(^|\.)localhost\.?$/i.test(host)) return undefined
  const addresses = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]
  return (_name, options, callback) => {
    if (options.all) callback(null, addresses)
    else callback(null, '127.0.0.1', 4)
  }
}

export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
