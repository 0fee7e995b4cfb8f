import type { Command } from './agent.ts'
import { within } from './within.ts'

/** How long what came during a pause waits for what was approved during it, in ms. */
const FIRST_MS = 3_000

/** The order of an agent's commands when its paused run goes on: an input that may go is looked at once
 * more before it does, and what the agent has sent since must not overtake it and take the page away. */
export class ResumeOrder {
  readonly #held = new Set<Command>()
  #waiting = false
  #drained: (() => void) | null = null

  /** A command is held from now on. */
  taken(command: Command): void {
    this.#held.add(command)
  }

  /** It is no more, however that came. */
  settled(command: Command): void {
    this.#held.delete(command)
    if (this.#held.size === 0) this.#drained?.()
  }

  /** Something that may go waits only for the end of the pause. */
  waits(): void {
    this.#waiting = true
  }

  /** Resolves once that has gone, with what belongs to it: a release goes with its press. What nobody has
   * decided about keeps nothing waiting for long. */
  async gone(): Promise<void> {
    if (!this.#waiting) return
    this.#waiting = false
    if (this.#held.size === 0) return
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve
    })
    await within(FIRST_MS, drained)
    this.#drained = null
  }
}
