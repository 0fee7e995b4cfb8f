import { join } from 'node:path'
import { classify } from '#shared/classify/classify.ts'
import type { RunRef } from '#shared/protocol/descriptor.ts'
import type { FoundBrowser } from '../browser/find-browser.ts'
import { systemClock } from '../core/system.ts'
import { BUDGETS } from '../gateway/budget.ts'
import { isParams, type Params, type Session } from '../gateway/cdp.ts'
import { type Gateway, type NewRun, type RunHandle, startGateway } from '../gateway/gateway.ts'
import { inputHold } from '../gateway/hold-input.ts'
import { NetworkHold } from '../gateway/hold-request.ts'
import { pageScript } from '../gateway/page-script.ts'
import { Pictures, type RunPicture } from '../gateway/picture.ts'
import { STAMP_HEADER, Stamps } from '../gateway/stamp.ts'
import { takeover } from '../gateway/takeover.ts'
import { UnstampedHold } from '../gateway/unstamped.ts'
import type { Parts, Wire } from '../gateway/wire.ts'
import { HELLO, USER } from '../proxy/password.ts'
import { kernelKnows } from '../proxy/peer.ts'
import { type Proxy as ForwardProxy, startProxy } from '../proxy/proxy.ts'
import { packageRoot } from '../server/package-root.ts'
import { reportOnStderr } from './report.ts'
import type { Companion } from './start-companion.ts'

export interface GatewayHostOptions {
  browser: FoundBrowser
  /** Profile folder, made where there is none; never the user's own profile. */
  profile: string
  headless: boolean
  /** Page that the first run opens first. */
  app?: string
  /** Switches of a client, sorted by `clientSwitches`. */
  switches?: readonly string[]
  env?: NodeJS.ProcessEnv
  /** Whether the proxy asks its user for a password. Without it, only where the kernel cannot say whose
   * a connection is: it costs a hidden page, once per browser context. */
  proxyPassword?: boolean
  /** A run has ended, by whomever. Must not throw. */
  runEnded?(id: string): void
  report?(error: unknown): void
}

export interface StartedRun extends NewRun {
  /** Name of the token that it is started with; left out where nobody knows. */
  startedBy?: string | undefined
}

/** A gateway with everything behind it: input and requests are held, pictures and takeover work, and
 * the browser's whole traffic passes the companion's proxy. */
export interface GatewayHost {
  readonly gateway: Gateway
  newRun(run: StartedRun): Promise<RunHandle>
  /** Resolves when the browser has ended. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** Starts a supervised browser for agents beside a companion. Rejects where it cannot be started; the
 * companion is left as it was then. */
export async function startGatewayHost(
  companion: Companion,
  options: GatewayHostOptions,
): Promise<GatewayHost> {
  const host = new Host(companion, options)
  await host.start()
  return host
}

class Host implements GatewayHost {
  readonly #companion: Companion
  readonly #options: GatewayHostOptions
  readonly #report: (error: unknown) => void
  readonly #pictures = new Pictures()
  readonly #stamps = new Stamps(() => systemClock.monotonic())
  /** Of the proxy; undefined where the kernel says who uses it. */
  readonly #password: string | undefined
  #gateway: Gateway | undefined
  #proxy: ForwardProxy | undefined
  #requests: NetworkHold | undefined
  #unstamped: UnstampedHold | undefined
  #input: ReturnType<typeof inputHold> | undefined
  readonly #films = new Map<string, RunPicture>()
  #opened = false
  readonly #origins = (): readonly string[] => [
    ...(this.#proxy ? [`http://127.0.0.1:${this.#proxy.port}`] : []),
    ...(this.#gateway?.runs().map(({ cdp }) => cdp) ?? []),
  ]

  constructor(companion: Companion, options: GatewayHostOptions) {
    this.#companion = companion
    this.#options = options
    if (options.proxyPassword ?? !kernelKnows()) this.#password = companion.context.ids.secret()
    this.#report = options.report ?? reportOnStderr
  }

  get gateway(): Gateway {
    if (!this.#gateway) throw new Error('the gateway has not been started')
    return this.#gateway
  }

  get ended(): Promise<void> {
    return this.gateway.ended
  }

  async start(): Promise<void> {
    const { context, lines, url, home } = this.#companion
    const { browser, profile, headless, switches, env } = this.#options
    const guard = await startProxy({
      keys: join(home, 'proxy'),
      gate: {
        stampHeader: STAMP_HEADER,
        spend: (stamp, method, to) => this.#stamps.spend(stamp, method, to),
        sideEffects: (to) => context.policy.sideEffects(to),
        own: (to) => this.#gateway?.wire.isOwn(to) ?? true,
        forged: (to) => this.#forged(to),
        judge: async (request, signal) =>
          (await this.#unstamped?.judge(request, signal)) ?? NOT_READY,
      },
      ...(this.#password === undefined ? {} : { password: this.#password }),
      report: this.#report,
    })
    this.#proxy = guard
    this.#companion.origins.add(this.#origins)
    try {
      this.#gateway = await startGateway({
        ...{ context, lines, browser, profile, headless, switches, env },
        proxy: { ...guard, password: this.#askedBy(guard) },
        ownFolder: home,
        ownOrigins: () => [url, ...[...this.#companion.origins].flatMap((origins) => origins())],
        parts: (wire) => this.#parts(wire),
        clientKnown: (run, family) => this.#companion.runs.client(run.id, family),
        runEnded: (run, why) => this.#runEnded(run, why),
        report: this.#report,
      })
      const deaf = this.#companion.onPolicy(() => this.#refresh())
      this.#gateway.ended.then(deaf, deaf)
    } catch (error) {
      this.#companion.origins.delete(this.#origins)
      await guard.stop()
      throw error
    }
  }

  async newRun(run: StartedRun): Promise<RunHandle> {
    const handle = await this.gateway.newRun(run)
    const { wire } = this.gateway
    const { causes } = this.#behind()
    const pages = () =>
      wire.targets.all().filter(({ type, browserContextId }) => {
        return type === 'page' && wire.runOf(browserContextId)?.id === handle.id
      })
    const picture = this.#pictures.of(handle.id, pages)
    this.#films.set(handle.id, picture)
    const hitTest = { look: this.#behind().look }
    try {
      await this.#companion.runs.started({
        id: handle.id,
        name: run.name,
        agent: run.agent,
        startedBy: run.startedBy,
        pause: () => handle.pause(),
        resume: () => handle.resume(),
        kill: () => handle.kill(),
        cookies: () => this.#cookies(),
        picture,
        takeover: takeover({
          ...{ run: handle.ref, pages, hitTest, causes, picture },
          report: this.#report,
        }),
      })
    } catch (error) {
      await handle.kill()
      throw error
    }
    await this.#open(pages()[0]?.session)
    return handle
  }

  async stop(): Promise<void> {
    await this.#gateway?.close()
    await this.#proxy?.stop()
    this.#companion.origins.delete(this.#origins)
  }

  #parts(wire: Wire): Parts {
    const { context } = this.#companion
    const { pipe, targets } = wire
    const report = this.#report
    const clock = context.clock
    const requests = new NetworkHold({
      ...{ pipe, targets, classify, clock, report, stamps: this.#stamps },
      doorOf: (run) => wire.doorOf(run),
      runOf: (id) => wire.runOf(id),
      ready: (run) => wire.ready(run),
      budgetOf: (run) => this.#budgetOf(run),
      isOwn: (url) => wire.isOwn(url),
      sideEffects: (url) => context.policy.sideEffects(url),
      sideEffectPatterns: () => context.policy.sideEffectPatterns(),
      nextId: () => context.ids.next('req'),
    })
    const input = inputHold({
      ...{ pipe, targets, classify, clock, report, causes: requests.causes },
      doorOf: (agent) => wire.doorOf(agent.run),
      policyVersion: () => context.policy.version(),
      script: pageScript(packageRoot().dir),
      desk: this.#pictures,
    })
    this.#requests = requests
    this.#input = input
    const { causes, waits } = requests
    this.#unstamped = new UnstampedHold({
      ...{ targets, causes, waits, clock },
      doorOf: (run) => wire.doorOf(run),
      runOf: (id) => wire.runOf(id),
      ready: (run) => wire.ready(run),
    })
    return { input, requests }
  }

  async #cookies(): Promise<Params[]> {
    const { cookies } = await this.gateway.wire.pipe.call('Storage.getCookies')
    return Array.isArray(cookies) ? cookies.filter(isParams) : []
  }

  #askedBy({ port }: ForwardProxy) {
    const origin = `http://127.0.0.1:${port}`
    const password = this.#password
    return password === undefined ? undefined : { origin, username: USER, password, hello: HELLO }
  }

  /** The new policy may say of other addresses that a GET changes something there. */
  #refresh(): void {
    this.#requests?.refresh().catch(this.#report)
  }

  /** The shortest patience of the clients that have connected. */
  #budgetOf(run: RunRef): number {
    const families =
      this.gateway
        .runs()
        .find(({ id }) => id === run.id)
        ?.families() ?? []
    return Math.min(...(families.length > 0 ? families : ['other' as const]).map((f) => BUDGETS[f]))
  }

  async #open(session: Session | undefined): Promise<void> {
    const { app } = this.#options
    if (this.#opened || app === undefined || !session) return
    this.#opened = true
    await session.call('Page.navigate', { url: app })
  }

  #behind() {
    if (!this.#requests || !this.#input) throw new Error('the gateway has not been started')
    return { causes: this.#requests.causes, look: this.#input.look }
  }

  #runEnded(run: RunRef, why: string): void {
    this.#requests?.waits.ended(run.id)
    this.#films.get(run.id)?.end()
    this.#films.delete(run.id)
    this.#companion.runs.ended(run.id, why).catch(this.#report)
    this.#options.runEnded?.(run.id)
  }

  #forged(url: string): void {
    const [run] = this.#gateway?.runs() ?? []
    if (!run) return
    const door = this.gateway.wire.doorOf(run.ref)
    door.forged(`the agent's browser asked for ${url}`).catch(this.#report)
  }
}

const NOT_READY = { go: false, status: 503, reason: 'the gateway is not ready yet' } as const
