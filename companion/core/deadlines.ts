import type { Clock } from './ports.ts'

/** When each open hold ends, on the clock that never goes back: setting the wall clock neither ends
 * a hold early nor lets an expired approval revive. */
export class Deadlines {
  readonly #clock: Clock
  readonly #expire: (hold: string) => void
  readonly #open = new Map<string, { at: number; cancel: () => void }>()

  constructor(clock: Clock, expire: (hold: string) => void) {
    this.#clock = clock
    this.#expire = expire
  }

  /** Starts, or restarts, the time of a hold; `ms` from now. */
  set(hold: string, ms: number): void {
    this.clear(hold)
    const cancel = this.#clock.after(Math.max(0, ms), () => this.#expire(hold))
    this.#open.set(hold, { at: this.#clock.monotonic() + ms, cancel })
  }

  /** True as well for a hold that has no deadline: what is not known to be open is not open. */
  passed(hold: string): boolean {
    const deadline = this.#open.get(hold)
    return deadline === undefined || this.#clock.monotonic() >= deadline.at
  }

  clear(hold: string): void {
    this.#open.get(hold)?.cancel()
    this.#open.delete(hold)
  }

  clearAll(): void {
    for (const hold of [...this.#open.keys()]) this.clear(hold)
  }
}
