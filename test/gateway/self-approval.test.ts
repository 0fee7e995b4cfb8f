import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { IncomingMessage } from 'node:http'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { closeBreaker } from '#companion/core/close-breaker.ts'
import { numberOf } from '#companion/gateway/cdp.ts'
import { type AgentPage, HostBench, PERSON, toldBy } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'
import { quiet, until } from './requests-bench.ts'

/** An agent that reaches for what approves it: from its browser, through the gateway, with a token of
 * its own. Nothing may arrive, every attempt is a forgery on record, and the breaker opens. */

let bench: HostBench
let agent: RawAgent
let page: AgentPage
/** Ports that only people and the gateway itself may talk to, and what reached them. */
let ports: Record<'companion' | 'run' | 'proxy', number>
const arrived: string[] = []

/** Node says of every request that any server of this process gets. */
function note(message: unknown): void {
  const request = message instanceof Object && 'request' in message ? message.request : null
  // The browser's requests for other servers reach the proxy with their whole address.
  if (!(request instanceof IncomingMessage) || request.url?.startsWith('http')) return
  if (request.headers['user-agent'] === PERSON) return
  const port = request.socket.localPort
  if (port === ports?.companion || port === ports?.run || port === ports?.proxy)
    arrived.push(`${request.method} :${port}${request.url}`)
}

beforeAll(async () => {
  bench = await HostBench.start({
    pages: {
      '/': `<title>Shop</title><h1>Shop</h1>
        <button id="pay" onclick="fetch('/pay', { method: 'POST', body: '40' })">Pay 40 USD</button>`,
      '/to': (request, response) => {
        const url = new URL(request.url ?? '', 'http://x').searchParams.get('url') ?? ''
        response.writeHead(307, { location: url }).end()
      },
      '/worker.js': `onmessage = ({ data }) => fetch(data, { mode: 'no-cors' }).then(
        (r) => postMessage(r.type + r.status), (e) => postMessage(String(e)))`,
    },
  })
  agent = await bench.agent()
  const proxy = /--proxy-server=http:\/\/127\.0\.0\.1:(\d+)/.exec(
    readFileSync(`/proc/${bench.host.gateway.pid}/cmdline`, 'utf8'),
  )?.[1]
  ports = {
    companion: Number(new URL(bench.companion.url).port),
    run: Number(new URL(bench.run.cdp).port),
    proxy: Number(proxy),
  }
  subscribe('http.server.request.start', note)
  page = await bench.open(agent, '/')
})
afterAll(async () => {
  unsubscribe('http.server.request.start', note)
  agent?.end()
  await bench?.stop()
  expect(bench?.reported).toEqual([])
})
beforeEach(async () => {
  await reset()
  arrived.length = 0
  bench.site.hits.length = 0
})
afterEach(() => {
  expect(arrived).toEqual([])
})

async function reset(): Promise<void> {
  const by = { id: 'person', actor: 'person', name: 'person' }
  await closeBreaker(bench.companion.context, { scope: 'all', reason: 'looked into', by })
  expect(bench.companion.context.breaker.reason).toBeNull()
}

/** Runs an attempt; it must come to nothing, be on record, and open the breaker. */
async function forgery(attempt: () => Promise<unknown>, what = ''): Promise<unknown> {
  const before = (await bench.entries('forgery')).length
  const came = await attempt()
  const seen = until(async () => (await bench.entries('forgery')).length > before, 3000)
  await expect(seen, what).resolves.toBe(true)
  expect(bench.companion.context.breaker.reason, what).not.toBeNull()
  expect(arrived, what).toEqual([])
  return came
}

const spellings = (port: number) => [
  `http://127.0.0.1:${port}/`,
  `http://localhost:${port}/`,
  `http://LOCALHOST.:${port}/`,
  `http://holdpoint.localhost:${port}/`,
  `http://[::1]:${port}/`,
  `http://[::ffff:127.0.0.1]:${port}/`,
  `http://[::]:${port}/`,
  `http://0.0.0.0:${port}/`,
  `http://127.1:${port}/`,
  `http://127.0.0.1.:${port}/`,
  `http://2130706433:${port}/`,
  `http://0x7f.0.0.1:${port}/`,
  `http://0177.1:${port}/`,
  `http://%31%32%37.0.0.1:${port}/`,
  `http://１２７.0.0.1:${port}/`,
  `http://me:you@127.0.0.1:${port}/`,
  `http:\\\\127.0.0.1:${port}\\v1\\holds`,
  `https://127.0.0.1:${port}/`,
  `\u0000 http://127.0.0.1:${port}/`,
  `ht\ntp://127.0.0.1:${port}/`,
  `blob:http://127.0.0.1:${port}/0a0b0c0d-0000-4000-8000-000000000000`,
]

describe('an agent cannot send a page to the companion', () => {
  it.each(['Page.navigate', 'Target.createTarget'])(
    'by %s, however it is spelled',
    async (method) => {
      for (const port of Object.values(ports))
        for (const url of spellings(port)) {
          await reset()
          await forgery(async () => {
            const answer = method.startsWith('Page')
              ? await page.ask(method, { url })
              : await agent.ask(method, { url })
            expect(toldBy(answer), url).toMatch(/out of an agent's reach/)
          })
        }
      expect((await agent.targets()).map(({ url }) => url).sort()).toEqual([
        'about:blank',
        `${bench.site.origin}/`,
      ])
    },
  )

  it('by the list of pages over HTTP', async () => {
    await forgery(async () => {
      const url = `${bench.run.cdp}/json/new?${encodeURIComponent(bench.companion.dashboardUrl)}`
      const headers = { 'user-agent': PERSON } // the request itself is good: it is what it asks for
      expect((await fetch(url, { method: 'PUT', headers })).status).toBe(403)
    })
  })

  it('by a redirect of its own server, a script, a link, a popup, a form or a refresh', async () => {
    const { url } = bench.companion
    const to = `${bench.site.origin}/to?url=${encodeURIComponent(`${url}/v1/holds`)}`
    for (const [what, by] of Object.entries({
      redirect: `location.href = ${JSON.stringify(to)}`,
      script: `location.replace('${url}/')`,
      popup: `void open('${url}/#token=x')`,
      'popup without opener': `void open('${url}/', '', 'noopener')`,
      link: `document.body.insertAdjacentHTML('beforeend', '<a id="l" href="${url}/">x</a>'); l.click()`,
      form: `document.body.insertAdjacentHTML('beforeend',
        '<form id="f" method="post" action="${url}/v1/holds/x/verdict" enctype="text/plain"><input name=\\'{"verdict":"approve","x":"\\' value=\\'"}\\'></form>'); f.submit()`,
      refresh: `document.head.insertAdjacentHTML('beforeend', '<meta http-equiv="refresh" content="0;url=${url}/">')`,
    })) {
      await reset()
      const own = await bench.open(agent, `/?${encodeURIComponent(what)}`)
      await forgery(() => own.evaluate(by))
      await quiet(50)
      await agent.ask('Target.closeTarget', { targetId: own.targetId })
    }
    for (const { id, url: at } of await agent.targets())
      if (at !== 'about:blank' && id !== page.targetId) {
        expect(at).not.toContain(`:${ports.companion}`)
        await agent.ask('Target.closeTarget', { targetId: id }) // it may have gone by itself
      }
  })
})

describe('a page of the agent’s cannot talk to the companion', () => {
  const read = (url: string, init = '{}') =>
    `fetch('${url}', ${init}).then(async (r) => r.type + ' ' + r.status + ' ' + (await r.text()), String)`
  const element = (html: string) =>
    `new Promise((resolve) => { const holder = document.createElement('div'); holder.innerHTML = \`${html}\`;
      holder.firstChild.onload = () => resolve('loaded'); holder.firstChild.onerror = () => resolve('error');
      document.body.append(holder); setTimeout(resolve, 700, 'nothing') })`

  it.each(['companion', 'run', 'proxy'] as const)(
    'by any request: the port of the %s',
    async (which) => {
      const port = ports[which]
      const url = `http://127.0.0.1:${port}`
      const approve = `${url}/v1/holds/hold_x/verdict`
      const attempts: Record<string, string> = {
        fetch: read(`${url}/v1/holds`),
        'opaque fetch': read(`${url}/v1/holds`, `{ mode: 'no-cors' }`),
        'simple post': read(
          approve,
          `{ method: 'POST', mode: 'no-cors', body: '{"verdict":"approve"}' }`,
        ),
        'post with a header': read(
          approve,
          `{ method: 'POST', headers: { authorization: 'Bearer x', 'content-type': 'application/json' }, body: '{}' }`,
        ),
        'fetch by redirect': read(`/to?url=${encodeURIComponent(`${url}/v1/holds`)}`),
        beacon: `String(navigator.sendBeacon('${approve}', '{"verdict":"approve"}'))`,
        xhr: `new Promise((r) => { const x = new XMLHttpRequest(); x.open('GET', '${url}/'); x.onloadend = () => r(x.status + x.responseText); x.send() })`,
        'event source': `new Promise((r) => { const s = new EventSource('${url}/v1/events'); s.onopen = () => r('open'); s.onerror = () => { s.close(); r('error') } })`,
        image: element(`<img src="${url}/favicon.svg">`),
        script: `new Promise((r) => { const s = document.createElement('script'); s.src = '${url}/x.js'; s.onload = () => r('loaded'); s.onerror = () => r('error'); document.head.append(s) })`,
        style: element(`<link rel="stylesheet" href="${url}/x.css">`),
        frame: element(`<iframe src="${url}/"></iframe>`),
        object: element(`<object data="${url}/"></object>`),
        video: element(`<video src="${url}/v"></video>`),
        worker: `new Promise((r) => { const w = new Worker('/worker.js'); w.onmessage = (e) => r(e.data); w.postMessage('${url}/v1/holds') })`,
        'worker script': `new Promise((r) => { const w = new Worker(URL.createObjectURL(new Blob(["try { importScripts('${url}/x.js'); postMessage('loaded') } catch (e) { postMessage('error') }"]))); w.onmessage = (e) => r(e.data) })`,
        websocket: `new Promise((r) => { const s = new WebSocket('ws://127.0.0.1:${port}/v1/link'); s.onopen = () => r('open'); s.onerror = () => r('error') })`,
      }
      for (const [what, by] of Object.entries(attempts)) {
        await reset()
        const came = String(await forgery(() => page.evaluate(by), what))
        expect(came, what).not.toMatch(/hold_|holds"|open\b|dashboard|token|webSocketDebuggerUrl/)
        expect(came, what).not.toMatch(/^(loaded|\w+ 200)/)
      }
    },
  )

  it('by a request that was approved for its own server, which sends it on', async () => {
    const approve = `${bench.companion.url}/v1/holds/x/verdict`
    const to = `/to?url=${encodeURIComponent(approve)}`
    const sent = page.evaluate(read(to, `{ method: 'POST', body: '{"verdict":"approve"}' }`))
    const hold = await bench.held(/\/to\?/)
    await forgery(() => bench.verdict(hold.id, 'approve'))
    expect(await sent).toMatch(/own_address|Failed to fetch/)
  })

  it('by a name of its own that leads there, or another spelling', async () => {
    const hosts = [
      'localhost',
      'a.localhost',
      '[::1]',
      '127.1',
      '0.0.0.0',
      '127.0.0.1.',
      hostname(),
    ]
    for (const host of hosts) {
      await reset()
      const url = `http://${host}:${ports.companion}/v1/holds`
      const came = await forgery(() => page.evaluate(read(url)))
      expect(came, host).not.toMatch(/200|holds"/)
    }
  })

  it('so often that the log would fill up', async () => {
    const before = (await bench.entries('forgery')).length
    await page.evaluate(
      `Promise.allSettled(Array.from({ length: 400 }, (_, i) => fetch('${bench.companion.url}/' + i)))`,
    )
    await quiet(300)
    expect((await bench.entries('forgery')).length - before).toBeLessThanOrEqual(100)
    await reset()
    // Also one that is not counted any more opens the breaker again.
    await page.evaluate(`fetch('${bench.companion.url}/').catch(String)`)
    await until(() => bench.companion.context.breaker.reason !== null, 2000)
  })
})

describe('what lies on this computer and in the browser itself', () => {
  it('cannot be opened', async () => {
    const token = join(bench.home, 'token')
    const before = (await agent.targets()).length
    for (const url of [
      `file://${token}`,
      `view-source:file://${token}`,
      `view-source:${bench.companion.url}/`,
      `filesystem:file://${token}`,
      `chrome://settings`,
      'chrome://extensions',
      'chrome-extension://abcdefghijklmnopabcdefghijklmnop/page.html',
      'chrome-untrusted://print/',
      'devtools://devtools/bundled/inspector.html',
      'about:settings',
      'javascript:fetch(1)',
      `\tfile://${token}`,
      `FILE:${token}`,
    ])
      for (const ask of [
        () => page.ask('Page.navigate', { url }),
        () => agent.ask('Target.createTarget', { url }),
      ])
        expect(toldBy(await ask()), url).toMatch(/Holdpoint|Cannot navigate|reach/)
    expect(await agent.targets()).toHaveLength(before)
    expect(await page.evaluate('location.origin')).toBe(bench.site.origin)
  })

  it('cannot be read by a page, nor given to one', async () => {
    const token = join(bench.home, 'token')
    const secret = bench.companion.token
    const frame = `new Promise((r) => { const f = document.createElement('iframe'); f.src = 'file://${token}'; f.onload = () => { try { r(f.contentDocument.body.textContent) } catch (e) { r(String(e)) } }; setTimeout(r, 500, 'nothing'); document.body.append(f) })`
    for (const by of [
      `fetch('file://${token}').then((r) => r.text(), String)`,
      `new Promise((r) => { const x = new XMLHttpRequest(); x.open('GET', 'file://${token}'); x.onloadend = () => r(x.responseText); x.send() })`,
      `import('file://${token}').then(String, String)`,
      frame,
    ])
      expect(await page.evaluate(by)).not.toContain(secret)
    for (const [method, params] of Object.entries({
      'Network.loadNetworkResource': { url: `file://${token}`, options: {} },
      'Page.getResourceContent': { frameId: page.targetId, url: `file://${token}` },
      'DOM.getFileInfo': { objectId: '1' },
      'IO.resolveBlob': { objectId: '1' },
      'Browser.getBrowserCommandLine': {},
      'SystemInfo.getInfo': {},
      'Extensions.loadUnpacked': { path: bench.home },
    })) {
      const answer = await page.ask(method, params)
      expect(answer.error, method).toBeDefined()
      expect(JSON.stringify(answer), method).not.toContain(bench.home)
    }

    await page.evaluate(
      `document.body.insertAdjacentHTML('beforeend', '<input type="file" id="file" onchange="window.read = this.files[0].text()">')`,
    )
    const { result } = await page.ask('Runtime.evaluate', { expression: 'file' })
    const objectId = JSON.stringify(result).match(/"objectId":"([^"]+)"/)?.[1] ?? ''
    await forgery(async () => {
      const answer = await page.ask('DOM.setFileInputFiles', { files: [token], objectId })
      expect(toldBy(answer)).toMatch(/Holdpoint's own/)
    })
    await reset()
    await forgery(async () => {
      const data = {
        items: [],
        files: [join(bench.home, 'x', '..', 'token')],
        dragOperationsMask: 1,
      }
      const answer = await page.ask('Input.dispatchDragEvent', { type: 'drop', x: 9, y: 9, data })
      expect(toldBy(answer)).toMatch(/Holdpoint's own/)
    })
    expect(await bench.holds()).toEqual([])
    expect(await page.evaluate('String(window.read)')).toBe('undefined')
  })
})

describe('an agent cannot approve', () => {
  it('wherever it clicks and whatever it presses in its browser', async () => {
    const other = await bench.open(agent, '/?other')
    const paying = page.click('#pay')
    const hold = await bench.held('Pay 40 USD')
    await other.evaluate(`document.querySelector('#pay').remove()`)
    // Below the window nothing can be told, so that such a click is held by itself.
    const bottom = numberOf(await other.evaluate('innerHeight')) ?? 0
    for (let x = 20; x < 780; x += 125)
      for (let y = 20; y < bottom; y += 90) await other.clickAt(x, y)
    for (const key of ['Tab', 'Enter', 'Tab', 'Enter', ' ', 'Escape'])
      for (const type of ['keyDown', 'keyUp'])
        await other.ask('Input.dispatchKeyEvent', {
          type,
          key,
          ...(key === 'Enter' && { text: '\r' }),
        })
    expect((await bench.hold(hold.id)).state).toBe('pending')
    const verdicts = await bench.entries('verdict')
    expect(verdicts.filter((entry) => entry.hold === hold.id)).toEqual([])
    expect(await bench.verdict(hold.id, 'deny')).toBe(200)
    expect(toldBy(await paying)).toContain('denied')
    expect(bench.site.mutating()).toEqual([])
  })

  it('with a token of its own', async () => {
    const body = JSON.stringify({ name: 'bot', role: 'agent' })
    const made = await (await bench.api('/v1/tokens', { method: 'POST', body })).json()
    const { token } = Object(made)
    const second = await bench.open(agent, '/?token')
    const paying = second.click('#pay')
    const hold = await bench.held('Pay 40 USD')
    for (const [path, sent] of [
      [`/v1/holds/${hold.id}/verdict`, '{"verdict":"approve"}'],
      ['/v1/breaker/reset', '{}'],
      ['/v1/tokens', '{"name":"x","role":"supervisor"}'],
      [`/v1/runs/${bench.run.id}`, '{"state":"live"}'],
      [`/v1/runs/${bench.run.id}/takeover`, '{"on":true}'],
    ] as const) {
      await reset()
      await forgery(async () => {
        const answer = await bench.api(path, { method: 'POST', body: sent }, token)
        expect(answer.status, path).toBe(403)
      })
    }
    expect((await bench.hold(hold.id)).state).toBe('pending')
    expect(await bench.verdict(hold.id, 'deny')).toBe(200)
    expect(toldBy(await paying)).toContain('denied')
    expect(bench.site.mutating()).toEqual([])
  })
})
