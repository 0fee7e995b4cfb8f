import type { Lines } from '#companion/core/door.ts'
import type { Bus } from '#companion/core/ports.ts'
import type { StreamEvent } from '#shared/protocol/api.ts'
import type { FromCompanion } from '#shared/protocol/link.ts'

type Listener = (event: StreamEvent) => void

/** One open WebSocket of a paired browser. */
export interface Line {
  send(message: FromCompanion): void
  close(code: number, reason: string): void
}

/** The bus inside one process: supervisors' event streams and the lines to paired browsers. */
export class LiveBus implements Bus, Lines {
  readonly #listeners = new Set<Listener>()
  readonly #lines = new Map<string, Set<Line>>()
  readonly #doors = new Map<string, (message: FromCompanion) => void>()

  publish(event: StreamEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  tell(asker: string, message: FromCompanion): void {
    for (const line of this.#lines.get(asker) ?? []) line.send(message)
    this.#doors.get(asker)?.(message)
  }

  /** Listens until the returned function is called. A listener must not throw. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Adds the line of a door inside this process; it is no browser and counts as none. */
  attachDoor(asker: string, send: (message: FromCompanion) => void): () => void {
    this.#doors.set(asker, send)
    return () => void this.#doors.delete(asker)
  }

  /** Adds a line of the browser that holds token `asker`. */
  attach(asker: string, line: Line): () => void {
    const lines = this.#lines.get(asker) ?? new Set()
    this.#lines.set(asker, lines.add(line))
    return () => {
      lines.delete(line)
      if (lines.size === 0 && this.#lines.get(asker) === lines) this.#lines.delete(asker)
    }
  }

  connected(asker: string): boolean {
    return this.#lines.has(asker)
  }

  /** Tokens of the browsers that are connected. */
  askers(): string[] {
    return [...this.#lines.keys()]
  }

  /** How many event streams and paired browsers are connected. */
  audience(): number {
    return this.#listeners.size
  }

  /** How many paired browsers are connected. */
  count(): number {
    return this.#lines.size
  }

  /** Ends the lines of one token, or of all. */
  hangUp(code: number, reason: string, asker?: string): void {
    for (const [id, lines] of this.#lines)
      if (asker === undefined || asker === id)
        for (const line of [...lines]) line.close(code, reason)
  }
}
