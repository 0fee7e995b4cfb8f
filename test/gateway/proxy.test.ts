import { mkdtempSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { type Proxy as RunningProxy, startProxy } from '#companion/proxy/proxy.ts'
import { no, type TestGate, testGate, yes } from './proxy-gate.ts'
import { type Answer, type Site, startSite, testCertificate } from './proxy-site.ts'

const worker = `
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()))
self.addEventListener('fetch', (event) => {
  if (event.request.url.endsWith('/from-worker'))
    event.respondWith(fetch('/worker-post', { method: 'POST', body: 'cold' }).then(() => new Response('done')))
})
`
const shared = `
self.onconnect = ({ ports: [port] }) => {
  port.onmessage = () => fetch('/shared-post', { method: 'POST', body: 'shared' }).then((r) => port.postMessage(r.status))
}
`

const pages: Answer = ({ url }, res) => {
  const send = (type: string, text: string) => {
    res.statusCode = 200
    res.setHeader('content-type', type)
    res.end(text)
    return true
  }
  if (url === '/') return send('text/html', '<title>site</title><h1>site</h1>')
  if (url === '/sw.js') return send('text/javascript', worker)
  if (url === '/shared.js') return send('text/javascript', shared)
  if (url === '/events') {
    res.setHeader('content-type', 'text/event-stream')
    res.write('data: first\n\n')
    setTimeout(() => res.write('data: second\n\n'), 300)
    return true
  }
  return undefined
}

describe('the proxy behind a real Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-proxy-'))
  const trusted = testCertificate()
  const strange = testCertificate()
  let http: Site
  let h2: Site
  let h1: Site
  let unknown: Site
  let companion: Site
  let gate: TestGate
  let proxy: RunningProxy
  let context: BrowserContext
  const errors: unknown[] = []

  beforeAll(async () => {
    http = await startSite(pages)
    h2 = await startSite(pages, trusted)
    h1 = await startSite(pages, { ...trusted, http2: false })
    unknown = await startSite(pages, strange)
    companion = await startSite(pages)
    gate = testGate((url) => new URL(url).port === String(companion.port))
    proxy = await startProxy({
      keys: join(folder, 'keys'),
      gate,
      extraCa: trusted.file,
      report: (error) => void errors.push(error),
    })
    const found = findBrowser()
    if (!found.ok) throw new Error(found.error.message)
    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: found.browser.path,
      headless: true,
      args: [...proxy.switches, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    })
  })

  afterAll(async () => {
    await context?.close()
    await proxy?.stop()
    await Promise.all([http, h2, h1, unknown, companion].map((site) => site?.stop()))
    await rm(folder, { recursive: true, force: true })
    expect(errors).toEqual([])
  })

  async function opened(site: Site): Promise<Page> {
    const page = await context.newPage()
    await page.goto(`${site.origin}/`)
    return page
  }

  const post = (path: string, headers: Record<string, string> = {}) => ({
    path,
    init: { method: 'POST', body: 'amount=1', headers },
  })

  async function fetchIn(page: Page, request: { path: string; init: RequestInit }) {
    return await page.evaluate(async ({ path, init }) => {
      const answer = await fetch(path, init)
      return { status: answer.status, text: await answer.text() }
    }, request)
  }

  it('keeps its key to its owner', () => {
    expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'keys', 'proxy.key')).mode & 0o777).toBe(0o600)
  })

  for (const [name, site, version] of [
    ['plain HTTP', () => http, '1.1'],
    ['HTTPS with HTTP/2', () => h2, '2.0'],
    ['HTTPS with HTTP/1', () => h1, '1.1'],
  ] as const) {
    describe(name, () => {
      it('loads a page in a secure context, with the protocol that the server speaks', async () => {
        const page = await opened(site())
        expect(await page.title()).toBe('site')
        expect(await page.evaluate(() => isSecureContext)).toBe(true)
        expect(site().hits[0]).toMatchObject({ method: 'GET', url: '/', version })
        await page.close()
      })

      it('holds a POST without a stamp until it is decided', async () => {
        const page = await opened(site())
        const allowed = fetchIn(page, post('/allowed'))
        const first = await gate.next(({ url }) => url.endsWith('/allowed'))
        expect(first.request).toMatchObject({
          kind: 'request',
          method: 'POST',
          url: `${site().origin}/allowed`,
        })
        expect(String(Buffer.from(first.request.body ?? []))).toBe('amount=1')
        expect(site().to('/allowed')).toEqual([])
        first.answer(yes)
        expect(await allowed).toEqual({ status: 200, text: 'ok' })
        expect(site().to('/allowed')).toMatchObject([{ method: 'POST', body: 'amount=1' }])

        const denied = fetchIn(page, post('/denied'))
        const second = await gate.next(({ url }) => url.endsWith('/denied'))
        second.answer(no)
        const answer = await denied
        expect(answer.status).toBe(403)
        expect(JSON.parse(answer.text)).toMatchObject({ detail: 'the test says no' })
        expect(site().to('/denied')).toEqual([])
        await page.close()
      })

      it('lets a stamped POST pass once, and shows no server a stamp', async () => {
        const page = await opened(site())
        gate.stamps.set('s-1', `POST ${site().origin}/stamped`)
        const stamped = post('/stamped', { 'X-Holdpoint-Stamp': 's-1' })
        expect(await fetchIn(page, stamped)).toEqual({ status: 200, text: 'ok' })
        const again = fetchIn(page, stamped)
        const asked = await gate.next(({ url }) => url.endsWith('/stamped'))
        expect(site().to('/stamped')).toHaveLength(1)
        expect(asked.request.headers).not.toHaveProperty('x-holdpoint-stamp')
        asked.answer(no)
        expect((await again).status).toBe(403)
        const elsewhere = fetchIn(page, post('/other', { 'x-holdpoint-stamp': 's-2' }))
        gate.stamps.set('s-2', `POST ${site().origin}/stamped`)
        const other = await gate.next(({ url }) => url.endsWith('/other'))
        other.answer(yes)
        await elsewhere
        const names = site().hits.flatMap((hit) => Object.keys(hit.headers))
        expect(names).not.toContain('x-holdpoint-stamp')
        await page.close()
      })

      it('does not send what the page has given up', async () => {
        const page = await opened(site())
        await page.evaluate(() => {
          const controller = new AbortController()
          Object.assign(globalThis, { stop: () => controller.abort() })
          void fetch('/given-up', { method: 'POST', body: 'x', signal: controller.signal }).catch(
            () => undefined,
          )
        })
        const asked = await gate.next(({ url }) => url.endsWith('/given-up'))
        await page.evaluate('stop()')
        await expect.poll(() => asked.signal.aborted).toBe(true)
        asked.answer(yes)
        expect(await fetchIn(page, { path: '/after', init: {} })).toMatchObject({ status: 200 })
        expect(site().to('/given-up')).toEqual([])
        await page.close()
      })

      it('holds a GET that the policy flags or that names another method', async () => {
        const page = await opened(site())
        const cases: [string, RequestInit][] = [
          ['/delete?id=1', {}],
          ['/x?_method=delete', {}],
          ['/y', { headers: { 'X-HTTP-Method-Override': 'DELETE' } }],
        ]
        for (const [path, init] of cases) {
          const answer = fetchIn(page, { path, init })
          const asked = await gate.next(({ url }) => url.endsWith(path))
          expect(asked.request.method).toBe('GET')
          asked.answer(no)
          expect((await answer).status).toBe(403)
          expect(site().to(path)).toEqual([])
        }
        await page.close()
      })

      it('holds a WebSocket, then each frame that goes out, in order', async () => {
        const page = await opened(site())
        const wsOrigin = site().origin.replace('http', 'ws')
        await page.evaluate((url) => {
          const ws = new WebSocket(url)
          const heard: string[] = []
          ws.onopen = () => heard.push('open')
          ws.onmessage = ({ data }) => heard.push(data)
          ws.onclose = ({ code }) => heard.push(`closed ${code}`)
          Object.assign(globalThis, { ws, heard })
        }, `${wsOrigin}/socket`)
        const heard = () => page.evaluate('heard')
        const opening = await gate.next(({ kind }) => kind === 'websocket')
        expect(opening.request.url).toBe(`${wsOrigin}/socket`)
        expect(site().to('/socket')).toEqual([])
        opening.answer(yes)
        await expect.poll(heard).toEqual(['open'])
        await page.evaluate("ws.send('one'); ws.send('two'); ws.send('three')")
        const one = await gate.next(({ text }) => text === 'one')
        expect(gate.asked.some(({ request }) => request.text === 'two')).toBe(false)
        one.answer(yes)
        const two = await gate.next(({ text }) => text === 'two')
        await expect.poll(heard).toEqual(['open', 'echo one'])
        two.answer(no)
        await expect.poll(heard).toEqual(['open', 'echo one', 'closed 1008'])
        expect(site().frames).toEqual(['one'])
        site().frames.length = 0
        gate.asked.length = 0
        await page.evaluate((url) => {
          const ws = new WebSocket(url)
          ws.onclose = ({ code }) => Object.assign(globalThis, { heard: [code] })
        }, `${wsOrigin}/refused`)
        const refused = await gate.next(({ kind }) => kind === 'websocket')
        refused.answer(no)
        await expect.poll(heard).toEqual([1006])
        expect(site().to('/refused')).toEqual([])
        await page.close()
      })

      it('streams events as they come', async () => {
        const page = await opened(site())
        const times = await page.evaluate(async () => {
          const source = new EventSource('/events')
          const times: number[] = []
          await new Promise<void>((resolve) => {
            source.onmessage = () => {
              if (times.push(performance.now()) === 2) resolve()
            }
          })
          source.close()
          return times
        })
        expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(150)
        await page.close()
      })

      it('holds the POST of a cold service worker, of a shared worker and a beacon at the end', async () => {
        const page = await opened(site())
        await page.evaluate(async () => {
          await navigator.serviceWorker.register('/sw.js')
          await navigator.serviceWorker.ready
        })
        const session = await context.newCDPSession(page)
        await session.send('ServiceWorker.enable')
        await session.send('ServiceWorker.stopAllWorkers')
        const loaded = page.goto(`${site().origin}/from-worker`)
        const cold = await gate.next(({ url }) => url.endsWith('/worker-post'))
        expect(site().to('/worker-post')).toEqual([])
        cold.answer(yes)
        await loaded
        expect(site().to('/worker-post')).toMatchObject([{ body: 'cold' }])
        await page.evaluate(() => {
          const { port } = new SharedWorker('/shared.js')
          port.postMessage('go')
        })
        const fromShared = await gate.next(({ url }) => url.endsWith('/shared-post'))
        fromShared.answer(no)
        await page.evaluate(() => {
          addEventListener('pagehide', () => navigator.sendBeacon('/beacon', 'bye'))
        })
        await page.close({ runBeforeUnload: true })
        const beacon = await gate.next(({ url }) => url.endsWith('/beacon'))
        expect(site().to('/beacon')).toEqual([])
        beacon.answer(yes)
        await expect.poll(() => site().to('/beacon')).toMatchObject([{ body: 'bye' }])
        expect(site().to('/shared-post')).toEqual([])
      })
    })
  }

  it('shows the certificate warning of the browser for a server that we do not trust', async () => {
    const page = await context.newPage()
    const opened = page.goto(`${unknown.origin}/`)
    await expect(opened).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID')
    expect(unknown.hits).toEqual([])
    await page.close()
  })

  it('reports a server that is not there as a network error', async () => {
    const page = await opened(http)
    const reached = page.evaluate(
      async (url) => await fetch(url, { mode: 'no-cors' }).then(String),
      'http://localhost:9/',
    )
    await expect(reached).rejects.toThrow('Failed to fetch')
    await expect(page.goto('https://localhost:12/')).rejects.toThrow('ERR_TUNNEL_CONNECTION_FAILED')
    await page.close()
  })

  it('refuses the companion and the proxy itself, by any name, and tells the gate', async () => {
    const page = await opened(http)
    const names = ['127.0.0.1', 'localhost', 'rebind.localhost', '[::ffff:127.0.0.1]']
    for (const name of names) {
      await page.goto(`http://${name}:${companion.port}/`).catch(() => undefined)
      await page.goto(`https://${name}:${companion.port}/`).catch(() => undefined)
    }
    await page.goto(`http://127.0.0.1:${proxy.port}/`).catch(() => undefined)
    expect(companion.hits).toEqual([])
    expect(gate.forgeries.length).toBeGreaterThanOrEqual(5)
    await page.close()
  })
})
