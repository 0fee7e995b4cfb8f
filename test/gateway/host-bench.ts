import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FoundBrowser, findBrowser } from '#companion/browser/find-browser.ts'
import { type GatewayHost, startGatewayHost } from '#companion/commands/gateway-host.ts'
import { type Companion, startCompanion } from '#companion/commands/start-companion.ts'
import { numberOf, type Params, paramsOf, textOf } from '#companion/gateway/cdp.ts'
import type { RunHandle } from '#companion/gateway/gateway.ts'
import type { Target } from '#companion/gateway/targets.ts'
import { HoldPage } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { Hold } from '#shared/protocol/hold.ts'
import { RawAgent, type RawMessage } from './raw-agent.ts'
import { type Pages, serve, until } from './requests-bench.ts'

export interface HostBenchOptions {
  /** What the test's server answers; see `serve`. */
  pages?: Pages
  /** Text of `holdpoint.yaml`; the default policy, which allows nothing, without one. */
  policy?: string
  /** Another browser than the one that is found. */
  browser?: FoundBrowser
  /** Whether the proxy asks for a password, as on a system that cannot say whose a connection is. */
  proxyPassword?: boolean
}

/** The companion and its gateway as they ship, with everything behind the wire, one run and a server
 * that counts what reaches it. For `beforeAll`; the one who starts it stops it. */
export class HostBench {
  readonly site: Awaited<ReturnType<typeof serve>>
  readonly companion: Companion
  readonly host: GatewayHost
  /** The first run, in the profile's own browser context. */
  readonly run: RunHandle
  readonly home: string
  readonly profile: string
  /** What nobody could be answered with. A test of a healthy gateway finds none. */
  readonly reported: unknown[]

  private constructor(
    parts: Pick<HostBench, 'site' | 'companion' | 'host' | 'run' | 'home' | 'profile' | 'reported'>,
  ) {
    this.site = parts.site
    this.companion = parts.companion
    this.host = parts.host
    this.run = parts.run
    this.home = parts.home
    this.profile = parts.profile
    this.reported = parts.reported
  }

  static async start({ pages = {}, policy, ...more }: HostBenchOptions = {}): Promise<HostBench> {
    const found = findBrowser()
    if (!found.ok) throw new Error(found.error.message)
    const home = mkdtempSync(join(tmpdir(), 'holdpoint-host-'))
    if (policy !== undefined) writeFileSync(join(home, 'holdpoint.yaml'), policy)
    const reported: unknown[] = []
    const report = (error: unknown) => void reported.push(error)
    const site = await serve(pages)
    const companion = await startCompanion({ home, port: 0, report })
    const profile = join(home, 'profile')
    const options = { browser: found.browser, profile, headless: true, report, ...more }
    const host = await startGatewayHost(companion, options)
    const run = await host.newRun({ name: 'bench', agent: 'bench' })
    return new HostBench({ site, companion, host, run, home, profile, reported })
  }

  async stop(): Promise<void> {
    await this.host.stop()
    await this.companion.stop()
    await this.site.close()
    rmSync(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }

  /** A person's request to the API. */
  api(path: string, init: RequestInit = {}, token = this.companion.token): Promise<Response> {
    const headers = { ...headersOf(token), 'content-type': 'application/json' }
    return fetch(`${this.companion.url}${path}`, { ...init, headers })
  }

  holds(state: Hold['state'] = 'pending'): Promise<Hold[]> {
    return holdsOf({ companion: this.companion.url, token: this.companion.token }, state)
  }

  async hold(id: string): Promise<Hold> {
    return Hold.parse(await (await this.api(`/v1/holds/${id}`)).json())
  }

  /** The pending hold of which `about` tells: the target's name or the request's address. */
  async held(about: string | RegExp): Promise<Hold> {
    const fits = ({ descriptor: { target, request } }: Hold) => {
      const texts = [target.name, request?.url ?? '']
      return texts.some((text) => (about instanceof RegExp ? about.test(text) : text === about))
    }
    return await until(async () => (await this.holds()).find(fits), 10_000)
  }

  /** Waits until a hold has reached a state. */
  async became(id: string, state: Hold['state'], ms = 5000): Promise<Hold> {
    return await until(async () => {
      const hold = await this.hold(id)
      return hold.state === state && hold
    }, ms)
  }

  /** The HTTP status of a verdict on a hold. */
  async verdict(id: string, verdict: 'approve' | 'deny', reason?: string): Promise<number> {
    const body = JSON.stringify({ verdict, ...(reason === undefined ? {} : { reason }) })
    return (await this.api(`/v1/holds/${id}/verdict`, { method: 'POST', body })).status
  }

  /** The log's entries of a kind, oldest first. */
  async entries(kind: AuditEntry['kind']): Promise<AuditEntry[]> {
    const all = await this.companion.context.store.auditAfter(0, 100_000)
    return all.filter((entry) => entry.kind === kind)
  }

  /** The companion's own view of a run's pages. */
  pages(run = this.run): Target[] {
    const { wire } = this.host.gateway
    return wire.targets.all().filter(({ type, browserContextId }) => {
      return type === 'page' && wire.runOf(browserContextId)?.id === run.id
    })
  }

  /** A page of the test's site, opened and loaded by an agent that speaks the protocol by hand. */
  async open(agent: RawAgent, path: string, more: Params = {}): Promise<AgentPage> {
    const url = path.startsWith('/') ? `${this.site.origin}${path}` : path
    const { targetId, session } = await agent.open(url, more)
    const page = new AgentPage(agent, targetId, session)
    await page.at(url)
    return page
  }

  agent(run = this.run, headers: Record<string, string> = {}): Promise<RawAgent> {
    return RawAgent.connect(run.ws, headers)
  }
}

/** What tells the test's own requests from a browser's. */
export const PERSON = 'a person at the test'

function headersOf(token: string) {
  return { authorization: `Bearer ${token}`, 'user-agent': PERSON }
}

/** Holds of a companion, as its API lists them. */
export async function holdsOf(
  { companion, token }: { companion: string; token: string },
  state: Hold['state'] = 'pending',
): Promise<Hold[]> {
  const headers = headersOf(token)
  const answer = await fetch(`${companion}/v1/holds?state=${state}`, { headers })
  return HoldPage.parse(await answer.json()).holds
}

/** A page in the hands of an agent that speaks the protocol by hand. */
export class AgentPage {
  readonly agent: RawAgent
  readonly targetId: string
  readonly session: string

  constructor(agent: RawAgent, targetId: string, session: string) {
    this.agent = agent
    this.targetId = targetId
    this.session = session
  }

  ask(method: string, params: Params = {}): Promise<RawMessage> {
    return this.agent.ask(method, params, this.session)
  }

  evaluate(expression: string): Promise<unknown> {
    return this.agent.evaluate(expression, this.session)
  }

  /** Waits until it has loaded an address. */
  async at(url: string): Promise<void> {
    const there = `location.href === ${JSON.stringify(url)} && document.readyState === 'complete'`
    await until(async () => {
      const { result } = await this.ask('Runtime.evaluate', { expression: there })
      return paramsOf(result?.result).value === true
    }, 10_000)
  }

  /** Moves, presses and lets go on an element, without waiting for answers in between. Resolves with
   * the answer to the press; rejects where none comes in 40 seconds. */
  async click(selector: string): Promise<RawMessage> {
    const box = paramsOf(
      await this.evaluate(
        `(() => { const r = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
          return { x: r.x + r.width / 2, y: r.y + r.height / 2 } })()`,
      ),
    )
    return await this.clickAt(numberOf(box.x) ?? 0, numberOf(box.y) ?? 0)
  }

  async clickAt(x: number, y: number): Promise<RawMessage> {
    const send = (type: string, more: Params = {}) =>
      this.agent.send('Input.dispatchMouseEvent', { type, x, y, ...more }, this.session)
    const button = { button: 'left', clickCount: 1 }
    send('mouseMoved')
    const pressed = send('mousePressed', button)
    send('mouseReleased', button)
    return await until(() => this.agent.messages.find(({ id }) => id === pressed), 40_000)
  }
}

/** Text of an error, whichever way the agent was told of it. */
export function toldBy(message: RawMessage): string {
  return message.error?.message ?? textOf(paramsOf(message.result).errorText) ?? ''
}
