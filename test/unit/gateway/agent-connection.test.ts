import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { methodGroups, verdictOn } from '#companion/gateway/allowlist.ts'
import { paramsOf } from '#companion/gateway/cdp.ts'
import { fakeAgent } from './fake-browser.ts'

/** Every method of the published protocol. */
function allMethods(): string[] {
  const require = createRequire(import.meta.url)
  return ['browser_protocol', 'js_protocol'].flatMap((name) => {
    const file = require.resolve(`devtools-protocol/json/${name}.json`)
    const { domains } = JSON.parse(readFileSync(file, 'utf8'))
    return domains.flatMap(({ domain, commands = [] }: Domain) =>
      commands.map((command) => `${domain}.${command.name}`),
    )
  })
}
interface Domain {
  domain: string
  commands?: { name: string }[]
}

describe('an agent’s connection', () => {
  it('lets no method of the protocol through that is denied or unknown', async () => {
    const agent = await fakeAgent()
    const session = await agent.attach()
    const methods = allMethods()
    expect(methods.length).toBeGreaterThan(600)
    for (const sessionId of [undefined, session]) {
      for (const method of methods) {
        // These end sessions or the connection itself: tested elsewhere.
        if (/^(Browser\.close|Target\.detachFromTarget)$/.test(method)) continue
        agent.browser.sent.length = 0
        agent.heard.length = 0
        agent.held.length = 0
        agent.connection.receive(JSON.stringify({ id: 1, method, params: {}, sessionId }))
        await agent.settle()
        const level = sessionId === undefined ? 'root' : 'target'
        const verdict = verdictOn(method, {}, level)
        const reached = agent.browser.sent.some((command) => command.method === method)
        if (verdict.class === 'deny' || verdict.class === 'answer' || verdict.class === 'hold')
          expect(reached, `${method} on ${level}`).toBe(false)
        if (verdict.class === 'hold') expect(agent.held.map((c) => c.method)).toEqual([method])
        else
          expect(
            agent.heard.filter(({ id }) => id === 1),
            method,
          ).toHaveLength(1)
      }
    }
  }, 60_000)

  it('lets nothing through under a name that is nearly a method’s', async () => {
    const agent = await fakeAgent()
    const known = methodGroups.flatMap(({ methods }) => methods)
    const changed = fc.tuple(
      fc.constantFrom(...known),
      fc.integer({ min: 0, max: 60 }),
      fc.string({ maxLength: 3 }),
    )
    await fc.assert(
      fc.asyncProperty(changed, async ([method, at, more]) => {
        const name = method.slice(0, at) + more + method.slice(at)
        fc.pre(!known.includes(name))
        agent.browser.sent.length = 0
        agent.connection.receive(JSON.stringify({ id: 1, method: name, params: {} }))
        await agent.settle()
        expect(agent.browser.sent).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('survives whatever text it is sent, and sends on only what it has understood', async () => {
    const agent = await fakeAgent()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' })),
        async (text) => {
          agent.browser.sent.length = 0
          const before = agent.heard.length
          agent.connection.receive(text)
          await agent.settle()
          expect(agent.browser.sent).toEqual([])
          expect(agent.heard.length).toBe(before + 1)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('gives commands numbers of its own, and answers their own', async () => {
    const agent = await fakeAgent()
    const other = await fakeAgent(agent.browser)
    agent.connection.receive('{"id":5,"method":"Browser.getVersion"}')
    other.connection.receive('{"id":5,"method":"Browser.getVersion"}')
    agent.connection.receive('{"id":-1,"method":"Browser.getVersion"}')
    await agent.settle()
    expect(agent.heard).toEqual([
      { id: 5, result: {} },
      { id: -1, result: {} },
    ])
    expect(other.heard).toEqual([{ id: 5, result: {} }])
  })

  it('passes a session’s events on as they are, the root’s without a session', async () => {
    const agent = await fakeAgent()
    const session = await agent.attach()
    agent.heard.length = 0
    const params = { text: '","sessionId":"R1"}' }
    agent.browser.emit('Page.loadEventFired', params, session)
    agent.browser.emit('Browser.downloadWillBegin', params, 'R1')
    agent.browser.emit('Page.loadEventFired', params, 'S99')
    agent.browser.emit('Page.loadEventFired', params)
    await agent.settle()
    expect(agent.heard).toEqual([
      { method: 'Page.loadEventFired', params, sessionId: session },
      { method: 'Browser.downloadWillBegin', params },
    ])
  })

  it('forces sessions to be flat', async () => {
    const agent = await fakeAgent()
    for (const flatten of [false, undefined, 'no'])
      for (const method of ['Target.attachToTarget', 'Target.setAutoAttach'])
        agent.connection.receive(
          JSON.stringify({ id: 1, method, params: { targetId: 'own', autoAttach: true, flatten } }),
        )
    await agent.settle()
    const sent = agent.browser.sent.filter(({ method }) => method.startsWith('Target.'))
    expect(sent).toHaveLength(6)
    expect(sent.every(({ params }) => params.flatten === true)).toBe(true)
  })

  it('refuses foreign targets, contexts, windows and sessions', async () => {
    const agent = await fakeAgent()
    const ask = async (method: string, params: object, sessionId?: string) => {
      agent.heard.length = 0
      agent.browser.sent.length = 0
      agent.connection.receive(JSON.stringify({ id: 1, method, params, sessionId }))
      await agent.settle()
      expect(agent.browser.sent, method).toEqual([])
      expect(agent.heard[0]?.error, method).toBeDefined()
    }
    for (const targetId of ['foreign', 'nowhere', '', 7, null])
      for (const method of ['Target.attachToTarget', 'Target.closeTarget', 'Target.getTargetInfo'])
        await ask(method, { targetId, flatten: true })
    for (const browserContextId of ['other', '', 7])
      for (const method of [
        'Target.createTarget',
        'Storage.getCookies',
        'Target.disposeBrowserContext',
      ])
        await ask(method, { browserContextId, url: 'about:blank' })
    await ask('Target.disposeBrowserContext', { browserContextId: 'ctx' })
    await ask('Browser.setWindowBounds', { windowId: 1, bounds: {} })
    for (const sessionId of ['C-own', 'C-foreign', 'R1', 'R2', '', '__proto__'])
      await ask('Runtime.evaluate', { expression: '1' }, sessionId)
    await ask('Target.detachFromTarget', { sessionId: 'C-own' })
  })

  it('hears only of its own targets', async () => {
    const agent = await fakeAgent()
    const about = (targetId: string, browserContextId: string, url: string, type = 'page') => ({
      targetInfo: { targetId, type, title: '', url, attached: false, browserContextId },
    })
    const hidden = [
      about('t1', 'other', 'http://site.test/'),
      about('t2', 'ctx', 'chrome://settings'),
      about('t3', 'ctx', 'chrome-extension://x/', 'service_worker'),
      about('t4', 'ctx', 'devtools://devtools/x', 'other'),
      about('t5', 'ctx', 'http://site.test/', 'browser_ui'),
      about('t6', 'ctx', 'http://127.0.0.1:4763/'),
      about('t7', 'ctx', 'file:///etc/passwd'),
    ]
    for (const params of hidden) {
      agent.browser.emit('Target.targetCreated', params, 'R1')
      agent.browser.emit('Target.targetInfoChanged', params, 'R1')
      agent.browser.emit('Target.targetDestroyed', { targetId: params.targetInfo.targetId }, 'R1')
      const attached = {
        ...params,
        sessionId: `S-${params.targetInfo.targetId}`,
        waitingForDebugger: true,
      }
      agent.browser.emit('Target.attachedToTarget', attached, 'R1')
    }
    await agent.settle()
    expect(agent.heard).toEqual([])
    const left = agent.browser.sent.filter(({ method }) => method === 'Target.detachFromTarget')
    expect(left.map(({ params }) => params.sessionId)).toEqual(
      hidden.map(({ targetInfo }) => `S-${targetInfo.targetId}`),
    )
    agent.connection.receive('{"id":1,"method":"Target.getTargets"}')
    await agent.settle()
    expect(JSON.stringify(agent.heard)).not.toContain('foreign')
    expect(JSON.stringify(agent.heard)).toContain('own')
  })

  it('hears of a page that comes to the web from elsewhere, and no longer of one that leaves it', async () => {
    const agent = await fakeAgent()
    const about = (url: string) => ({
      targetInfo: {
        targetId: 't1',
        type: 'page',
        title: '',
        url,
        attached: false,
        browserContextId: 'ctx',
      },
    })
    agent.connection.receive(
      '{"id":1,"method":"Target.setDiscoverTargets","params":{"discover":true}}',
    )
    agent.browser.emit('Target.targetCreated', about('chrome://newtab/'), 'R1')
    agent.browser.emit('Target.targetInfoChanged', about('http://site.test/'), 'R1')
    agent.browser.emit('Target.targetInfoChanged', about('chrome://settings/'), 'R1')
    await agent.settle()
    expect(agent.heard.map(({ method }) => method)).toEqual([
      undefined,
      'Target.targetCreated',
      'Target.targetDestroyed',
    ])
    expect(JSON.stringify(agent.heard)).not.toContain('chrome:')
  })

  it('opens no page with an address: it goes there once it runs', async () => {
    const agent = await fakeAgent()
    const params = { url: 'http://site.test/x', background: true }
    agent.connection.receive(JSON.stringify({ id: 1, method: 'Target.createTarget', params }))
    await agent.settle()
    expect(agent.browser.sent).toEqual([
      {
        method: 'Target.createTarget',
        params: { url: 'about:blank', background: true, browserContextId: 'ctx' },
        sessionId: 'R1',
      },
    ])
  })

  it('is told of a denial in words, which is recorded once per method', async () => {
    const agent = await fakeAgent()
    for (let times = 0; times < 3; times++)
      agent.connection.receive(
        '{"id":1,"method":"Target.exposeDevToolsProtocol","params":{"targetId":"own"}}',
      )
    for (let at = 0; at < 500; at++)
      agent.connection.receive(JSON.stringify({ id: 2, method: `Made.up${at}` }))
    await agent.settle()
    expect(paramsOf(agent.heard[0]?.error).message).toMatch(/Holdpoint did not send/)
    expect(
      agent.refused.filter(({ method }) => method === 'Target.exposeDevToolsProtocol'),
    ).toHaveLength(1)
    expect(agent.refused.length).toBe(100)
  })

  it('has its way to Holdpoint’s own pages recorded as forgery', async () => {
    const agent = await fakeAgent()
    const session = await agent.attach()
    const params = { url: 'http://localhost:4763/' }
    agent.connection.receive(
      JSON.stringify({ id: 1, method: 'Page.navigate', params, sessionId: session }),
    )
    agent.connection.receive(JSON.stringify({ id: 2, method: 'Target.createTarget', params }))
    await agent.settle()
    expect(agent.forged).toHaveLength(2)
  })

  it('settles a held command once, and not at all when the agent has gone', async () => {
    const agent = await fakeAgent()
    const session = await agent.attach()
    const press = { type: 'mousePressed', x: 1, y: 1, button: 'left', clickCount: 1 }
    for (const id of [1, 2])
      agent.connection.receive(
        JSON.stringify({
          id,
          method: 'Input.dispatchMouseEvent',
          params: press,
          sessionId: session,
        }),
      )
    await agent.settle()
    const [first, second] = agent.held
    if (!first || !second) throw new Error('nothing was held')
    expect(first.target?.id).toBe('own')
    agent.browser.sent.length = 0
    expect(await agent.connection.forward(first)).toEqual({ ok: true, result: {} })
    await agent.connection.forward(first)
    agent.connection.fail(first, { code: -32000, message: 'no' })
    await agent.settle()
    expect(agent.browser.sent).toHaveLength(1)
    expect(agent.heard.filter(({ id }) => id === 1)).toHaveLength(1)

    agent.connection.left()
    const late = await agent.connection.forward(second)
    await agent.settle()
    expect(late.ok).toBe(false)
    expect(agent.browser.sent.map(({ method }) => method)).toEqual([
      'Input.dispatchMouseEvent',
      'Target.detachFromTarget',
    ])
    expect(agent.heard.some(({ id }) => id === 2)).toBe(false)
  })

  it('answers what is outstanding when a session or the browser ends', async () => {
    const agent = await fakeAgent()
    const session = await agent.attach()
    agent.heard.length = 0
    agent.browser.emit('Target.detachedFromTarget', { sessionId: session, targetId: 'own' }, 'R1')
    await agent.settle()
    agent.connection.receive(
      JSON.stringify({ id: 3, method: 'Runtime.evaluate', sessionId: session }),
    )
    await agent.settle()
    expect(agent.heard.map(({ method, error }) => method ?? paramsOf(error).code)).toEqual([
      'Target.detachedFromTarget',
      -32001,
    ])
    agent.browser.end()
    await agent.settle()
    agent.connection.receive('{"id":4,"method":"Browser.getVersion"}')
    expect(paramsOf(agent.heard.at(-1)?.error).message).toMatch(/has ended/)
  })

  it('waits while the run is paused, and goes on in the order of its commands', async () => {
    const agent = await fakeAgent()
    agent.run.pause()
    for (const id of [1, 2, 3])
      agent.connection.receive(JSON.stringify({ id, method: 'Browser.getVersion' }))
    await agent.settle()
    expect(agent.browser.sent).toEqual([])
    agent.run.resume()
    agent.connection.receive('{"id":4,"method":"Browser.getVersion"}')
    await agent.settle()
    expect(agent.heard.map(({ id }) => id)).toEqual([1, 2, 3, 4])
  })
})
