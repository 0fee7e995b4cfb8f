import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { USER } from '#companion/proxy/password.ts'
import { type Proxy as RunningProxy, startProxy } from '#companion/proxy/proxy.ts'
import { testGate, yes } from './proxy-gate.ts'
import { type Site, startSite, testCertificate } from './proxy-site.ts'

const worker = `
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()))
self.addEventListener('fetch', (event) => {
  if (event.request.url.endsWith('/cold'))
    event.respondWith(fetch('/post', { method: 'POST' }).then(() => new Response('done')))
})
`

/** Chromium's own behaviour, on which `password` relies. */
describe('a password for the proxy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-password-'))
  const certificate = testCertificate()
  const password = 'a secret of this start'
  let site: Site
  let proxy: RunningProxy
  let browser: Browser
  let challenges = 0

  beforeAll(async () => {
    site = await startSite(({ url }, res) => {
      if (url !== '/sw.js') return undefined
      res.setHeader('content-type', 'text/javascript')
      res.end(worker)
      return true
    }, certificate)
    const gate = testGate()
    gate.reply = () => yes
    const extraCa = certificate.file
    const report = (error: unknown) => process.stderr.write(`${String(error)}\n`)
    proxy = await startProxy({ keys: join(folder, 'keys'), gate, extraCa, password, report })
    const found = findBrowser()
    if (!found.ok) throw new Error(found.error.message)
    browser = await chromium.launch({
      executablePath: found.browser.path,
      headless: true,
      args: [...proxy.switches, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    })
    const root = await browser.newBrowserCDPSession()
    root.on('Fetch.requestPaused', ({ requestId }) => {
      // Requests that are gone by now are none of this test's business.
      void root.send('Fetch.continueRequest', { requestId }).catch(() => undefined)
    })
    root.on('Fetch.authRequired', ({ requestId, authChallenge }) => {
      challenges += 1
      const proxied = authChallenge.source === 'Proxy'
      void root.send('Fetch.continueWithAuth', {
        requestId,
        authChallengeResponse: proxied
          ? { response: 'ProvideCredentials', username: USER, password }
          : { response: 'Default' },
      })
    })
    const patterns = [{ urlPattern: '*' }]
    await root.send('Fetch.enable', { handleAuthRequests: true, patterns })
  })

  afterAll(async () => {
    await browser?.close()
    await proxy?.stop()
    await site?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('is asked for once per context, and then sent by workers and WebSockets too', async () => {
    for (const round of [1, 2]) {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(`${site.origin}/`)
      expect(challenges).toBe(round)
      const opened = await page.evaluate(
        (url) =>
          new Promise((resolve) => {
            const ws = new WebSocket(url)
            ws.onopen = () => resolve('open')
            ws.onerror = () => resolve('failed')
          }),
        `${site.origin.replace('http', 'ws')}/socket`,
      )
      expect(opened).toBe('open')
      await page.evaluate(async () => {
        await navigator.serviceWorker.register('/sw.js')
        await navigator.serviceWorker.ready
      })
      const session = await context.newCDPSession(page)
      await session.send('ServiceWorker.enable')
      await session.send('ServiceWorker.stopAllWorkers')
      await page.goto(`${site.origin}/cold`)
      expect(site.to('/post')).toHaveLength(round)
      expect(challenges).toBe(round)
      await context.close()
    }
  })
})
