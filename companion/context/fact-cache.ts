import type { Facts } from './check-facts.ts'

/** Most answers that are kept; the oldest goes first. */
const ENTRY_LIMIT = 1000

/** Answers that are good for a while, by the address they came from. */
export class FactCache {
  readonly #entries = new Map<string, { facts: Facts; until: number }>()
  readonly #now: () => number

  /** `now` never goes back, in ms. */
  constructor(now: () => number) {
    this.#now = now
  }

  get(key: string): Facts | undefined {
    const entry = this.#entries.get(key)
    if (entry && this.#now() < entry.until) return entry.facts
    this.#entries.delete(key)
    return undefined
  }

  put(key: string, facts: Facts, ms: number): void {
    this.#entries.delete(key)
    this.#entries.set(key, { facts, until: this.#now() + ms })
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > ENTRY_LIMIT && oldest !== undefined) this.#entries.delete(oldest)
  }
}
