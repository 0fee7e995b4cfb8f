import type { Descriptor, RunRef } from '#shared/protocol/descriptor.ts'
import type { Agent, Command } from './agent.ts'
import type { PipeEvent } from './pipe.ts'
import type { Target } from './targets.ts'

/** What the gateway is made of behind the wire. `gateway.ts` puts the parts together. */

/** Holds what an agent does with its hands: input, files, dialogs, permissions. */
export interface InputHold {
  /** Gets a new target ready, before any of its own code runs. What it sends is carried out in its order,
   * but it must not wait for an answer: a popup answers nothing that concerns its document before it
   * runs, and its opener stands still for as long (measured on Chromium 156). */
  arm(target: Target): Promise<void>
  /** Takes over a command of class `hold` and settles it, sooner or later. */
  take(command: Command): void
  /** Sees every other command before it is forwarded; true where it was settled here. */
  intercept(command: Command): boolean
  /** Whether an event of a target tells of the companion's own world in it, which is not there for an
   * agent. */
  hides(event: PipeEvent, target: Target | null): boolean
  /** The agent has gone: what it had held is withdrawn, nothing of it is released any more. */
  left(agent: Agent): void
}

/** Holds mutating requests, whoever caused them. */
export interface RequestHold {
  /** Switches the browser-level `Fetch` on; to be called before there is any page. */
  start(): Promise<void>
  arm(target: Target): Promise<void>
  /** No agent of the run is connected any more: what their scripts had sent is withdrawn. What a page
   * sent by itself waits on. */
  left(run: RunRef): void
}

/** An input that was let go, for what it may cause at the network. */
export interface Cause {
  readonly target: Target
  /** The agent whose input it was; null for the supervisor's own during a takeover. */
  readonly agent: Agent | null
  readonly descriptor: Descriptor
  /** Audit id of the release; null for a `read`, which releases nothing. */
  readonly audit: string | null
  /** Audit id of the decision that took the input for a `read`. */
  readonly decision?: string
  /** `all` it causes (it was allowed or approved), or only the `form` that it described (a `read`:
   * logging in and searching may be a POST). */
  readonly covers: 'all' | 'form'
}

/** One input from its press on. `let` is called right before the input is forwarded, `sent` once the
 * browser has taken its last part: the time in which it may cause requests begins. `dropped` where it
 * was denied, withdrawn or changed. */
export interface CauseTicket {
  let(cause: Cause): void
  sent(): void
  dropped(): void
}

/** Knows which requests an input causes (`cause.ts`). */
export interface Causes {
  /** At the press: notes the listeners on the element's path, so that what they do later can be told
   * from what the page does by itself. `objectId` is the element in the companion's session; null
   * where there is none (a key without focus). Costs the caller no waiting. */
  begin(target: Target, objectId: string | null): CauseTicket
  /** The same for an input that covers nothing: what follows it can still be told as its doing, and the
   * page is asked nothing for it. */
  note(target: Target): CauseTicket
}
