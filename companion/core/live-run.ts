import type { Frame, TakeoverInput } from '#shared/protocol/run.ts'

/** A run as the gateway gives it to the board. */
export interface LiveRun {
  readonly id: string
  readonly name: string
  readonly agent: string
  /** Name of the token that it was started with; left out where nobody knows. */
  readonly startedBy?: string | undefined
  /** From now on nothing of the agent's goes on, its reads included; what is under way may end. */
  pause(): void
  resume(): void
  /** Ends the agent's connections and closes what it opened, for good. Nothing of it goes on from the
   * call itself; the promise is for the rest. */
  kill(): Promise<void>
  readonly picture?: PictureSource
  readonly takeover?: Takeover
  /** Cookies of its browser as CDP gives them: who is signed in there. */
  cookies?(): Promise<readonly Record<string, unknown>[]>
}

/** Pictures of a run's pages while something is held or a person has it in hand, and only while
 * somebody watches. */
export interface PictureSource {
  /** Calls `listener` with every frame until the returned function is called. It must not throw. */
  watch(listener: (frame: Frame) => void): () => void
}

/** A person's own hands in the run's browser. The agent waits meanwhile: the board pauses it. */
export interface Takeover {
  /** `audit` is the id of the entry under which what the person does is recorded. */
  begin(audit: string): void
  /** Rejects where the page is not one of this run, or did not take the input. */
  act(page: string, input: TakeoverInput): Promise<void>
  end(): void
}

/** What the board knows of a run that has not ended. */
export interface RunState {
  readonly run: LiveRun
  readonly startedAt: string
  client: string | null
  /** By a person, or because a takeover was left behind. */
  paused: boolean
  /** Set while a person has the browser in hand; counts what they did. */
  takeover: { presses: number; keys: number } | null
  killing: boolean
  /** Ends of the picture streams, called when the run ends. */
  readonly watchers: Set<() => void>
  /** Cancels the end of a takeover that nobody watches. */
  unattended: (() => void) | null
}

/** Lets the agent go on, or not, as the run's state says. */
export function gate({ run, paused, takeover }: RunState): void {
  if (paused || takeover) run.pause()
  else run.resume()
}
