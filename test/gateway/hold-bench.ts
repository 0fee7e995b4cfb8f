import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { systemClock } from '#companion/core/system.ts'
import type { Agent, ClientFamily, Command, CommandAnswer } from '#companion/gateway/agent.ts'
import { numberOf, type Params, paramsOf, SERVER_ERROR, textOf } from '#companion/gateway/cdp.ts'
import { inputHold } from '#companion/gateway/hold-input.ts'
import { type Launched, launch } from '#companion/gateway/launch.ts'
import { pageScript } from '#companion/gateway/page-script.ts'
import type { Cause, CauseTicket, InputHold } from '#companion/gateway/parts.ts'
import type { Pipe } from '#companion/gateway/pipe.ts'
import { type Target, Targets } from '#companion/gateway/targets.ts'
import { classify } from '#shared/classify/classify.ts'
import { FakeDoor } from '../unit/gateway/fake-door.ts'

/** What an agent got for a command; `text` is the error's. */
export type Got = { ok: true; result: Params } | { ok: false; text: string }

/** A browser with the input hold in it, and one agent whose commands go through it. No proxy, no list of
 * methods: what these tests are about is the hold. */
export class HoldBench {
  readonly door = new FakeDoor()
  /** What was let go, dropped and sent, for what it may cause. */
  readonly causes: string[] = []
  readonly let: Cause[] = []
  readonly reported: unknown[] = []
  /** Everything forwarded, as the browser gets it. */
  readonly forwarded: string[] = []
  /** Requests that reached the test's server, `METHOD path body`. */
  readonly requests: string[] = []
  family: ClientFamily = 'other'
  /** The monotonic time while the clock stands still. */
  stopped: number | null = null
  /** What is remembered is remembered by run. */
  run = 'run_1'
  readonly targets: Targets
  readonly hold: InputHold
  readonly #gone = new AbortController()
  readonly #launched: Launched
  readonly #profile: string
  readonly #server: Server
  /** The agent's browser session; what it attaches to is none of the companion's. */
  #root = ''
  #last = 0

  private constructor(launched: Launched, profile: string, server: Server, script: string) {
    this.#launched = launched
    this.#profile = profile
    this.#server = server
    const report = (error: unknown) => void this.reported.push(error)
    this.targets = new Targets(launched.pipe, {
      arm: (target) => this.hold.arm(target),
      awaited: () => false,
      report,
    })
    this.hold = inputHold({
      pipe: launched.pipe,
      targets: this.targets,
      doorOf: () => this.door,
      causes: { begin: () => this.#ticket(), note: () => this.#ticket() },
      classify,
      policyVersion: () => 'v1',
      clock: {
        monotonic: () => this.stopped ?? systemClock.monotonic(),
        after: (ms, run) => systemClock.after(ms, run),
      },
      script,
      budgets: { other: 3000, playwright: 300 },
      report,
    })
  }

  /** `serve` answers with a page's HTML for a path. */
  static async start(serve: (path: string, port: number) => string): Promise<HoldBench> {
    execFileSync(process.execPath, ['scripts/build.mjs', 'gatewaypage'], { stdio: 'ignore' })
    const found = findBrowser()
    if (!found.ok) throw new Error(found.error.message)
    const profile = mkdtempSync(join(tmpdir(), 'holdpoint-hold-'))
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        const { method = '', url = '' } = request
        if (method !== 'GET' || url.startsWith('/effect'))
          bench.requests.push(`${method} ${url} ${body}`.trim())
        response.setHeader('content-type', 'text/html; charset=utf-8')
        response.end(serve(url, bench.port))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, resolve))
    const client = ['--site-per-process', '--window-size=1000,700']
    const launched = await launch({ browser: found.browser, profile, headless: true, client })
    const bench = new HoldBench(launched, profile, server, pageScript(process.cwd()))
    await bench.targets.start()
    const { sessionId } = await launched.pipe.call('Target.attachToBrowserTarget')
    bench.#root = textOf(sessionId) ?? ''
    return bench
  }

  #ticket(): CauseTicket {
    return {
      let: (cause) => {
        this.let.push(cause)
        this.causes.push(`let ${cause.covers} ${cause.descriptor.target.name}`)
      },
      sent: () => this.causes.push('sent'),
      dropped: () => this.causes.push('dropped'),
    }
  }

  get pipe(): Pipe {
    return this.#launched.pipe
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : 0
  }

  /** Opens a page in a tab of its own. */
  async open(path: string, host = 'localhost'): Promise<BenchPage> {
    const { targetId } = await this.call('Target.createTarget', { url: 'about:blank' }, this.#root)
    const target = await this.targets.known(textOf(targetId) ?? '')
    if (!target) throw new Error('the page ended')
    await target.armed
    const page = await this.attach(target)
    await page.direct('Page.enable')
    await page.direct('Runtime.enable')
    await page.goto(`http://${host}:${this.port}${path}`)
    return page
  }

  /** The agent attaches to a target: a page, or a frame with a process of its own. */
  async attach(target: Target): Promise<BenchPage> {
    const params = { targetId: target.id, flatten: true }
    const attached = await this.call('Target.attachToTarget', params, this.#root)
    return new BenchPage(this, target, textOf(attached.sessionId) ?? '')
  }

  command(page: BenchPage, method: string, params: Params, got: (got: Got) => void): Command {
    const agent: Agent = {
      id: `agent ${this.family}`,
      run: { id: this.run, name: 'test' },
      family: this.family,
      forward: (command, changed) =>
        new Promise<CommandAnswer>((resolve) => {
          this.forwarded.push(`${method} ${textOf(params.type) ?? ''}`.trim())
          const sent = { method, params: changed ?? command.params, sessionId: page.sessionId }
          this.#launched.pipe.forward(sent, (raw) => {
            const { result, error } = paramsOf(JSON.parse(raw))
            const message = textOf(paramsOf(error).message) ?? ''
            if (error === undefined) resolve({ ok: true, result: paramsOf(result) })
            else resolve({ ok: false, error: { code: SERVER_ERROR, message } })
            got(
              error === undefined
                ? { ok: true, result: paramsOf(result) }
                : { ok: false, text: message },
            )
          })
        }),
      answer: (_command, result) => got({ ok: true, result }),
      fail: (_command, { message }) => got({ ok: false, text: message }),
      emit: () => undefined,
      gone: this.#gone.signal,
      ready: () => Promise.resolve(),
    }
    const id = ++this.#last
    return { id, method, params, sessionId: page.sessionId, target: page.target, agent }
  }

  call(method: string, params: Params, sessionId: string): Promise<Params> {
    return this.#launched.pipe.call(method, params, sessionId)
  }

  /** The agent's connection ends. */
  leave(page: BenchPage): void {
    this.#gone.abort()
    this.hold.left(this.command(page, '', {}, () => undefined).agent)
  }

  async close(): Promise<void> {
    await this.#launched.close()
    await new Promise((resolve) => this.#server.close(resolve))
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** One page as the agent sees it. */
export class BenchPage {
  readonly target: Target
  readonly sessionId: string
  readonly #bench: HoldBench

  constructor(bench: HoldBench, target: Target, sessionId: string) {
    this.#bench = bench
    this.target = target
    this.sessionId = sessionId
  }

  /** A command that goes through the hold. */
  send(method: string, params: Params = {}): Promise<Got> {
    return new Promise((resolve) => {
      const { hold } = this.#bench
      const command = this.#bench.command(this, method, params, resolve)
      if (HELD.test(method)) hold.take(command)
      else if (!hold.intercept(command)) void command.agent.forward(command)
    })
  }

  /** Past the hold, as a test looks into the page. */
  direct(method: string, params: Params = {}): Promise<Params> {
    return this.#bench.call(method, params, this.sessionId)
  }

  async goto(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => {
      const end = this.target.session.on('Page.loadEventFired', () => {
        end()
        resolve()
      })
    })
    await this.direct('Page.navigate', { url })
    await loaded
  }

  async run<T>(expression: string): Promise<T> {
    const answer = await this.direct('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    })
    if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails))
    return JSON.parse(JSON.stringify(paramsOf(answer.result).value ?? null))
  }

  /** Middle of an element of the page's own document, in its viewport. */
  async middle(selector: string): Promise<{ x: number; y: number }> {
    const box = paramsOf(
      await this.run(
        `(() => { const r = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
          return { x: r.x + r.width / 2, y: r.y + r.height / 2 } })()`,
      ),
    )
    return { x: numberOf(box.x) ?? 0, y: numberOf(box.y) ?? 0 }
  }

  /** Moves, presses and lets go, without waiting for answers in between, as clients do. */
  async click(at: { x: number; y: number }, clickCount = 1): Promise<Got[]> {
    const button = { ...at, button: 'left', clickCount }
    return await Promise.all([
      this.send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...at }),
      this.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...button }),
      this.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...button }),
    ])
  }

  async clickOn(selector: string): Promise<Got[]> {
    return await this.click(await this.middle(selector))
  }

  async key(key: string, text?: string): Promise<Got[]> {
    const codes: Record<string, number> = { Enter: 13, ' ': 32, Delete: 46 }
    const params = {
      key,
      code: key === ' ' ? 'Space' : key,
      windowsVirtualKeyCode: codes[key] ?? key.toUpperCase().charCodeAt(0),
    }
    return await Promise.all([
      this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...params, ...(text && { text }) }),
      this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...params }),
    ])
  }
}

const HELD =
  /^(?:Input\.|Page\.(?:handleJavaScriptDialog|reload|navigateToHistoryEntry)|DOM\.setFileInputFiles|Browser\.grantPermissions|Network\.setCookie)/
