import type { Door } from '#companion/core/door.ts'
import type { Clock } from '#companion/core/ports.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor, RunRef } from '#shared/protocol/descriptor.ts'
import { type Found, InputCauses } from './cause.ts'
import { covers } from './cause-agrees.ts'
import type { Params, Session } from './cdp.ts'
import { type Denial, denials, denyRequest, tellPage } from './deny-request.ts'
import { requestOf } from './describe-request.ts'
import { Outcomes } from './outcome.ts'
import { PageScripts } from './page-scripts.ts'
import type { RequestHold } from './parts.ts'
import {
  ignoreGone,
  isMutating,
  type PausedRequest,
  pausedAnswer,
  pausedRequest,
} from './paused-request.ts'
import type { Pipe } from './pipe.ts'
import { RequestRelease } from './release.ts'
import { type Body, readPaused } from './request-body.ts'
import { Documents } from './request-documents.ts'
import { isAsSent, NETWORK, RequestJoin, type SentRequest } from './request-join.ts'
import { fetchPatterns } from './request-patterns.ts'
import { RequestStory, type Waiting } from './request-story.ts'
import { RequestWaits, TOO_LATE } from './request-waits.ts'
import type { Stamps } from './stamp.ts'
import type { Target, Targets } from './targets.ts'
import { Witness } from './witness.ts'

export interface RequestHoldOptions {
  pipe: Pipe
  targets: Targets
  /** Null where there is no proxy to check them. */
  stamps: Stamps | null
  doorOf(run: RunRef): Door
  runOf(browserContextId: string): RunRef | null
  /** Resolves at once, or when the run is no longer paused; also when it has ended. */
  ready(run: RunRef): Promise<void>
  /** How long a client of this run's agent can wait for its answer, in ms. */
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

/** What brings code into a page. */
const CODE = new Set(['Document', 'Script', 'Other'])

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
  readonly #story: RequestStory
  readonly #witness: Witness
  readonly #release: RequestRelease
  /** An agent intercepts scripts. */
  #scriptsToo = false

  constructor(options: RequestHoldOptions) {
    const { pipe, targets, clock, report } = options
    this.#options = options
    this.#root = pipe.session()
    this.#join = new RequestJoin(clock)
    this.#outcomes = new Outcomes(clock)
    this.#scripts = new PageScripts(clock)
    this.#witness = new Witness(clock, this.#scripts)
    this.#story = new RequestStory(this.#documents, this.#scripts, options.classify)
    this.#release = new RequestRelease(this.#root, options.stamps, report)
    this.waits = new RequestWaits(options)
    this.causes = new InputCauses({
      ...{ clock, report, scripts: this.#scripts, witness: this.#witness },
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
    // Only agents intercept on the session of a page. They hear of it after this, so that what they send
    // on is looked at.
    this.#options.pipe.onEvent((event) => {
      if (this.#scriptsToo || event.sessionId === undefined) return
      if (event.method !== 'Fetch.requestPaused' || event.params.resourceType !== 'Script') return
      this.#scriptsToo = true
      this.refresh().catch(this.#options.report)
    })
    await this.refresh()
  }

  /** To be called when the policy names other addresses with side effects: `Fetch` can be asked for
   * more while it is on (measured; it cannot be asked for less). */
  async refresh(): Promise<void> {
    const patterns = fetchPatterns(this.#options.sideEffectPatterns(), this.#scriptsToo)
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
    if (target.type === 'page' || target.type === 'iframe') {
      this.#documents.arm(target, failed)
      this.#witness.arm(target)
    }
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
    if (CODE.has(paused.type)) this.#origin(paused).catch(this.#options.report)
    const leads = paused.type === 'Document' || paused.type === 'Other'
    this.#release.pass(paused, leads && this.#outcomes.navigated(paused, requestOf(paused)))
  }

  /** Code from another place than the page has asked for is not the page's. */
  async #origin(paused: PausedRequest): Promise<void> {
    if (paused.network === undefined) return
    const sent = await this.#join.find(paused)
    if (!sent || (sent.url === paused.url && sent.method === paused.method)) return
    this.#scripts.rerouted(sent.target, sent.url, sent.loader)
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
    const { paused, run, target } = waiting
    const body = readPaused(paused)
    const found = await this.#judge(waiting, body)
    const descriptor = await this.#story.describe(waiting, body, found)
    const request = requestOf(paused, body)
    const mayGo = () => this.#mayGo(waiting, found, descriptor, gone)
    if (found.kind === 'covered' && covers(found, descriptor, this.#options.classify)) {
      if (!(await mayGo())) return this.#deny(paused, denials.gone)
      const { audit, decision } = found.cause
      const covered = { audit: audit ?? decision ?? null, request, rule: found.rule }
      const entry = await this.#options.doorOf(run).covered(covered)
      if (entry === null) return this.#deny(paused, denials.unrecorded)
      if (gone.aborted) return this.#deny(paused, denials.gone)
      const begins = audit !== null && this.#outcomes.began(audit, paused, request)
      return this.#release.letGo(paused, begins)
    }
    const { provenance } = descriptor
    const { method, url, type } = paused
    // While a page's navigation waits the browser carries out no command of its session, so that the
    // agent waits with it.
    const keepsAgent = found.kind === 'script' || type === 'Document'
    const fate = await this.waits.settle({
      ...{ run, descriptor, gone },
      repeat: { run: run.id, provenance, method, url, digest: body.digest },
      patience: keepsAgent ? this.#options.budgetOf(run) : null,
    })
    if (fate.state === 'gone') return this.#deny(paused, denials.gone)
    if (fate.state === 'no') {
      this.#deny(paused, fate.denial)
      if (type === 'Document') tellPage(target.session, fate.denial)
      return
    }
    const report = this.#reporter(run, fate.audit)
    if (!(await mayGo())) {
      report(TOO_LATE)
      return this.#deny(paused, denials.gone)
    }
    this.#release.letGo(paused, this.#outcomes.watch(paused, request, report))
  }

  /** Whether it may go now, since its run may be paused, and may end before it goes on. What a page reads
   * by itself does not wait, nor what the supervisor does meanwhile. */
  async #mayGo(
    { run, target }: Waiting,
    found: Found,
    descriptor: Descriptor,
    gone: AbortSignal,
  ): Promise<boolean> {
    const { ready, runOf, classify } = this.#options
    const reads = found.kind === 'page' && classify(descriptor).capability === 'read'
    const isPersons = found.kind !== 'page' && found.cause?.agent === null
    if (!reads && !isPersons) await ready(run)
    return !gone.aborted && runOf(target.browserContextId)?.id === run.id
  }

  async #judge({ paused, at, sent }: Waiting, body: Body): Promise<Found> {
    if (!sent) return { kind: 'page' }
    return await this.causes.judge({
      ...{ target: sent.target, at, operation: body.operation },
      ...{ method: paused.method, url: paused.url, type: paused.type },
      loader: /worker/.test(sent.target.type) ? '' : sent.loader,
      ...{ chain: sent.chain, origin: this.#story.originOf(paused, sent) },
      rewritten: !(await isAsSent(paused, sent, this.#options.clock)),
      redirected: paused.hop > 0,
    })
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
