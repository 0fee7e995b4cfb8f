import { openDoor } from '#companion/core/door.ts'
import type { RunRef } from '#shared/protocol/descriptor.ts'
import type { ClientFamily } from './agent.ts'
import { AgentConnection, type Mux } from './agent-connection.ts'
import { SessionOwners } from './agent-session.ts'
import { textOf } from './cdp.ts'
import type { Gateway, GatewayOptions, NewRun, RunHandle } from './gateway.ts'
import { JsonEndpoints } from './json-endpoints.ts'
import type { Launched } from './launch.ts'
import { type Listening, listen } from './listen.ts'
import { goWhenRunning } from './open-page.ts'
import { Introductions } from './proxy-password.ts'
import { Run } from './run.ts'
import { Scope } from './scope.ts'
import { Targets } from './targets.ts'
import { isOwnAddress } from './visible.ts'
import type { Parts, Wire } from './wire.ts'

interface Held {
  run: Run
  handle: RunHandle
  listening: Listening
  closeDoor(): void
}

/** One supervised browser and the runs in it. */
export class Host implements Gateway {
  readonly wire: Wire
  readonly pid: number
  readonly ended: Promise<void>
  readonly #options: GatewayOptions
  readonly #launched: Launched
  readonly #mux: Mux
  readonly #parts: Parts
  readonly #targets: Targets
  readonly #runs = new Map<string, Held>()
  #connections = 0
  #starting: Promise<unknown> = Promise.resolve()

  constructor(options: GatewayOptions, launched: Launched) {
    this.#options = options
    this.#launched = launched
    this.pid = launched.pid
    const { pipe } = launched
    const { report } = options
    const owners = new SessionOwners<AgentConnection>()
    this.#targets = new Targets(pipe, {
      arm: async (target) => {
        const { input, requests } = this.#parts
        await Promise.all([input.arm(target), requests.arm(target), introductions?.ready(target)])
      },
      awaited: (id) => owners.awaited(id),
      report,
    })
    const { password } = options.proxy ?? {}
    const introductions = password && new Introductions(pipe, this.#targets, password)
    this.wire = {
      pipe,
      targets: this.#targets,
      doorOf: (run) => this.#held(run.id).run.door,
      runOf: (context) => this.#runOf(context),
      ready: (run) => this.#held(run.id).run.ready(),
      isOwn: (url) => isOwnAddress(url, this.#ownPorts()),
    }
    this.#parts = options.parts(this.wire)
    const { input } = this.#parts
    this.#mux = { pipe, targets: this.#targets, owners, input, report }
    pipe.onEvent((event) => {
      if (event.sessionId !== undefined) owners.ownerOf(event.sessionId)?.event(event)
    })
    this.#targets.onGone((target) => {
      for (const { run } of this.#runs.values())
        for (const connection of run.connections) connection.lost(target)
    })
    this.ended = Promise.race([launched.ended, pipe.closed]).then(() => this.#allEnded())
  }

  async start(): Promise<void> {
    await this.#parts.requests.start()
    await this.#targets.start()
  }

  newRun(run: NewRun): Promise<RunHandle> {
    // One after the other: two must not take the same browser context.
    const next = this.#starting.then(() => this.#newRun(run))
    this.#starting = next.catch(() => undefined) // the one who asked for it is told
    return next
  }

  async #newRun({ name, agent, tag, pages = ['about:blank'], port, closed }: NewRun) {
    const { context, lines, report } = this.#options
    const ref: RunRef = { id: context.ids.next('run'), name, agent, ...(tag && { tag }) }
    const asker = { id: `gateway:${ref.id}`, actor: `agent:${agent}` }
    const base = await this.#newBase()
    const door = openDoor(context, lines, asker, ref.id)
    const call = (method: string, params: Record<string, string>) =>
      void this.#launched.pipe.call(method, params).catch(() => undefined) // it ended by itself
    const run = new Run({
      ref,
      door,
      scope: new Scope(
        this.#targets,
        base,
        () => this.#ownPorts(),
        this.#options.ownFolder ?? null,
      ),
      targets: this.#targets,
      closed: closed ?? (() => undefined),
      left: () => this.#parts.requests.left(ref),
      closeTarget: (targetId) => call('Target.closeTarget', { targetId }),
      disposeContext: (browserContextId) =>
        call('Target.disposeBrowserContext', { browserContextId }),
    })
    const json = new JsonEndpoints(this.#launched.pipe, this.#targets, run)
    const token = context.ids.secret()
    const listening = await listen({
      token,
      port: port ?? 0,
      json: async (request) => {
        await run.ready()
        return await json.answer(request)
      },
      open: (family, target) => this.#connect(run, family, target),
      report,
    })
    const handle = this.#handle(run, listening.port, token)
    this.#runs.set(ref.id, { run, handle, listening, closeDoor: door.close })
    await this.#firstPages(run, pages)
    return handle
  }

  runs(): RunHandle[] {
    return [...this.#runs.values()].filter(({ run }) => !run.ended).map(({ handle }) => handle)
  }

  async close(): Promise<void> {
    await Promise.all(this.runs().map((run) => run.end()))
    await this.#launched.close()
    await this.ended
  }

  #handle(run: Run, port: number, token: string): RunHandle {
    return {
      id: run.ref.id,
      ref: run.ref,
      cdp: `http://127.0.0.1:${port}`,
      ws: `ws://127.0.0.1:${port}/devtools/browser/${token}`,
      families: () => [...run.families],
      connected: () => run.connections.size,
      get paused() {
        return run.paused
      },
      pause: () => run.pause(),
      resume: () => run.resume(),
      end: () => this.#end(run, 'the run has ended'),
      kill: async () => {
        run.closePages()
        await this.#end(run, 'the run was ended by the supervisor')
      },
      connect: async (socket, family) => {
        const connection = await this.#connect(run, family, undefined)
        connection.attach(socket)
        return connection
      },
    }
  }

  async #connect(
    run: Run,
    family: ClientFamily,
    page: string | undefined,
  ): Promise<AgentConnection> {
    if (run.ended) throw new Error('the run has ended')
    if (page !== undefined && !run.scope.hasTarget(page)) throw new Error('no such page')
    const id = `${run.ref.id}:${++this.#connections}`
    const connection = await AgentConnection.open({
      ...{ mux: this.#mux, run, family, id },
      ...(page === undefined ? {} : { page }),
    })
    run.connected(connection)
    this.#options.clientKnown?.(run.ref, family)
    if (run.ended) connection.close(1001, 'the run has ended')
    return connection
  }

  async #end(run: Run, reason: string): Promise<void> {
    if (run.ended) return
    run.end(reason)
    this.#options.runEnded?.(run.ref, reason)
    const { listening, closeDoor } = this.#held(run.ref.id)
    await listening.close()
    closeDoor()
    for (const context of run.scope.made) await this.#dispose(context)
    if (run.scope.base !== (await this.#defaultContext().catch(() => run.scope.base)))
      await this.#dispose(run.scope.base)
  }

  async #dispose(browserContextId: string): Promise<void> {
    // It may have gone with the connection that made it, or with the browser.
    await this.#launched.pipe
      .call('Target.disposeBrowserContext', { browserContextId })
      .catch(() => undefined)
  }

  #held(id: string): Held {
    const held = this.#runs.get(id)
    if (!held) throw new Error(`there is no run \`${id}\` in this gateway`)
    return held
  }

  #runOf(context: string): RunRef | null {
    for (const { run } of this.#runs.values())
      if (!run.ended && run.scope.hasContext(context)) return run.ref
    return null
  }

  /** The profile's own context for the first run, with whatever the user is logged in to; a context of
   * its own for every other that runs beside it. */
  async #newBase(): Promise<string> {
    const own = await this.#defaultContext()
    if (this.#runOf(own) === null) return own
    const made = await this.#launched.pipe.call('Target.createBrowserContext')
    return textOf(made.browserContextId) ?? ''
  }

  async #defaultContext(): Promise<string> {
    const contexts = await this.#launched.pipe.call('Target.getBrowserContexts')
    const id = textOf(contexts.defaultBrowserContextId)
    if (id === undefined) throw new Error('the browser is too old: update it')
    return id
  }

  async #firstPages({ scope }: Run, urls: readonly string[]): Promise<void> {
    const { pipe } = this.#launched
    const isThere = this.#targets
      .all()
      .some((target) => target.type === 'page' && target.browserContextId === scope.base)
    for (const url of isThere ? [] : urls) {
      const verdict = scope.judge('Target.createTarget', { url }, 'root')
      if (verdict.class === 'refuse') continue
      const created = await pipe.call('Target.createTarget', {
        ...verdict.params,
        url: 'about:blank',
      })
      const id = textOf(created.targetId) ?? ''
      if (verdict.params.url === 'about:blank') await this.#targets.running(id)
      else await goWhenRunning(pipe, this.#targets, id, textOf(verdict.params.url) ?? '')
    }
  }

  #ownPorts(): ReadonlySet<number> {
    const urls = [...this.#options.ownOrigins(), ...this.runs().map((run) => run.cdp)]
    return new Set(urls.map((url) => Number(new URL(url).port)))
  }

  async #allEnded(): Promise<void> {
    await Promise.all(
      [...this.#runs.values()].map(({ run }) => this.#end(run, 'the browser has ended')),
    )
  }
}
