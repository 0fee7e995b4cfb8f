import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls'

/** Ends the browser's TLS. One server of Node's serves many connections, because making one costs about
 * 2 ms; it never listens. */
export class Front {
  readonly #server: Server
  /** By the browser's port, which is unique as long as its connection is open. */
  readonly #waiting = new Map<number, (browser: TLSSocket) => void>()

  constructor(options: TlsOptions) {
    this.#server = createServer(options)
    this.#server.on('secureConnection', (browser) => {
      browser.on('error', () => browser.destroy()) // the browser hung up
      const resolve = this.#waiting.get(browser.remotePort ?? 0)
      if (resolve) resolve(browser)
      else browser.destroy()
    })
    // The browser does not want the certificate, or went away: no failure of ours.
    this.#server.on('tlsClientError', (_error, browser) => browser.destroy())
  }

  /** The connection after the handshake; null where it came to none. */
  async accept(socket: Socket): Promise<TLSSocket | null> {
    const { remotePort } = socket
    if (remotePort === undefined) return null
    const browser = await new Promise<TLSSocket | null>((resolve) => {
      this.#waiting.set(remotePort, resolve)
      socket.once('close', () => resolve(null))
      this.#server.emit('connection', socket)
    })
    this.#waiting.delete(remotePort)
    return browser
  }
}

/** What the browser speaks with servers that speak HTTP/2, and with those that do not. */
export interface Fronts {
  h2: Front
  h1: Front
}

export function frontsFor(pair: { key: string; cert: string }): Fronts {
  return {
    h2: new Front({ ...pair, ALPNProtocols: ['h2', 'http/1.1'] }),
    h1: new Front({ ...pair, ALPNProtocols: ['http/1.1'] }),
  }
}
