import type { Clock } from '#companion/core/ports.ts'
import type { HttpRequest } from '#shared/protocol/descriptor.ts'
import type { Evidence } from '#shared/protocol/link.ts'
import { CAUSED_MS } from './cause-grant.ts'
import { numberOf, paramsOf, textOf } from './cdp.ts'
import type { PausedAnswer, PausedRequest } from './paused-request.ts'
import type { Target } from './targets.ts'

/** How long after its release an input's request may begin, in ms; the same as in the extension. */
export const RELEASED_MS = 3000

/** How long a request may take to be answered, in ms. */
export const ANSWER_MS = 30_000

type Ids = Pick<PausedRequest, 'id' | 'network'>

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

  /** A request goes out under `audit`. Only the first one tells. True where its answer has to be asked
   * for. */
  began(audit: string, ids: Ids, request: HttpRequest): boolean {
    const release = this.#open.get(audit)
    if (!release) return false
    this.#open.delete(audit)
    release.cancel()
    return this.watch(ids, request, release.report)
  }

  /** A page or a download is asked for: perhaps what a link led to. */
  navigated(ids: Ids, request: HttpRequest): boolean {
    for (const [audit, { leadsTo }] of this.#open)
      if (leadsTo?.replace(/#.*$/, '') === request.url) return this.began(audit, ids, request)
    return false
  }

  /** Reports how a request is answered. True where no target will say, as of a download: then the answer
   * itself has to be paused. */
  watch({ id, network }: Ids, request: HttpRequest, report: Report): boolean {
    const key = network ?? pausedKey(id)
    this.#watched.get(key)?.cancel()
    const cancel = this.#clock.after(ANSWER_MS, () =>
      this.#end(key, () => ({ outcome: 'unknown', request, error: 'no answer in time' })),
    )
    this.#watched.set(key, { request, report, cancel })
    return network === undefined
  }

  /** The answer of a request that no target tells of. */
  paused({ id, status, error }: PausedAnswer): void {
    if (error === undefined) this.#answered(pausedKey(id), status)
    else this.#end(pausedKey(id), (request) => ({ outcome: 'failed', request, error }))
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

/** Chromium's ids of paused requests and those of targets may look alike. */
function pausedKey(id: string): string {
  return `paused ${id}`
}
