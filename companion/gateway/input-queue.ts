/** Input in the order in which it came: while one is decided, what follows waits. Clients send press and
 * release without waiting for answers, and a release that overtakes its press makes another click. */
export class InputQueue {
  readonly #waiting: (() => Promise<void>)[] = []
  readonly #report: (error: unknown) => void
  #running = false

  constructor(report: (error: unknown) => void) {
    this.#report = report
  }

  /** Nothing waits, so whatever needs no decision may pass. */
  get idle(): boolean {
    return !this.#running
  }

  /** Runs `work` after all that was added before. */
  add(work: () => Promise<void>): void {
    this.#waiting.push(work)
    if (!this.#running) void this.#run()
  }

  async #run(): Promise<void> {
    this.#running = true
    for (let work = this.#waiting.shift(); work; work = this.#waiting.shift()) {
      try {
        await work()
      } catch (error) {
        this.#report(error)
      }
    }
    this.#running = false
  }
}
