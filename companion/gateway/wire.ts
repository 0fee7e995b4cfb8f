import type { Door } from '#companion/core/door.ts'
import type { RunRef } from '#shared/protocol/descriptor.ts'
import type { InputHold, RequestHold } from './parts.ts'
import type { Pipe } from './pipe.ts'
import type { Targets } from './targets.ts'

/** What the parts behind the wire get to work with. */
export interface Wire {
  readonly pipe: Pipe
  readonly targets: Targets
  /** The door of a run; throws for a run that there is none of. Still there for the run's last
   * records when it ends. */
  doorOf(run: RunRef): Door
  /** The run whose browser context this is; null for one that no run owns. */
  runOf(browserContextId: string): RunRef | null
  /** Resolves at once, or when the run is no longer paused; also when it has ended. */
  ready(run: RunRef): Promise<void>
  /** Whether an address is the companion's own: its API and dashboard, or a gateway's port. */
  isOwn(url: string): boolean
}

export interface Parts {
  input: InputHold
  requests: RequestHold
}
