/** A failure that goes on is reported this often. */
const EVERY_MS = 60_000

interface Count {
  failures: number
  reportedAt: number
}

/** Counts lookups that failed, and tells of each provider at once and then once a minute: an action that
 * waits because of it says so itself. */
export class Failures {
  readonly #counts = new Map<string, Count>()
  readonly #now: () => number
  readonly #report: (error: unknown) => void

  /** `now` never goes back, in ms. */
  constructor(now: () => number, report: (error: unknown) => void) {
    this.#now = now
    this.#report = report
  }

  add(provider: string, why: string): void {
    const now = this.#now()
    const count = this.#counts.get(provider) ?? {
      failures: 0,
      reportedAt: Number.NEGATIVE_INFINITY,
    }
    this.#counts.set(provider, count)
    count.failures += 1
    if (now - count.reportedAt < EVERY_MS) return
    const times = count.failures === 1 ? '' : ` ${count.failures} times since the last report`
    this.#report(
      new Error(
        `context provider \`${provider}\` failed${times}: ${why}; what it tells is unknown`,
      ),
    )
    this.#counts.set(provider, { failures: 0, reportedAt: now })
  }
}
