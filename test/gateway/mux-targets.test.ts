import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Params, paramsOf, textOf } from '#companion/gateway/cdp.ts'
import type { RunHandle } from '#companion/gateway/gateway.ts'
import type { Target } from '#companion/gateway/targets.ts'
import { type EchoSite, startEchoSite } from './echo-site.ts'
import { type GatewayBench, passThrough, startGatewayBench } from './gateway-bench.ts'
import { RawAgent } from './raw-agent.ts'

const AUTO_ATTACH = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }
const RUN = 'Runtime.runIfWaitingForDebugger'

let bench: GatewayBench
let site: EchoSite
/** What the site had been asked for when a target of this address or type was armed. */
const hitsWhenArmed = new Map<string, string[]>()

beforeAll(async () => {
  site = await startEchoSite({
    '/workers': `<script>
      new Worker('/dedicated.js'); new SharedWorker('/shared.js'); navigator.serviceWorker.register('/service.js')
    </script>`,
    '/workers-of-one': `<script>
      new Worker('/dedicated-of-one.js'); new SharedWorker('/shared-of-one.js')
    </script>`,
    '/dedicated-of-one.js': `fetch('/ran/dedicated-of-one')`,
    '/shared-of-one.js': `fetch('/ran/shared-of-one')`,
    '/dedicated.js': `fetch('/ran/dedicated')`,
    '/shared.js': `fetch('/ran/shared')`,
    '/service.js': `fetch('/ran/service')`,
    '/framed': '<iframe src="OTHER/frame"></iframe>',
  })
  const slowArm = async (target: Target) => {
    await pause(150)
    hitsWhenArmed.set(target.type === 'page' ? target.id : target.type, [...site.hits])
  }
  bench = await startGatewayBench({
    parts: () => ({ ...passThrough, input: { ...passThrough.input, arm: slowArm } }),
  })
})
afterAll(async () => {
  await bench.stop()
  await site.stop()
  expect(bench.reported).toEqual([])
})

function pages(run: RunHandle): Target[] {
  return bench.gateway.wire.targets.all().filter(({ type, browserContextId }) => {
    return type === 'page' && bench.gateway.wire.runOf(browserContextId)?.id === run.id
  })
}

/** The browser says where a page is only after the server was asked for it. */
async function pageAt(path: string): Promise<Target> {
  for (let tries = 0; tries < 100; tries++) {
    const found = pages(bench.run).find(({ url }) => url.endsWith(path))
    if (found) return found
    await pause(20)
  }
  throw new Error(`no page is at ${path}`)
}

/** An agent that starts every target at the first possible moment, as a hasty or hostile one would. */
async function hasty(run: RunHandle): Promise<RawAgent> {
  const agent = await RawAgent.connect(run.ws)
  agent.onMessage(({ method, params }) => {
    if (method !== 'Target.attachedToTarget') return
    const sessionId = textOf(params?.sessionId)
    agent.send(RUN, {}, sessionId)
    agent.send('Target.setAutoAttach', AUTO_ATTACH, sessionId)
  })
  await agent.call('Target.setAutoAttach', AUTO_ATTACH)
  return agent
}

describe('a target is armed before it runs', () => {
  it('when it is opened with an address', async () => {
    const agent = await hasty(bench.run)
    const { targetId } = await agent.call('Target.createTarget', { url: `${site.url}/created` })
    await site.hit('/ran/created')
    expect(hitsWhenArmed.get(String(targetId))).not.toContain('/created')
    agent.end()
  })

  it('when a page opens it', async () => {
    const agent = await hasty(bench.run)
    const { session } = await agent.open(`${site.url}/opener`)
    await site.hit('/ran/opener')
    await agent.evaluate(`void open('/popup-script')`, session)
    await site.hit('/ran/popup-script')
    const popup = await pageAt('/popup-script')
    expect(hitsWhenArmed.get(popup.id)).not.toContain('/popup-script')
    agent.end()
  })

  it('when it is a worker', async () => {
    const agent = await hasty(bench.run)
    await agent.open(`${site.url}/workers`)
    for (const kind of ['dedicated', 'shared', 'service']) {
      await site.hit(`/ran/${kind}`)
      const type = kind === 'dedicated' ? 'worker' : `${kind}_worker`
      expect(hitsWhenArmed.get(type), type).toBeDefined()
      expect(hitsWhenArmed.get(type)).not.toContain(`/ran/${kind}`)
    }
    agent.end()
  })

  it('when it is a frame of another site', async () => {
    const agent = await hasty(bench.run)
    await agent.open(`${site.url}/framed`)
    await site.hit('/ran/frame')
    expect(hitsWhenArmed.get('iframe')).not.toContain('/ran/frame')
    agent.end()
  })

  it('and gets the commands that came meanwhile in their order', async () => {
    const agent = await RawAgent.connect(bench.run.ws)
    const { targetId } = await agent.call('Target.createTarget', { url: 'about:blank' })
    const session = await agent.attach(String(targetId))
    const steps = [1, 2, 3, 4].map((step) =>
      agent.evaluate(`(globalThis.steps ??= []).push(${step}), String(steps)`, session),
    )
    expect(await Promise.all(steps)).toEqual(['1', '1,2', '1,2,3', '1,2,3,4'])
    agent.end()
  })
})

describe('an agent that goes', () => {
  it('leaves no tab frozen, neither those it kept waiting nor later ones', async () => {
    const agent = await RawAgent.connect(bench.run.ws)
    await agent.call('Target.setAutoAttach', AUTO_ATTACH)
    agent.send('Target.createTarget', { url: `${site.url}/kept` })
    await agent.event(
      'Target.attachedToTarget',
      ({ waitingForDebugger }) => waitingForDebugger === true,
    )
    await pause(400)
    expect(site.hits).not.toContain('/kept')
    agent.end()
    await site.hit('/ran/kept')

    const other = await RawAgent.connect(bench.run.ws)
    await other.open(`${site.url}/later`)
    await site.hit('/ran/later')
    other.end()
    await pause(100)
    expect(bench.run.connected()).toBe(0)
  })

  it('has its session ended in the browser too', async () => {
    const agent = await RawAgent.connect(bench.run.ws)
    const { session } = await agent.open('about:blank')
    agent.end()
    await pause(200)
    const late = bench.gateway.wire.pipe.call('Runtime.evaluate', { expression: '1' }, session)
    await expect(late).rejects.toThrow(/Session with given id not found/)
  })

  it('by Browser.close loses its tabs, not the browser', async () => {
    const run = await bench.gateway.newRun({ name: 'closer', agent: 'closer' })
    const agent = await RawAgent.connect(run.ws)
    await agent.open(`${site.url}/closing`)
    await site.hit('/ran/closing')
    expect(pages(run).length).toBe(2)
    expect((await agent.ask('Browser.close')).result).toEqual({})
    expect(await agent.closed).toBe(1000)
    await pause(300)
    expect(pages(run)).toEqual([])
    expect(pages(bench.run).length).toBeGreaterThan(0)
    await run.end()
  })
})

describe('two runs in one browser', () => {
  it('do not see each other’s targets, and cannot name them', async () => {
    const run = await bench.gateway.newRun({ name: 'second', agent: 'second' })
    const one = await hasty(bench.run)
    const two = await hasty(run)
    for (const agent of [one, two])
      await agent.call('Target.setDiscoverTargets', { discover: true, filter: [{}] })
    const first = await one.open(`${site.url}/of-one`)
    const second = await two.open(`${site.url}/of-two`)
    const { browserContextId } = await one.call('Target.createBrowserContext')
    await one.open(`${site.url}/of-one-too`, { browserContextId })
    for (const path of ['/ran/of-one', '/ran/of-two', '/ran/of-one-too']) await site.hit(path)
    await two.evaluate(`void open('/popup-of-two')`, second.session)
    await site.hit('/ran/popup-of-two')
    await one.open(`${site.url}/workers-of-one`)
    for (const path of ['/ran/dedicated-of-one', '/ran/shared-of-one']) await site.hit(path)

    const told = (agent: RawAgent) => JSON.stringify(agent.messages)
    expect(told(one)).not.toMatch(/of-two/)
    expect(told(two)).not.toMatch(/of-one/)
    expect(told(two)).not.toContain(first.targetId)
    const pagesOfTwo = (await two.targets()).filter(({ type }) => type === 'page')
    expect(pagesOfTwo.map(({ url }) => url).sort()).toEqual([
      'about:blank',
      `${site.url}/of-two`,
      `${site.url}/popup-of-two`,
    ])
    expect(await (await fetch(`${run.cdp}/json/list`)).text()).not.toMatch(/of-one/)
    expect((await fetch(`${run.cdp}/json/close/${first.targetId}`)).status).toBe(404)

    const { targetId } = first
    for (const method of [
      'Target.attachToTarget',
      'Target.getTargetInfo',
      'Target.activateTarget',
      'Target.closeTarget',
      'Browser.getWindowForTarget',
    ])
      expect((await two.ask(method, { targetId })).error?.message, method).toMatch(/No target/)
    for (const method of [
      'Target.createTarget',
      'Storage.getCookies',
      'Target.disposeBrowserContext',
      'Browser.setDownloadBehavior',
    ]) {
      const params = { browserContextId, url: 'about:blank', behavior: 'deny' }
      expect((await two.ask(method, params)).error?.message, method).toMatch(/browser context/)
    }
    expect(
      (await two.ask('Browser.setWindowBounds', { windowId: 1, bounds: {} })).error,
    ).toBeDefined()
    const contexts = await two.call('Target.getBrowserContexts')
    expect(contexts).toEqual({
      browserContextIds: [],
      defaultBrowserContextId: pages(run)[0]?.browserContextId,
    })
    one.end()
    two.end()
    await run.end()
  })

  it('do not share cookies', async () => {
    const run = await bench.gateway.newRun({ name: 'third', agent: 'third' })
    const one = await RawAgent.connect(bench.run.ws)
    const two = await RawAgent.connect(run.ws)
    const page = await one.open(`${site.url}/cookie`)
    await site.hit('/ran/cookie')
    await one.evaluate(`document.cookie = 'who=one'`, page.session)
    expect(names(await one.call('Storage.getCookies'))).toContain('who')
    expect(names(await two.call('Storage.getCookies'))).toEqual([])
    one.end()
    two.end()
    await run.end()
  })
})

describe('a run', () => {
  it('that is paused lets nothing through until it goes on', async () => {
    const agent = await RawAgent.connect(bench.run.ws)
    const { session } = await agent.open('about:blank')
    bench.run.pause()
    const late = agent.evaluate('globalThis.done = 1', session)
    const ended = await Promise.race([late, pause(300, 'waits')])
    expect(ended).toBe('waits')
    bench.run.resume()
    expect(await late).toBe(1)
    agent.end()
  })

  it('that is killed takes its connections, pages and port along', async () => {
    const run = await bench.gateway.newRun({ name: 'killed', agent: 'killed' })
    const agent = await RawAgent.connect(run.ws)
    await agent.open('about:blank')
    await run.kill()
    await agent.closed
    await expect(fetch(`${run.cdp}/json/version`)).rejects.toThrow()
    expect(pages(run)).toEqual([])
    expect(bench.gateway.runs().map(({ id }) => id)).toEqual([bench.run.id])
  })

  it('ends with the browser, and its agents hear of it', async () => {
    const agent = await RawAgent.connect(bench.run.ws)
    process.kill(bench.gateway.pid, 'SIGKILL')
    await bench.gateway.ended
    await agent.closed
    expect(bench.gateway.runs()).toEqual([])
    await expect(fetch(`${bench.run.cdp}/json/version`)).rejects.toThrow()
    await expect(bench.gateway.wire.pipe.call('Browser.getVersion')).rejects.toThrow(/has ended/)
  })
})

function names({ cookies }: Params): string[] {
  return Array.isArray(cookies) ? cookies.map((cookie) => textOf(paramsOf(cookie).name) ?? '') : []
}
