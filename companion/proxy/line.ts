import { Agent, type ClientRequestArgs } from 'node:http'
import type { Socket } from 'node:net'
import type { Server, Untrusted } from './dial.ts'

/** One connection of the browser and the connections to servers that belong to it and to nobody else:
 * some logins are tied to a connection (NTLM, client certificates), so none is ever shared. */
export interface Line {
  /** Where a tunnel leads; null where each request names its server itself (plain HTTP). */
  readonly server: Server | null
  /** The server did not prove who it is: nothing is sent to it. */
  readonly untrusted: Untrusted | null
  readonly agent: LineAgent
}

/** Opens the connections of one line. When a server closes one and the browser waits for nothing, the
 * browser's side is closed too, so that the browser notices what it would notice without us and does
 * not send a request into a dead connection. */
export class LineAgent extends Agent {
  readonly #open: (host: string, port: number) => Promise<Socket>
  readonly #idle: () => void
  #first: Socket | null
  #busy = 0

  /** `first` is a connection that is open already; `idle` closes the browser's side. */
  constructor(
    open: (host: string, port: number) => Promise<Socket>,
    idle: () => void,
    first: Socket | null,
  ) {
    super({ keepAlive: true })
    this.#open = open
    this.#idle = idle
    this.#first = first
    if (first) this.#watch(first)
  }

  /** Node asks for a connection here; the answer comes through `done`. */
  override createConnection(
    options: ClientRequestArgs,
    done?: (error: Error | null, stream: Socket) => void,
  ): undefined {
    void this.#connection(options).then(
      (stream) => done?.(null, stream),
      // The types want a stream beside an error; Node reads none.
      (error: unknown) => Reflect.apply(done ?? (() => undefined), undefined, [error]),
    )
    return undefined
  }

  /** The open connection, once, or a new one. */
  async take(host: string, port: number): Promise<Socket> {
    const first = this.#first
    this.#first = null
    if (first && !first.destroyed) return first
    const stream = await this.#open(host, port)
    this.#watch(stream)
    return stream
  }

  begin(): void {
    this.#busy += 1
  }

  end(): void {
    this.#busy -= 1
  }

  override destroy(): void {
    this.#first?.destroy()
    super.destroy()
  }

  async #connection(options: ClientRequestArgs): Promise<Socket> {
    return await this.take(options.host ?? '', Number(options.port))
  }

  #watch(stream: Socket): void {
    stream.on('error', () => stream.destroy()) // told to the request that uses it, if any
    stream.once('close', () => {
      if (this.#busy === 0) this.#idle()
    })
  }
}

/** The browser's connections and what belongs to them. */
export type Lines = WeakMap<Socket, Line>
