import type { Clock } from '#companion/core/ports.ts'
import type { HttpRequest } from '#shared/protocol/descriptor.ts'
import type { Evidence } from '#shared/protocol/link.ts'
import { CAUSED_MS } from './cause-grant.ts'
import { numberOf, paramsOf, textOf } from './cdp.ts'
import type { Target } from './targets.ts'

/** How long after its release an input's request may begin, in ms; the same as in the extension. */
export const RELEASED_MS = 3000

/** How long a request may take to be answered, in ms. */
export const ANSWER_MS = 30_000

type Report = (evidence: Evidence) => void

/** What came of what was let go: the first request under each release, and how it was answered. `done`
 * is any answer below 400, `failed` any other and none at all, `unknown` no word in time. */
export class Outcomes {
  readonly #clock: Clock
  /** Releases without a request yet, by audit id. */
  readonly #open = new Map<
    string,
    { report: Report; leadsTo: string | undefined; cancel(): void }
  >()
  readonly #watched = new Map<string, { request: HttpRequest; report: Report; cancel(): void }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  arm({ session }: Target): void {
    session.on('Network.responseReceived', ({ requestId, response }) =>
      this.#answered(textOf(requestId) ?? '', numberOf(paramsOf(response).status)),
    )
    session.on('Network.requestWillBeSent', ({ requestId, redirectResponse }) => {
      if (redirectResponse !== undefined)
        this.#answered(textOf(requestId) ?? '', numberOf(paramsOf(redirectResponse).status))
    })
    session.on('Network.loadingFailed', ({ requestId, errorText }) =>
      this.#end(textOf(requestId) ?? '', (request) => ({
        outcome: 'failed',
        request,
        error: textOf(errorText) ?? 'the request failed',
      })),
    )
  }

  /** An input was let go as `audit`: its first request tells what came of it. `leadsTo` is the address
   * of a plain link, whose GET proves it. */
  released(audit: string, leadsTo: string | undefined, report: Report): void {
    const unknown = this.#clock.after(RELEASED_MS, () => report({ outcome: 'unknown' }))
    // A later request is still worth more than no word at all.
    const end = this.#clock.after(CAUSED_MS, () => this.#open.delete(audit))
    const cancel = () => {
      unknown()
      end()
    }
    this.#open.set(audit, { report, leadsTo, cancel })
  }

  /** A request went out under `audit`. Only the first one tells. */
  began(audit: string, network: string | undefined, request: HttpRequest): void {
    const release = this.#open.get(audit)
    if (!release) return
    this.#open.delete(audit)
    release.cancel()
    this.watch(network, request, release.report)
  }

  /** A page or a download was asked for: perhaps what a link led to. */
  navigated(network: string | undefined, request: HttpRequest): void {
    for (const [audit, { leadsTo }] of this.#open)
      if (leadsTo?.replace(/#.*$/, '') === request.url) {
        this.began(audit, network, request)
        return
      }
  }

  /** Reports how a request is answered. Without the target's id of it nobody will say. */
  watch(network: string | undefined, request: HttpRequest, report: Report): void {
    if (network === undefined) {
      report({ outcome: 'unknown', request })
      return
    }
    this.#watched.get(network)?.cancel()
    const cancel = this.#clock.after(ANSWER_MS, () =>
      this.#end(network, () => ({ outcome: 'unknown', request, error: 'no answer in time' })),
    )
    this.#watched.set(network, { request, report, cancel })
  }

  #answered(network: string, status: number | undefined): void {
    this.#end(network, (request) =>
      status === undefined
        ? { outcome: 'unknown', request }
        : { outcome: status < 400 ? 'done' : 'failed', request, status },
    )
  }

  #end(network: string, evidence: (request: HttpRequest) => Evidence): void {
    const watched = this.#watched.get(network)
    if (!watched) return
    this.#watched.delete(network)
    watched.cancel()
    watched.report(evidence(watched.request))
  }
}
