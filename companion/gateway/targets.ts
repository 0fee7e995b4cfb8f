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
  readonly #gone = new Set<(target: Target) => void>()

  constructor(pipe: Pipe, options: TargetsOptions) {
    this.#pipe = pipe
    this.#options = options
  }

  async start(): Promise<void> {
    const root = this.#pipe.session()
    root.on('Target.targetInfoChanged', ({ targetInfo }) => this.#changed(paramsOf(targetInfo)))
    this.#follow(root, null)
    await root.call('Target.setDiscoverTargets', { discover: true })
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

  /** Told of every target that is gone: closed, crashed or navigated to another process. */
  onGone(listener: (target: Target) => void): () => void {
    this.#gone.add(listener)
    return () => void this.#gone.delete(listener)
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
    // An agent's own connection shows up here as a target of type `browser`.
    if (sessionId === undefined || id === undefined || type === 'browser') return
    const session = this.#pipe.session(sessionId)
    const armed = Promise.resolve().then(() => this.#arm(target))
    const target: Target = {
      id,
      type,
      session,
      parent,
      opener: textOf(info.openerId) ?? null,
      browserContextId: textOf(info.browserContextId) ?? parent?.browserContextId ?? '',
      url: textOf(info.url) ?? '',
      title: textOf(info.title) ?? '',
      armed,
    }
    this.#byId.set(id, target)
    this.#bySession.set(sessionId, target)
    this.#follow(session, target)
    armed
      .then(async () => {
        if (event.waitingForDebugger === true && !this.#options.awaited(id))
          await session.call('Runtime.runIfWaitingForDebugger')
      })
      .catch((error) => this.#unarmed(target, error))
  }

  async #arm(target: Target): Promise<void> {
    await Promise.all([
      target.session.call('Target.setAutoAttach', AUTO_ATTACH),
      this.#options.arm(target),
    ])
  }

  #unarmed(target: Target, error: unknown): void {
    // It closed while it was armed: nothing is left to close.
    if (this.#bySession.get(target.session.id ?? '') !== target) return
    this.#options.report(error)
    this.#pipe.call('Target.closeTarget', { targetId: target.id }).catch(this.#options.report)
  }

  #detached(sessionId: string | undefined): void {
    const target = sessionId === undefined ? undefined : this.#bySession.get(sessionId)
    if (!target || sessionId === undefined) return
    this.#bySession.delete(sessionId)
    if (this.#byId.get(target.id) === target) this.#byId.delete(target.id)
    for (const listener of [...this.#gone]) listener(target)
  }

  #changed(info: Params): void {
    const target = this.#byId.get(textOf(info.targetId) ?? '')
    if (!target) return
    target.url = textOf(info.url) ?? target.url
    target.title = textOf(info.title) ?? target.title
  }
}

const AUTO_ATTACH = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }
