import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Params, paramsOf, textOf } from '#companion/gateway/cdp.ts'
import { type AgentPage, HostBench, toldBy } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'
import { until } from './requests-bench.ts'

/** A hostile page and a hostile agent, and nobody who approves anything: whatever they try, no request
 * that changes something arrives, and the page lives on. */

let bench: HostBench
let agent: RawAgent
let page: AgentPage

const worker = (code: string) => `URL.createObjectURL(new Blob([${JSON.stringify(code)}]))`
const frame = (post: string) =>
  `<form method=post action=${post}></form><script>document.forms[0].submit()</script>`

beforeAll(async () => {
  bench = await HostBench.start({
    pages: {
      '/app': '<!doctype html><title>app</title><body>',
      '/posts': frame('/by-popup'),
      '/sw.js': (_request, response) => {
        response.setHeader('content-type', 'text/javascript')
        response.end(`skipWaiting(); fetch('/by-sw-start', { method: 'POST' }).catch(() => 0)
`)
      },
      '/csp': (_request, response) => {
        response.setHeader('content-security-policy', "img-src 'none'; report-uri /by-csp")
        response.setHeader('content-type', 'text/html').end('<img src=x>')
      },
      '/cookie': (_request, response) => {
        response.setHeader('set-cookie', 'sid=SECRET; HttpOnly; Path=/').end('x')
      },
    },
  })
  agent = await bench.agent()
  page = await bench.open(agent, '/app')
})
afterAll(async () => {
  agent?.end()
  await bench?.stop()
})
afterEach(async () => {
  for (const { id } of await bench.holds()) await bench.verdict(id, 'deny')
  expect(arrived()).toEqual([])
})

/** What would have changed something. Looked at after every test and, for what takes its time, once more
 * after all of them. */
const arrived = () => bench.site.mutating()

describe('held, whoever sends it:', () => {
  it.each([
    ['fetch', `fetch('/by-fetch', { method: 'POST' })`],
    ['an unknown method', `fetch('/by-purge', { method: 'PURGE' })`],
    ['to another site', `fetch('OTHER/by-cors', { method: 'POST', mode: 'no-cors' })`],
    ['a beacon', `navigator.sendBeacon('/by-beacon', 'x')`],
    ['fetchLater', `fetchLater('/by-later', { method: 'POST', activateAfter: 0 })`],
    ['a worker', `new Worker(${worker(`fetch('ORIGIN/by-worker', { method: 'POST' })`)})`],
    ['a srcdoc frame', `add({ srcdoc: ${JSON.stringify(frame('/by-srcdoc'))} })`],
    [
      'a data frame',
      `add({ src: 'data:text/html,' + ${JSON.stringify(frame('ORIGIN/by-data'))} })`,
    ],
    ['a fresh realm', `add({}).contentWindow.fetch('ORIGIN/by-realm', { method: 'POST' })`],
    ['a popup', `open('/posts', '_blank', 'noopener')`, '/by-popup'],
    ['a written popup', `open('').document.write(${JSON.stringify(frame('ORIGIN/by-written'))})`],
    ['a CSP report', `add({ src: '/csp' })`],
    [
      'a service worker',
      `navigator.serviceWorker.register('/sw.js', { scope: '/sw/' })`,
      '/by-sw-start',
    ],
  ])('%s', async (_name, code, path = /\/by-\w+/.exec(code)?.[0] ?? '/by-csp') => {
    const add = `const add = (what) => { const frame = Object.assign(document.createElement('iframe'), what)
      document.body.append(frame); return frame }`
    const text = code
      .replaceAll('ORIGIN', bench.site.origin)
      .replaceAll('OTHER', bench.site.foreign)
    const fresh = await bench.open(agent, '/app')
    await fresh.evaluate(`(() => { ${add}\n${text} })(); 1`)
    await bench.held(new RegExp(`${path}$`))
    await agent.call('Target.closeTarget', { targetId: fresh.targetId })
  })

  it('what a page sends while its tab is closed', async () => {
    const fresh = await bench.open(agent, '/app')
    await fresh.evaluate(`addEventListener('pagehide', () => {
      navigator.sendBeacon('/by-leaving'); fetch('/by-leaving-too', { method: 'POST', keepalive: true }) }); 1`)
    await agent.call('Target.closeTarget', { targetId: fresh.targetId })
    await pause(700)
    expect(arrived()).toEqual([])
  })

  it('what a page sends while it is left for another', async () => {
    const fresh = await bench.open(agent, '/app')
    await fresh.evaluate(`addEventListener('pagehide', () => navigator.sendBeacon('/by-going')); 1`)
    await fresh.evaluate(`void setTimeout(() => { location = '/app?next' }); 1`)
    await bench.held(/by-going$/)
    await agent.call('Target.closeTarget', { targetId: fresh.targetId })
  })

  it('four hundred at once are few holds', async () => {
    const all = `for (let i = 0; i < 400; i++) fetch('/by-flood' + i, { method: 'POST' }).catch(() => 0); 1`
    await page.evaluate(all)
    await pause(1500)
    expect((await bench.holds()).length).toBeLessThanOrEqual(20)
    expect(await page.evaluate('document.title')).toBe('app')
  })
})

describe("what an agent's own Fetch makes of a GET is held or refused:", () => {
  const headers = (name: string, value: string) => ({ headers: [{ name, value }] })
  /** The answer to `Fetch.continueRequest` with these parameters, for a request that a page sends. */
  async function route(path: string, made: Params, code = `fetch('${path}')`): Promise<string> {
    const fresh = await bench.open(agent, '/app')
    const patterns = [{ urlPattern: `*${path}*` }]
    await fresh.ask('Fetch.enable', { patterns })
    await fresh.evaluate(`void (${code}); 1`)
    const paused = await agent.event('Fetch.requestPaused', ({ request }) =>
      `${paramsOf(request).url}`.includes(path),
    )
    const requestId = textOf(paramsOf(paused.params).requestId)
    return toldBy(await fresh.ask('Fetch.continueRequest', { requestId, ...made }))
  }
  const came = (path: string) => bench.site.hits.some((hit) => hit.path.startsWith(path))

  it.each([
    ['another method', '/r-method', { method: 'POST', postData: 'YQ==' }],
    ['TRACE, which would tell the cookies', '/r-trace', { method: 'TRACE' }],
    ['a body', '/r-body', { postData: 'YT01' }],
    ['a header that stands for a method', '/r-override', headers('X-Http-Method-Override', 'PUT')],
    ['the same with underscores', '/r-under', headers('X_HTTP_METHOD_OVERRIDE', 'PUT')],
  ])('%s', async (_name, path, made) => {
    expect(await route(path, made)).toBe('')
    await bench.held(new RegExp(`${path}$`))
    expect(came(path)).toBe(false)
  })

  it('another method for an image, which only the proxy sees', async () => {
    await route('/r-image', { method: 'DELETE' }, `new Image().src = '/r-image'`)
    await bench.held(/r-image$/)
  })

  it.each([
    ['a stamp', headers('X-Holdpoint-Stamp', 'x'), /Holdpoint's own/],
    ['cookies', headers('Cookie', 'sid=forged'), /as whom the browser acts/],
    ['a second header in a value', headers('X-A', 'b\r\nX-Http-Method: PUT'), /Invalid header/],
    ['the end of the request', headers('Transfer-Encoding', 'chunked'), /Unsafe header/],
    ['another host', headers('Host', 'other.example'), /Unsafe header/],
  ])('%s', async (name, made, says) => {
    const path = `/r-${name.replaceAll(' ', '-')}`
    expect(await route(path, made)).toMatch(says)
    expect(came(path)).toBe(false)
  })

  it('an address of its own gets no cookies of the page', async () => {
    await page.evaluate(`fetch('/cookie').then(() => 1)`)
    await route('/r-steal', { url: `${bench.site.foreign}/stolen` })
    const stolen = await until(() => bench.site.hits.find(({ path }) => path === '/stolen'))
    expect(stolen.headers.cookie ?? '').not.toContain('SECRET')
  })
})

it.each([
  'Network.replayXHR',
  'Network.loadNetworkResource',
  'Target.exposeDevToolsProtocol',
  'Page.setBypassCSP',
  'Page.generateTestReport',
  'Emulation.setScriptExecutionDisabled',
  'Emulation.setVirtualTimePolicy',
  'ServiceWorker.dispatchSyncEvent',
  'HeapProfiler.takeHeapSnapshot',
  'Debugger.setBreakpointByUrl',
])('%s is refused with a reason', async (method) => {
  const said = toldBy(await page.ask(method, { value: true, enabled: true, policy: 'pause' }))
  expect(said).toMatch(/^Holdpoint did not send /)
})

it('none of it arrives late', async () => {
  await pause(1000)
  expect(arrived()).toEqual([])
})
