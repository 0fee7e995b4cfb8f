import type { Door } from '#companion/core/door.ts'
import type { Clock } from '#companion/core/ports.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor, RunRef } from '#shared/protocol/descriptor.ts'
import { type Found, InputCauses } from './cause.ts'
import { agrees } from './cause-agrees.ts'
import type { Params, Session } from './cdp.ts'
import { type Denial, denials, denyRequest } from './deny-request.ts'
import { describeRequest, kindOf, requestOf } from './describe-request.ts'
import { Outcomes } from './outcome.ts'
import { PageScripts } from './page-scripts.ts'
import type { RequestHold } from './parts.ts'
import {
  bodyOf,
  header,
  ignoreGone,
  isMutating,
  isSafe,
  methodOverride,
  type PausedRequest,
  pausedAnswer,
  pausedRequest,
} from './paused-request.ts'
import type { Pipe } from './pipe.ts'
import { isReadForm } from './read-form.ts'
import { RequestRelease } from './release.ts'
import { type Body, readBody } from './request-body.ts'
import { Documents } from './request-documents.ts'
import { isAsSent, NETWORK, RequestJoin, type SentRequest } from './request-join.ts'
import { fetchPatterns } from './request-patterns.ts'
import { RequestWaits } from './request-waits.ts'
import type { Stamps } from './stamp.ts'
import type { Target, Targets } from './targets.ts'

export interface RequestHoldOptions {
  pipe: Pipe
  targets: Targets
  /** Null where there is no proxy to check them. */
  stamps: Stamps | null
  doorOf(run: RunRef): Door
  runOf(browserContextId: string): RunRef | null
  /** How long a script of this run's agent can wait for its answer, in ms. */
  budgetOf(run: RunRef): number
  /** The companion's own addresses: an attempt to reach them is a forgery. */
  isOwn(url: string): boolean
  /** Whether even a GET of this address changes something, and the patterns that say so. */
  sideEffects(url: string): boolean
  sideEffectPatterns(): readonly string[]
  classify(descriptor: Descriptor): Classification
  /** A new id for something that is asked. */
  nextId(): string
  clock: Clock
  report(error: unknown): void
}

/** A request that waits to be decided about, with its sender's own word on it where there is one. */
interface Waiting {
  paused: PausedRequest
  at: number
  target: Target
  run: RunRef
  sent: SentRequest | null
}

/** Holds every request that changes something, whoever sent it, in one browser-level `Fetch`: the last
 * place in the browser, behind service workers and behind whatever an agent's own `Fetch` rewrites. */
export class NetworkHold implements RequestHold {
  readonly causes: InputCauses
  readonly waits: RequestWaits
  readonly #options: RequestHoldOptions
  readonly #root: Session
  readonly #documents = new Documents()
  readonly #join: RequestJoin
  readonly #outcomes: Outcomes
  readonly #scripts: PageScripts
  readonly #release: RequestRelease

  constructor(options: RequestHoldOptions) {
    const { pipe, targets, clock, report } = options
    this.#options = options
    this.#root = pipe.session()
    this.#join = new RequestJoin(clock)
    this.#outcomes = new Outcomes(clock)
    this.#scripts = new PageScripts(clock)
    this.#release = new RequestRelease(this.#root, options.stamps, report)
    this.waits = new RequestWaits(options)
    this.causes = new InputCauses({
      ...{ clock, report, scripts: this.#scripts },
      documentsOf: (target) => this.#documents.of(target),
      all: () => targets.all(),
      released: ({ audit, agent, covers, descriptor }) => {
        // What a person does at the wheel is one entry, whatever comes of it.
        if (audit === null || agent === null || covers !== 'all') return
        this.#outcomes.released(audit, descriptor.link?.href, this.#reporter(agent.run, audit))
      },
    })
    targets.onGone((target) => this.#documents.closed(target))
  }

  async start(): Promise<void> {
    this.#root.on('Fetch.requestPaused', (params) => this.#paused(params))
    await this.refresh()
  }

  /** To be called when the policy names other addresses with side effects: `Fetch` can be asked for
   * more while it is on (measured; it cannot be asked for less). */
  async refresh(): Promise<void> {
    const patterns = fetchPatterns(this.#options.sideEffectPatterns())
    await this.#root.call('Fetch.enable', { patterns })
  }

  /** Asks a new target for its word on what it sends. A target that waits to be started answers only
   * then, so nothing is waited for: commands of a session are carried out in their order. A request
   * without a target's word is covered by nothing, so what fails here is held. */
  async arm(target: Target): Promise<void> {
    this.#join.arm(target)
    this.#outcomes.arm(target)
    this.#scripts.arm(target)
    const failed = (error: unknown) => {
      if (this.#options.targets.get(target.id) === target) this.#options.report(error)
    }
    const enable = (method: string, params: Params = {}) =>
      void target.session.call(method, params).catch(failed)
    enable('Network.enable', NETWORK)
    enable('Runtime.enable')
    if (target.type === 'page' || target.type === 'iframe') this.#documents.arm(target, failed)
    this.causes.arm(target)
  }

  left(run: RunRef): void {
    this.waits.left(run.id)
  }

  #paused(params: Params): void {
    const answer = pausedAnswer(params)
    if (answer) {
      this.#outcomes.paused(answer)
      this.#release.passAnswer(answer.id)
      return
    }
    const paused = pausedRequest(params)
    const isOwn = this.#options.isOwn(paused.url)
    if (isOwn || isMutating(paused, this.#options.sideEffects)) {
      this.#settle(paused, isOwn ? this.#forged(paused) : this.#decide(paused))
      return
    }
    const leads = paused.type === 'Document' || paused.type === 'Other'
    this.#release.pass(paused, leads && this.#outcomes.navigated(paused, requestOf(paused)))
  }

  /** Fails the request where deciding about it failed. */
  #settle(paused: PausedRequest, deciding: Promise<void>): void {
    deciding.catch((error) => {
      this.#options.report(error)
      this.#deny(paused, denials.undecided)
    })
  }

  async #decide(paused: PausedRequest): Promise<void> {
    const at = this.#options.clock.monotonic()
    const word = await this.#join.find(paused)
    const target = word?.target ?? this.#targetOf(paused)
    const run = target && this.#options.runOf(target.browserContextId)
    if (!run) return this.#deny(paused, denials.noRun)
    // A service worker sends a page's request on: then the page's word counts, and its own never.
    const sent = word && word.target.type === 'service_worker' ? this.#join.behind(word) : word
    const gone = new AbortController()
    const stop = this.#watchGone(paused, target, word, gone)
    try {
      await this.#decideOn({ paused, at, target, run, sent }, gone.signal)
    } finally {
      stop()
    }
  }

  async #decideOn(waiting: Waiting, gone: AbortSignal): Promise<void> {
    const { paused, run } = waiting
    const body = this.#read(paused)
    const found = await this.#judge(waiting, body)
    const descriptor = this.#describe(waiting, body, found)
    const request = requestOf(paused, body)
    if (found.kind === 'covered' && this.#agrees(found, descriptor)) {
      const { audit, decision } = found.cause
      const covered = { audit: audit ?? decision ?? null, request, rule: found.rule }
      const entry = await this.#options.doorOf(run).covered(covered)
      if (entry === null) return this.#deny(paused, denials.unrecorded)
      if (gone.aborted) return this.#deny(paused, denials.gone)
      const begins = audit !== null && this.#outcomes.began(audit, paused, request)
      return this.#release.letGo(paused, begins)
    }
    const { provenance } = descriptor
    const { method, url } = paused
    const fate = await this.waits.settle({
      ...{ run, descriptor, gone },
      repeat: { run: run.id, provenance, method, url, digest: body.digest },
      patience: found.kind === 'script' ? this.#options.budgetOf(run) : null,
    })
    if (fate.state === 'gone') return this.#deny(paused, denials.gone)
    if (fate.state === 'no') return this.#deny(paused, fate.denial)
    const report = this.#reporter(run, fate.audit)
    this.#release.letGo(paused, this.#outcomes.watch(paused, request, report))
  }

  async #judge({ paused, at, sent }: Waiting, body: Body): Promise<Found> {
    if (!sent) return { kind: 'page' }
    return await this.causes.judge({
      ...{ target: sent.target, at, operation: body.operation },
      ...{ method: paused.method, url: paused.url, type: paused.type },
      loader: /worker/.test(sent.target.type) ? '' : sent.loader,
      ...{ chain: sent.chain, origin: this.#originOf(paused, sent) },
      rewritten: !(await isAsSent(paused, sent, this.#options.clock)),
      redirected: paused.hop > 0,
    })
  }

  /** Forms are sent with the origin `null` also where a page keeps its address to itself
   * (`Referrer-Policy: no-referrer`); then it is the page's, unless another site stands in it. */
  #originOf({ type, headers }: PausedRequest, { target }: SentRequest): string {
    const origin = header(headers, 'origin')
    const isOwn = origin === 'null' && type === 'Document' && !this.#documents.hasForeign(target)
    return isOwn ? '' : origin
  }

  #read(paused: PausedRequest): Body {
    const { body, partial } = bodyOf(paused)
    const contentType = header(paused.headers, 'content-type')
    const { method, url } = paused
    return readBody({ method, url, contentType, body, partial })
  }

  #describe({ paused, target, run, sent }: Waiting, body: Body, found: Found): Descriptor {
    const { method, url, headers, type } = paused
    // A navigation that no input caused is the page's own, or a command of the agent.
    const own = type === 'Document' ? 'unknown' : 'page'
    return describeRequest({
      ...{ run, method, url, body },
      provenance: found.kind === 'page' ? own : 'agent',
      page: this.#documents.pageOf(target, sent, paused),
      cause: found.kind === 'page' ? null : (found.cause?.descriptor ?? null),
      override: methodOverride(url, headers),
      kind: kindOf(type),
      contentType: header(headers, 'content-type'),
      sideEffect: isSafe(method),
    })
  }

  #agrees({ cause, rule }: Extract<Found, { kind: 'covered' }>, descriptor: Descriptor): boolean {
    // A person at the wheel knows what they do; a read covers its own form and nothing else.
    if (rule === 'takeover') return true
    const { classify } = this.#options
    if (cause.covers === 'form' && !isReadForm(cause.descriptor, descriptor, classify)) return false
    return agrees(cause.descriptor, descriptor, classify)
  }

  #targetOf({ frame }: PausedRequest): Target | null {
    return this.#documents.at(frame)?.target ?? this.#options.targets.get(frame) ?? null
  }

  #watchGone(
    paused: PausedRequest,
    target: Target,
    sent: SentRequest | null,
    gone: AbortController,
  ): () => void {
    const left = () => gone.abort()
    const loader = paused.type === 'Document' ? (sent?.id ?? '') : (sent?.loader ?? '')
    const frame = sent?.frame ?? paused.frame
    const stops = [this.#documents.onGone(target, frame, loader, left)]
    if (paused.network !== undefined) stops.push(this.#join.onFailed(paused.network, left))
    return () => {
      for (const stop of stops) stop()
    }
  }

  async #forged(paused: PausedRequest): Promise<void> {
    this.#deny(paused, denials.own)
    const target = this.#targetOf(paused)
    const run = target && this.#options.runOf(target.browserContextId)
    if (run) await this.#options.doorOf(run).forged(`a page asked for ${paused.url}`)
  }

  #deny(paused: PausedRequest, denial: Denial): void {
    denyRequest(this.#root, paused, denial).catch(ignoreGone(this.#options.report))
  }

  #reporter(run: RunRef, audit: string) {
    const { doorOf, report } = this.#options
    return (evidence: Parameters<Door['outcome']>[1]) => {
      doorOf(run).outcome(audit, evidence).catch(report)
    }
  }
}
