import type { Door } from '#companion/core/door.ts'
import { changes } from '#shared/protocol/binding.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Answer } from '#shared/protocol/link.ts'
import type { Action, Look } from './action.ts'
import type { Agent, CommandAnswer } from './agent.ts'
import type { Session } from './cdp.ts'
import type { CauseTicket } from './parts.ts'
import { ignoreGone, type PausedRequest } from './paused-request.ts'
import { STAMP_HEADER, type Stamps } from './stamp.ts'

export interface ReleaseOptions {
  doorOf(agent: Agent): Door
  classify(descriptor: Descriptor): Classification
  /** A new id for something that is asked. */
  nextId(): string
  /** Never goes back, in ms. */
  monotonic(): number
  report(error: unknown): void
}

/** How an action that may go went. `changed`: what it would act on is not what it may act on.
 * `gone`: nobody is there any more who asked for it. In both cases nothing was sent. */
export type Released =
  | { state: 'sent'; answer: Promise<CommandAnswer> }
  | { state: 'changed' | 'gone' }

/** How long a look counts for what there is now, in ms: half a frame of 60 per second. A look and a
 * durable record take 4 ms together (measured on Chromium 156 and a virtual disk). */
const FRESH_MS = 8

/* The one place of the gateway in which something that waited is let go. */

/** Lets inputs go.
 *
 * INVARIANT: before a command is forwarded the door has said `go`, or that it is a read that passes; for
 * all but such reads it says so only once the intent is durable. What the command acts on was looked at
 * within the last `FRESH_MS`, and after every wait for a person; and the agent is still there.
 *
 * A page can always change between the last look and the dispatch: its own listeners for the movement
 * and the press run behind every look. So looking twice within a few milliseconds would tell nothing
 * that one look does not; what a page can gain that way the network's hold has to catch. */
export class Release {
  readonly #options: ReleaseOptions

  constructor(options: ReleaseOptions) {
    this.#options = options
  }

  /** Takes an approval back to the door with the target as it is now. */
  async redeem(action: Action, look: Look, hold: string, ticket: string): Promise<Answer> {
    const { agent } = action.command
    const descriptor = { ...look.descriptor, run: agent.run }
    return await this.#options
      .doorOf(agent)
      .redeem(this.#options.nextId(), hold, ticket, descriptor)
  }

  /** Forwards an action that the door has let go as `audit`; null where that is a read which the door
   * has passed. */
  async letGo(
    action: Action,
    look: Look,
    audit: string | null,
    cause: CauseTicket | null,
  ): Promise<Released> {
    const { agent } = action.command
    const read = audit === null || this.#options.classify(look.descriptor).capability === 'read'
    await agent.ready()
    // Whatever has taken its time, a slow disk or a paused run, the page may have changed in it.
    const last = this.#isFresh(look) ? look : await action.look()
    const stop =
      agent.gone.aborted || action.givenUp?.aborted || action.stands?.() === false
        ? 'gone'
        : changes(look.descriptor, last.descriptor).length > 0
          ? 'changed'
          : null
    if (stop) {
      cause?.dropped()
      if (!read && audit !== null) this.#failed(agent, audit, STOPPED[stop])
      return { state: stop }
    }
    if (cause && look.target)
      cause.let({
        target: look.target,
        agent,
        descriptor: look.descriptor,
        ...(read ? { audit: null, ...(audit !== null && { decision: audit }) } : { audit }),
        covers: read ? 'form' : 'all',
      })
    const answer = agent.forward(action.command)
    if (!read && audit !== null)
      answer.then(
        (said) => said.ok || this.#failed(agent, audit, said.error.message),
        this.#options.report,
      )
    return { state: 'sent', answer }
  }

  #isFresh({ at }: Look): boolean {
    return at !== undefined && this.#options.monotonic() - at <= FRESH_MS
  }

  #failed(agent: Agent, audit: string, error: string): void {
    this.#options
      .doorOf(agent)
      .outcome(audit, { outcome: 'failed', error })
      .catch(this.#options.report)
  }
}

/** Lets paused requests go.
 *
 * INVARIANT: before `letGo` the door has said `go`, or has recorded what covers the request; and its
 * sender is still there. */
export class RequestRelease {
  readonly #root: Session
  readonly #stamps: Stamps | null
  readonly #report: (error: unknown) => void

  constructor(root: Session, stamps: Stamps | null, report: (error: unknown) => void) {
    this.#root = root
    this.#stamps = stamps
    this.#report = report
  }

  /** A request that had to be decided about, with the stamp that the proxy asks for. With `answer` it is
   * paused once more when it is answered. */
  letGo(paused: PausedRequest, answer: boolean): void {
    const stamp = this.#stamps?.issue(paused.method, paused.url)
    const headers = { ...paused.headers, ...(stamp !== undefined && { [STAMP_HEADER]: stamp }) }
    const stamped = Object.entries(headers).map(([name, value]) => ({ name, value }))
    this.#continue(paused.id, answer, stamp === undefined ? {} : { headers: stamped })
  }

  /** A request that changes nothing. */
  pass(paused: PausedRequest, answer: boolean): void {
    this.#continue(paused.id, answer, {})
  }

  /** The answer to what was let go. */
  passAnswer(requestId: string): void {
    this.#continue(requestId, false, {})
  }

  #continue(requestId: string, interceptResponse: boolean, more: object): void {
    const params = { requestId, ...(interceptResponse && { interceptResponse }), ...more }
    this.#root.call('Fetch.continueRequest', params).catch(ignoreGone(this.#report))
  }
}

const STOPPED = {
  gone: 'nothing was sent: the agent, or what it was meant for, had gone',
  changed: 'nothing was sent: the page changed at the last moment',
}
