import type { Door } from '#companion/core/door.ts'
import type { RunRef } from '#shared/protocol/descriptor.ts'
import type { ClientFamily } from './agent.ts'
import type { AgentConnection } from './agent-connection.ts'
import type { Scope } from './scope.ts'
import type { Targets } from './targets.ts'

export interface RunOptions {
  ref: RunRef
  scope: Scope
  door: Door
  targets: Targets
  /** An agent has asked for the browser to be closed. */
  closed(): void
  /** The last of its agents has gone. */
  left(): void
  /** Closes a target of the run; errors are reported by the caller's side. */
  closeTarget(id: string): void
  /** Ends a browser context that the run's agents made. */
  disposeContext(id: string): void
}

/** Most refusals of different methods that are recorded of one run: an agent must not be able to fill the
 * disk by being refused. */
const RECORDED_LIMIT = 100

/** One run as the gateway knows it: its agents' connections, what they may reach, whether they may. */
export class Run {
  readonly ref: RunRef
  readonly scope: Scope
  readonly door: Door
  readonly connections = new Set<AgentConnection>()
  readonly families = new Set<ClientFamily>()
  readonly #options: RunOptions
  readonly #refused = new Set<string>()
  #resume: (() => void) | null = null
  #running: Promise<void> = Promise.resolve()
  #ended = false

  constructor(options: RunOptions) {
    this.ref = options.ref
    this.scope = options.scope
    this.door = options.door
    this.#options = options
  }

  get paused(): boolean {
    return this.#resume !== null
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Resolves at once, or when the run is no longer paused. */
  ready(): Promise<void> {
    return this.#running
  }

  pause(): void {
    if (this.#resume || this.#ended) return
    this.#running = new Promise((resolve) => {
      this.#resume = resolve
    })
  }

  resume(): void {
    this.#resume?.()
    this.#resume = null
  }

  connected(connection: AgentConnection): void {
    this.connections.add(connection)
    this.families.add(connection.family)
  }

  disconnected(connection: AgentConnection): void {
    this.connections.delete(connection)
    if (this.connections.size === 0) this.#options.left()
  }

  /** Records that a method was refused, once per method: a client tries again and again. */
  refused(code: string, method: string, reason: string): void {
    if (this.#refused.has(method) || this.#refused.size >= RECORDED_LIMIT) return
    this.#refused.add(method)
    // The door reports what it cannot write; the method is refused in any case.
    void this.door.refused({ code, reason, method: method.slice(0, 100) })
  }

  /** Records an aim at what approves. */
  forged(why: string): void {
    void this.door.forged(why)
  }

  /** An agent asks for the browser to be closed: it loses its tabs. */
  close(): void {
    this.closePages()
    this.#options.closed()
  }

  /** Closes the run's pages, and ends the contexts that its agents made. */
  closePages(): void {
    const { targets, closeTarget, disposeContext } = this.#options
    for (const target of targets.all())
      if (target.type === 'page' && target.browserContextId === this.scope.base)
        closeTarget(target.id)
    for (const context of this.scope.made) disposeContext(context)
    this.scope.made.clear()
  }

  /** Ends every connection; nothing of the run acts any more. Its pages stay, for whoever looks. */
  end(reason: string): void {
    this.#ended = true
    for (const connection of [...this.connections]) connection.close(1001, reason)
    this.resume()
  }
}
