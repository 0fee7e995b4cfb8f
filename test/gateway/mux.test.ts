import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FRAME_LIMIT } from '#companion/gateway/frame.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { type EchoSite, startEchoSite } from './echo-site.ts'
import { type GatewayBench, startGatewayBench } from './gateway-bench.ts'
import { RawAgent } from './raw-agent.ts'
import { until } from './requests-bench.ts'

let bench: GatewayBench
let site: EchoSite
let agent: RawAgent

beforeAll(async () => {
  site = await startEchoSite()
  bench = await startGatewayBench()
  agent = await RawAgent.connect(bench.run.ws)
})
afterAll(async () => {
  agent.end()
  await bench.stop()
  await site.stop()
  expect(bench.reported).toEqual([])
})

async function recorded(kind: AuditEntry['kind']): Promise<AuditEntry[]> {
  return await bench.companion.context.store.audit({ kind, limit: 100 })
}

/** Status of a request that says about itself what it likes. */
function status(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  const { port } = new URL(bench.run.cdp)
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('upgrade', (_response, socket) => {
      socket.destroy()
      resolve(101)
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('the port of a run', () => {
  it('answers only under its own name, and no page', async () => {
    const host = new URL(bench.run.cdp).host
    const port = new URL(bench.run.cdp).port
    expect(await status('/json/version', { host })).toBe(200)
    expect(await status('/json/version/', { host: `localhost:${port}` })).toBe(200)
    for (const wrong of [`evil.example:${port}`, '127.0.0.1', `127.0.0.1.:${port}`, 'localhost:1'])
      expect(await status('/json/version', { host: wrong })).toBe(403)
    for (const origin of ['http://evil.example', 'null', bench.run.cdp])
      expect(await status('/json/version', { host, origin })).toBe(403)
    expect(await status('/json/list', { host, 'sec-fetch-site': 'cross-site' })).toBe(403)
  })

  it('upgrades no page, no foreign name and no path that is not its own', async () => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    const { host, pathname } = new URL(bench.run.ws)
    expect(await status(pathname, { ...upgrade, host })).toBe(101)
    expect(await status(pathname, { ...upgrade, host: 'evil.example' })).toBe(403)
    expect(await status(pathname, { ...upgrade, host, origin: 'http://evil.example' })).toBe(403)
    for (const path of ['/', '/devtools/browser/x', '/devtools/page/0', '/devtools/browser/'])
      expect(await status(path, { ...upgrade, host })).toBe(404)
  })

  it('speaks /json as a browser with a port does', async () => {
    const version = await (await fetch(`${bench.run.cdp}/json/version`)).json()
    expect(version['WebKit-Version']).toMatch(/^537\.36 \(@[0-9a-f]{40}\)$/)
    expect(version.webSocketDebuggerUrl).toBe(bench.run.ws)
    const protocol = await (await fetch(`${bench.run.cdp}/json/protocol`)).json()
    expect(protocol.domains.map((d: { domain: string }) => d.domain)).toContain('Runtime')
    expect((await fetch(`${bench.run.cdp}/json/new?${site.url}/json-new`)).status).toBe(405)
    const made = await fetch(
      `${bench.run.cdp}/json/new?${encodeURIComponent(`${site.url}/json-new`)}`,
      {
        method: 'PUT',
      },
    )
    const { id, webSocketDebuggerUrl } = await made.json()
    await site.hit('/ran/json-new')
    const list = await (await fetch(`${bench.run.cdp}/json/list`)).json()
    expect(list.map((entry: { id: string }) => entry.id)).toContain(id)
    expect(new Set(list.map((entry: { type: string }) => entry.type))).toEqual(new Set(['page']))
    const page = await RawAgent.connect(webSocketDebuggerUrl)
    expect(await page.evaluate('location.pathname', undefined)).toBe('/json-new')
    expect((await fetch(`${bench.run.cdp}/json/close/${id}`)).status).toBe(200)
    expect(await page.closed).toBe(1001)
    expect((await fetch(`${bench.run.cdp}/json/activate/${id}`)).status).toBe(404)
    expect(
      (await fetch(`${bench.run.cdp}/json/new?file:///etc/passwd`, { method: 'PUT' })).status,
    ).toBe(403)
  })
})

describe('a command', () => {
  it('is answered under its own number, whatever others use', async () => {
    const other = await RawAgent.connect(bench.run.ws)
    const asked = Array.from({ length: 20 }, (_, at) => {
      const from = at % 2 === 0 ? agent : other
      return from.call('Target.getTargetInfo')
    })
    const ids = (await Promise.all(asked)).map((result) => JSON.stringify(result))
    expect(new Set(ids).size).toBe(2)
    other.end()
  })

  it('is read once: the same key twice, batches, deep nesting and other shapes are refused', async () => {
    const refused: [string, number][] = [
      ['{"id":9001,"id":9002,"method":"Browser.getVersion"}', -32700],
      ['{"id":9003,"method":"Browser.getVersion","\\u006dethod":"Browser.close"}', -32700],
      ['[{"id":9004,"method":"Browser.getVersion"}]', -32600],
      ['\ufeff{"id":9005,"method":"Browser.getVersion"}', -32700],
      [
        `{"id":9006,"method":"Browser.getVersion","params":${'{"a":'.repeat(250)}1${'}'.repeat(251)}`,
        -32700,
      ],
      ['{"id":9007.5,"method":"Browser.getVersion"}', -32600],
      ['{"id":99999999999,"method":"Browser.getVersion"}', -32600],
      ['{"id":9008,"method":"Browser.getVersion","extra":1}', -32600],
      ['{"id":9009,"method":["Browser.getVersion"]}', -32600],
      ['nonsense', -32700],
    ]
    for (const [text, code] of refused) {
      const before = agent.messages.length
      agent.sendText(text)
      await agent.call('Target.getTargetInfo')
      expect(
        agent.messages.slice(before).map((m) => m.error?.code),
        text,
      ).toContain(code)
    }
  })

  it('too large for the limit ends the connection', async () => {
    const other = await RawAgent.connect(bench.run.ws)
    other.sendText(
      `{"id":1,"method":"Browser.getVersion","params":{"x":"${'x'.repeat(FRAME_LIMIT)}"}}`,
    )
    expect(await other.closed).toBe(1009)
  })

  it('of an unknown or denied method is answered in words, recorded once, and not sent', async () => {
    for (let times = 0; times < 3; times++) {
      const { error } = await agent.ask('SystemInfo.getInfo')
      expect(error?.message).toMatch(/Holdpoint did not send SystemInfo\.getInfo/)
      expect((await agent.ask('Nope.nope')).error?.message).toMatch(/Holdpoint did not send/)
    }
    const entries = await recorded('refused')
    expect(entries.filter((entry) => entry.body.method === 'SystemInfo.getInfo')).toHaveLength(1)
    expect(entries.find((entry) => entry.body.method === 'Nope.nope')?.body).toMatchObject({
      code: 'method_unknown',
    })
    expect(entries.find((entry) => entry.run !== null)?.run).toBe(bench.run.id)
  })

  it('to a session that is not the agent’s reaches nothing', async () => {
    const other = await RawAgent.connect(bench.run.ws)
    const { session } = await other.open('about:blank')
    const root = bench.gateway.wire.targets.all()[0]?.session.id
    for (const foreign of [session, root, 'x', '']) {
      const answer = await agent.ask('Runtime.evaluate', { expression: '1' }, foreign)
      expect(answer.error?.code).toBe(-32001)
      // As Chromium says it: with a session, clients take it for the failure of a command.
      expect(answer.sessionId).toBeUndefined()
    }
    expect((await agent.ask('Target.detachFromTarget', { sessionId: session })).error).toBeDefined()
    expect(await other.evaluate('1', session)).toBe(1)
    other.end()
  })

  it('that is outstanding when its page closes is answered', async () => {
    const { session, targetId } = await agent.open('about:blank')
    const never = agent.ask(
      'Runtime.evaluate',
      { expression: 'new Promise(() => {})', awaitPromise: true },
      session,
    )
    await agent.call('Target.closeTarget', { targetId })
    expect((await never).error).toMatchObject({ code: -32001 })
  })

  it('that is outstanding when its page crashes is answered', async () => {
    const { session } = await agent.open(`${site.url}/crash`)
    await site.hit('/ran/crash')
    const never = agent.ask(
      'Runtime.evaluate',
      { expression: 'new Promise(() => {})', awaitPromise: true },
      session,
    )
    // The browser tells of a page's address in its own time.
    const { targets } = bench.gateway.wire
    const target = await until(() => targets.all().find(({ url }) => url.endsWith('/crash')))
    target.session.call('Page.crash').catch(() => undefined)
    expect((await never).error).toMatchObject({ code: -32001 })
  })
})

describe('an address', () => {
  it('that is no web address is refused, by whatever way a page is sent to it', async () => {
    const { session } = await agent.open('about:blank')
    for (const url of [
      'file:///etc/passwd',
      'chrome://settings',
      'chrome-extension://x/y.html',
      'devtools://devtools/x',
      'view-source:http://example.com',
      'javascript:1',
      'about:version',
      'filesystem:http://x/y',
    ]) {
      expect((await agent.ask('Page.navigate', { url }, session)).error, url).toBeDefined()
      expect((await agent.ask('Target.createTarget', { url })).error, url).toBeDefined()
    }
    expect(
      (await agent.targets()).filter(({ url }) => /^(file|chrome|devtools|view)/.test(url)),
    ).toEqual([])
  })

  it('of the companion itself is refused, and recorded as forgery', async () => {
    const { session } = await agent.open('about:blank')
    const { port } = new URL(bench.companion.url)
    for (const url of [
      bench.companion.url,
      `http://localhost:${port}/`,
      `http://anything.localhost:${port}/v1/holds`,
      `http://2130706433:${port}/`,
      `http://[::1]:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `http://user@127.1:${port}/`,
      bench.run.cdp,
    ]) {
      expect((await agent.ask('Page.navigate', { url }, session)).error?.message, url).toMatch(
        /own pages/,
      )
      expect((await agent.ask('Target.createTarget', { url })).error?.message, url).toMatch(
        /own pages/,
      )
    }
    const forgeries = await recorded('forgery')
    expect(forgeries.length).toBe(16)
    expect(forgeries[0]?.actor).toBe('agent:bench')
    expect(bench.companion.context.breaker.reason).not.toBeNull()
  })
})
