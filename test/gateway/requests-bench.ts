import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { openDoor } from '#companion/core/door.ts'
import { policyBook } from '#companion/core/policy-book.ts'
import { openCore } from '#companion/core/recover.ts'
import { systemClock } from '#companion/core/system.ts'
import { decideHold } from '#companion/core/verdict.ts'
import type { Agent } from '#companion/gateway/agent.ts'
import { type Session, textOf } from '#companion/gateway/cdp.ts'
import { NetworkHold } from '#companion/gateway/hold-request.ts'
import { launch } from '#companion/gateway/launch.ts'
import type { Cause } from '#companion/gateway/parts.ts'
import { Stamps } from '#companion/gateway/stamp.ts'
import { type Target, Targets } from '#companion/gateway/targets.ts'
import { LiveBus } from '#companion/server/live-bus.ts'
import { classify } from '#shared/classify/classify.ts'
import { type Descriptor, Form } from '#shared/protocol/descriptor.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import { countingIds } from '../unit/companion/bench.ts'
import { MemoryStore } from '../unit/companion/memory-store.ts'

/** What reached the server. */
export interface Hit {
  method: string
  path: string
  body: string
  headers: IncomingMessage['headers']
}

/** Answers a path; what is not listed is an empty page. */
export type Pages = Record<
  string,
  string | ((request: IncomingMessage, response: ServerResponse) => void)
>

export async function serve(pages: Pages) {
  const hits: Hit[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      const path = request.url ?? ''
      hits.push({ method: request.method ?? '', path, body, headers: request.headers })
      const page = pages[path.replace(/\?.*$/, '')]
      if (typeof page === 'function') return page(request, response)
      const type = path.endsWith('.js') ? 'text/javascript' : 'text/html'
      response.setHeader('content-type', `${type}; charset=utf-8`)
      response.end(page ?? '<!doctype html><title>empty</title>')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return {
    hits,
    origin: `http://127.0.0.1:${port}`,
    /** The same server as another site. */
    foreign: `http://localhost:${port}`,
    mutating: () =>
      hits
        .filter(({ method }) => method !== 'GET' && method !== 'OPTIONS')
        .map(({ method, path }) => `${method} ${path}`),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface BenchOptions {
  policy?: string
  budget?: number
  stamps?: boolean
  isOwn?: (url: string) => boolean
}

/** A browser behind the network key, with a real core and a policy, and nobody at the wire. */
export async function requestsBench(options: BenchOptions = {}) {
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  const profile = mkdtempSync(join(tmpdir(), 'holdpoint-requests-'))
  const launched = await launch({ browser: found.browser, profile, headless: true })
  const { pipe } = launched
  const bus = new LiveBus()
  const store = new MemoryStore()
  const policy = policyBook()
  policy.offer(options.policy ?? 'version: 1\n')
  if (!policy.ok()) throw new Error(JSON.stringify(policy.problems()))
  const reported: unknown[] = []
  const report = (error: unknown) => void reported.push(error)
  const ids = countingIds()
  const context = await openCore({ store, clock: systemClock, ids, policy, bus, classify, report })
  const run = { id: 'run_1', name: 'bench', agent: 'bench' }
  const door = openDoor(context, bus, { id: 'gateway:run_1', actor: 'agent:bench' }, run.id)
  const stamps = options.stamps ? new Stamps(systemClock.monotonic) : null
  const targets = new Targets(pipe, {
    arm: (target) => hold.arm(target),
    awaited: () => false,
    report,
  })
  const hold = new NetworkHold({
    ...{ pipe, targets, stamps, clock: systemClock, classify, report },
    doorOf: () => door,
    runOf: () => run,
    ready: () => Promise.resolve(),
    budgetOf: () => options.budget ?? 20_000,
    isOwn: options.isOwn ?? (() => false),
    sideEffects: (url) => policy.sideEffects(url),
    sideEffectPatterns: () => policy.sideEffectPatterns(),
    nextId: () => ids.next('ask'),
  })
  await hold.start()
  await targets.start()
  const agentRoot = textOf((await pipe.call('Target.attachToBrowserTarget')).sessionId)
  const agent: Agent = {
    id: 'agent',
    run,
    family: 'other',
    forward: () => Promise.reject(new Error('nothing is forwarded here')),
    answer: () => undefined,
    fail: () => undefined,
    emit: () => undefined,
    gone: new AbortController().signal,
    ready: () => Promise.resolve(),
  }
  const holds = async (state: Hold['state'] = 'pending') =>
    (await store.holds({ state, limit: 1000 })).holds
  const verdict = (id: string, yes: boolean) =>
    decideHold(context, {
      hold: id,
      verdict: yes ? 'approve' : 'deny',
      surface: 'dashboard',
      by: { id: 'person', actor: 'person' },
      name: 'person',
      automation: null,
    })
  return {
    ...{
      pipe,
      targets,
      hold,
      causes: hold.causes,
      stamps,
      store,
      reported,
      run,
      agent,
      door,
      policy,
    },
    holds,
    verdict,
    entries: (kind: string) => store.entries.filter((entry) => entry.kind === kind),
    /** A page at `url`, loaded, with the companion's target and a session as an agent has one. */
    async open(
      url: string,
      browserContextId?: string,
    ): Promise<{ target: Target; session: Session }> {
      const where = browserContextId === undefined ? {} : { browserContextId }
      const made = await pipe.call('Target.createTarget', { url: 'about:blank', ...where })
      const targetId = textOf(made.targetId) ?? ''
      const target = await targets.known(targetId)
      if (!target) throw new Error('the page has gone')
      await target.armed
      const attached = await pipe.call(
        'Target.attachToTarget',
        { targetId, flatten: true },
        agentRoot,
      )
      const session = pipe.session(textOf(attached.sessionId))
      await navigate(session, url)
      return { target, session }
    },
    async close() {
      await launched.close()
      await launched.ended
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export type RequestsBench = Awaited<ReturnType<typeof requestsBench>>

export async function navigate(session: Session, url: string): Promise<void> {
  await session.call('Page.enable')
  const loaded = new Promise<void>((resolve) => {
    const stop = session.on('Page.loadEventFired', () => {
      stop()
      resolve()
    })
  })
  await session.call('Page.navigate', { url })
  await loaded
}

/** What an agent's script gives back, as text. */
export async function evaluate(session: Session, expression: string): Promise<string> {
  const said = await session.call('Runtime.evaluate', {
    expression: `(async () => { const value = await (${expression}); return typeof value === 'string' ? value : JSON.stringify(value) ?? '' })()`,
    awaitPromise: true,
    returnByValue: true,
    userGesture: true,
  })
  const { result, exceptionDetails } = said
  if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
  return typeof result === 'object' && result !== null && 'value' in result
    ? String(result.value)
    : ''
}

/** A click as the input hold lets one go: pressed on the element, described, allowed, dispatched. */
export async function click(
  bench: RequestsBench,
  target: Target,
  selector: string,
  cause: Partial<Cause> & { descriptor?: Descriptor } = {},
): Promise<void> {
  const { session } = target
  const world = await session.call('Page.createIsolatedWorld', { frameId: target.id })
  const { result } = await session.call('Runtime.evaluate', {
    expression: `document.querySelector(${JSON.stringify(selector)})`,
    contextId: world.executionContextId,
  })
  const objectId = textOf(Object(result).objectId)
  if (objectId === undefined) throw new Error(`no ${selector}`)
  const named = await session.call('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: NAME,
    returnByValue: true,
  })
  const sends = await session.call('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: FORM,
    returnByValue: true,
  })
  const form = Form.safeParse(Object(sends.result).value).data
  await session.call('DOM.scrollIntoViewIfNeeded', { objectId })
  const box = await session.call('DOM.getBoxModel', { objectId })
  const quad: unknown = Object(box.model).content
  const [x1, y1, x2, , , y3] = Array.isArray(quad) ? quad.map(Number) : []
  const at = { x: ((x1 ?? 0) + (x2 ?? 0)) / 2, y: ((y1 ?? 0) + (y3 ?? 0)) / 2 }
  const ticket = bench.causes.begin(target, objectId)
  ticket.let({
    target,
    agent: bench.agent,
    descriptor: described(target.url, String(Object(named.result).value), form && { form }),
    audit: null,
    covers: 'all',
    ...cause,
  })
  const mouse = { ...at, button: 'left', clickCount: 1 }
  await session.call('Input.dispatchMouseEvent', { type: 'mousePressed', ...mouse })
  await session.call('Input.dispatchMouseEvent', { type: 'mouseReleased', ...mouse })
  ticket.sent()
}

/** As good an accessible name as these pages need. */
const NAME = `function () {
  const attribute = (name) => this.getAttribute(name)
  return attribute('aria-label') || this.textContent.trim() || attribute('title') || attribute('alt') || this.id
}`

/** What a button that sends a form is described with. */
const FORM = `function () {
  const button = this.closest('button, input')
  if (!button?.form || !/^(?:submit|image)$/.test(button.type)) return null
  const fields = [...button.form.elements].filter((field) => field.name && !/^(?:submit|button|image)$/.test(field.type))
    .map(({ name, type, value }) => ({ label: name, name, type, value, secret: type === 'password' }))
  const { method, action } = button.form.attributes
  return { method: method?.value || 'get', action: new URL(action?.value || location.href, location.href).href, fields }
}`

export function described(url: string, name: string, more: Partial<Descriptor> = {}): Descriptor {
  return {
    door: 'gateway',
    provenance: 'agent',
    gesture: 'click',
    page: { url, title: '', topUrl: url, top: true },
    target: { role: 'button', name, tag: 'button', path: name, hints: [] },
    terms: { amounts: [], recipients: [], rows: null },
    ...more,
  }
}

/** Waits until `find` gives something, at most `ms`. */
export async function until<T>(
  find: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  ms = 5000,
): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const found = await find()
    if (found) return found
    if (Date.now() > end) throw new Error(`nothing came of it in ${ms} ms: ${find}`)
    await quiet(15)
  }
}

export function quiet(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
