import { type Params, paramsOf, type Session, textOf } from './cdp.ts'
import type { Pipe } from './pipe.ts'

/** Something in the browser that runs code, with the companion's own session to it: a page, a frame in
 * a process of its own, a worker. */
export interface Target {
  readonly id: string
  /** `page`, `iframe`, `worker`, `shared_worker`, `service_worker`, ... */
  readonly type: string
  readonly session: Session
  /** The page or frame that holds it; null for a page and for workers that belong to no page. */
  readonly parent: Target | null
  /** Target id of the page that opened it. */
  readonly opener: string | null
  readonly browserContextId: string
  /** As the browser last said. */
  url: string
  title: string
  /** Resolves once the companion is ready for what the target does; until then it must not run. */
  readonly armed: Promise<void>
}

/** What the browser says about a target, also about those that nobody is attached to. */
export interface TargetInfo {
  readonly id: string
  readonly type: string
  readonly url: string
  readonly browserContextId: string
}

export interface TargetsOptions {
  /** Gets a new target ready, before any of its own code runs. What it throws closes the target:
   * what cannot be watched must not run. */
  arm(target: Target): Promise<void>
  /** Whether an agent that is attached too waits for this target, and so will start it itself. */
  awaited(targetId: string): boolean
  report(error: unknown): void
}

/** The companion's own view of the browser: one session to every target, each armed before it runs. */
export class Targets {
  readonly #pipe: Pipe
  readonly #options: TargetsOptions
  readonly #byId = new Map<string, Target>()
  readonly #bySession = new Map<string, Target>()
  readonly #infos = new Map<string, TargetInfo>()
  /** Targets that do not run yet, and who wants to know when they do. */
  readonly #still = new WeakMap<Target, (() => void)[]>()
  readonly #gone = new Set<(target: Target) => void>()
  readonly #awaiting = new Map<string, ((target: Target | null) => void)[]>()

  constructor(pipe: Pipe, options: TargetsOptions) {
    this.#pipe = pipe
    this.#options = options
  }

  async start(): Promise<void> {
    const root = this.#pipe.session()
    root.on('Target.targetCreated', ({ targetInfo }) => this.#discovered(paramsOf(targetInfo)))
    root.on('Target.targetInfoChanged', ({ targetInfo }) => this.#discovered(paramsOf(targetInfo)))
    root.on('Target.targetDestroyed', ({ targetId }) => this.#destroyed(textOf(targetId)))
    root.on('Target.targetCrashed', ({ targetId }) => this.#crashed(textOf(targetId)))
    this.#follow(root, null)
    // An empty filter entry takes every type, the tabs that Puppeteer attaches to included.
    await root.call('Target.setDiscoverTargets', { discover: true, filter: [{}] })
    await root.call('Target.setAutoAttach', AUTO_ATTACH)
  }

  get(id: string): Target | undefined {
    return this.#byId.get(id)
  }

  ofSession(sessionId: string): Target | undefined {
    return this.#bySession.get(sessionId)
  }

  all(): Target[] {
    return [...this.#byId.values()]
  }

  /** What the browser says of a target, whether or not it is supervised: tabs are not. */
  info(id: string): TargetInfo | undefined {
    return this.#infos.get(id)
  }

  /** The target, as soon as the companion is attached to it; null where it ended before. */
  known(id: string): Promise<Target | null> {
    const target = this.#byId.get(id)
    if (target) return Promise.resolve(target)
    return new Promise((resolve) => {
      this.#awaiting.set(id, [...(this.#awaiting.get(id) ?? []), resolve])
    })
  }

  /** The target, as soon as it runs: armed, and with no agent waiting for it. */
  async running(id: string): Promise<Target | null> {
    const target = await this.known(id)
    if (target) await new Promise<void>((resolve) => this.#onceRun(target, resolve))
    return target
  }

  /** Told of every target that is gone: closed, crashed or navigated to another process. */
  onGone(listener: (target: Target) => void): () => void {
    this.#gone.add(listener)
    return () => void this.#gone.delete(listener)
  }

  /** To be called when an agent no longer waits for this target. It runs now, if no other agent waits:
   * a page starts as soon as one session says so, a worker only once all have, this one included. */
  proceed(id: string): void {
    const target = this.#byId.get(id)
    if (target) this.#runWhenArmed(target)
  }

  /** Attachments of one session: the root's are pages and workers of no page, a page's its frames and
   * workers. */
  #follow(session: Session, parent: Target | null): void {
    session.on('Target.attachedToTarget', (event) => this.#attached(event, parent))
    session.on('Target.detachedFromTarget', ({ sessionId }) => this.#detached(textOf(sessionId)))
  }

  #attached(event: Params, parent: Target | null): void {
    const info = paramsOf(event.targetInfo)
    const sessionId = textOf(event.sessionId)
    const id = textOf(info.targetId)
    const type = textOf(info.type) ?? 'other'
    const url = textOf(info.url) ?? ''
    // An agent's own connection shows up here as a target of type `browser`.
    if (sessionId === undefined || id === undefined || type === 'browser') return
    const session = this.#pipe.session(sessionId)
    if (isBrowsersOwn(type, url)) {
      if (event.waitingForDebugger === true) this.#run(session)
      return
    }
    const armed = Promise.resolve().then(() => this.#arm(target))
    const target: Target = {
      id,
      type,
      session,
      parent,
      opener: textOf(info.openerId) ?? null,
      browserContextId: textOf(info.browserContextId) ?? parent?.browserContextId ?? '',
      url,
      title: textOf(info.title) ?? '',
      armed,
    }
    this.#byId.set(id, target)
    this.#bySession.set(sessionId, target)
    this.#follow(session, target)
    this.#tell(id, target)
    armed.catch((error) => this.#unarmed(target, error))
    if (event.waitingForDebugger === true) this.#still.set(target, [])
    this.#runWhenArmed(target)
  }

  #onceRun(target: Target, then: () => void): void {
    const still = this.#still.get(target)
    if (still) still.push(then)
    else then()
  }

  async #arm(target: Target): Promise<void> {
    await Promise.all([
      target.session.call('Target.setAutoAttach', AUTO_ATTACH),
      this.#options.arm(target),
    ])
  }

  #runWhenArmed(target: Target): void {
    target.armed.then(
      () => {
        if (!this.#lives(target) || this.#options.awaited(target.id)) return
        const still = this.#still.get(target)
        if (!still) return
        this.#still.delete(target)
        this.#run(target.session)
        for (const then of still) then()
      },
      () => undefined, // #unarmed has reported it
    )
  }

  #run(session: Session): void {
    // It may have closed in the meantime: nothing is left to run.
    session.call('Runtime.runIfWaitingForDebugger').catch(() => undefined)
  }

  #unarmed(target: Target, error: unknown): void {
    // It closed while it was armed: nothing is left to close.
    if (!this.#lives(target)) return
    this.#options.report(error)
    this.#close(target)
  }

  /** A frame or a worker that cannot be closed stays as it is: waiting, for good. */
  #close(target: Target): void {
    this.#pipe.call('Target.closeTarget', { targetId: target.id }).catch(this.#options.report)
  }

  #lives(target: Target): boolean {
    return this.#bySession.get(target.session.id ?? '') === target
  }

  #detached(sessionId: string | undefined): void {
    const target = sessionId === undefined ? undefined : this.#bySession.get(sessionId)
    if (!target || sessionId === undefined) return
    this.#bySession.delete(sessionId)
    if (this.#byId.get(target.id) === target) this.#byId.delete(target.id)
    // Sessions below it end with it, without a word of their own.
    for (const [id, below] of this.#bySession) if (below.parent === target) this.#detached(id)
    for (const listener of [...this.#gone]) listener(target)
  }

  #discovered(info: Params): void {
    const id = textOf(info.targetId)
    if (id === undefined) return
    const url = textOf(info.url) ?? ''
    const browserContextId = textOf(info.browserContextId) ?? ''
    this.#infos.set(id, { id, type: textOf(info.type) ?? 'other', url, browserContextId })
    const target = this.#byId.get(id)
    if (!target) return
    target.url = url
    target.title = textOf(info.title) ?? target.title
  }

  #destroyed(id: string | undefined): void {
    if (id === undefined) return
    this.#infos.delete(id)
    this.#tell(id, null)
  }

  /** What a renderer had been asked when it crashed is never answered, and a later reload would run
   * it: so the page is closed, and what is held for it ends with it. */
  #crashed(id: string | undefined): void {
    const target = id === undefined ? undefined : this.#byId.get(id)
    if (target) this.#close(target)
  }

  #tell(id: string, target: Target | null): void {
    for (const resolve of this.#awaiting.get(id) ?? []) resolve(target)
    this.#awaiting.delete(id)
  }
}

const AUTO_ATTACH = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }

/** The browser's own windows, and workers of its own pages and of extensions: nothing an agent can
 * reach, nothing to supervise. A page at such an address may go on to another, so pages are not meant. */
function isBrowsersOwn(type: string, url: string): boolean {
  if (type === 'browser_ui' || type === 'tab') return true
  return /worker|worklet|background_page/.test(type) && /^(chrome|devtools)[\w-]*:/.test(url)
}
