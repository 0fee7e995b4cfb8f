import { type Browser, chromium, type Page } from '@playwright/test'
import puppeteer, { type Browser as PuppeteerBrowser } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EchoSite, startEchoSite } from './echo-site.ts'
import { type GatewayBench, startGatewayBench } from './gateway-bench.ts'

let bench: GatewayBench
let site: EchoSite

beforeAll(async () => {
  site = await startEchoSite({
    '/start': `<button onclick="this.textContent = 'trusted ' + event.isTrusted">Go</button>
      <a href="/popup" target="_blank">More</a><iframe src="OTHER/frame"></iframe>`,
  })
  bench = await startGatewayBench()
})
afterAll(async () => {
  await bench.stop()
  await site.stop()
  expect(bench.reported).toEqual([])
})

describe('Playwright, by connectOverCDP', () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await chromium.connectOverCDP(bench.run.cdp)
    const [context] = browser.contexts()
    if (!context) throw new Error('there is no context')
    page = context.pages()[0] ?? (await context.newPage())
    await page.goto(`${site.url}/start`)
  })
  afterAll(() => browser.close())

  it('clicks, and the click is trusted', async () => {
    await page.click('button')
    expect(await page.textContent('button')).toBe('trusted true')
    expect(bench.run.families()).toEqual(['playwright'])
  })

  it('follows a link into a popup', async () => {
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('a')])
    await popup.waitForLoadState()
    expect(await popup.title()).toBe('/popup')
    await popup.close()
  })

  it('reads a frame of another site', async () => {
    expect(await page.frameLocator('iframe').locator('h1').textContent()).toBe('/frame')
  })

  it('routes and photographs in a context of its own', async () => {
    const context = await browser.newContext({ viewport: { width: 300, height: 200 } })
    const own = await context.newPage()
    await own.route('**/routed', (route) => route.fulfill({ body: 'by the agent' }))
    await own.goto(`${site.url}/routed`)
    expect(await own.textContent('body')).toBe('by the agent')
    const size = (await own.screenshot()).subarray(16, 24)
    expect([size.readUInt32BE(0), size.readUInt32BE(4)]).toEqual([300, 200])
    expect(site.hits).not.toContain('/routed')
    await context.close()
  })

  it('speaks the protocol itself, as far as it may', async () => {
    const session = await page.context().newCDPSession(page)
    const { result } = await session.send('Runtime.evaluate', { expression: '6 * 7' })
    expect(result.value).toBe(42)
    await expect(session.send('SystemInfo.getInfo')).rejects.toThrow(/Holdpoint did not send/)
  })
})

describe('Puppeteer, by browserURL', () => {
  let browser: PuppeteerBrowser

  beforeAll(async () => {
    browser = await puppeteer.connect({ browserURL: bench.run.cdp })
  })
  afterAll(() => browser.disconnect())

  it('clicks, opens popups, reads frames and photographs', async () => {
    const page = await browser.newPage()
    await page.goto(`${site.url}/start`)
    await page.locator('button').click()
    expect(await page.$eval('button', (button) => button.textContent)).toBe('trusted true')
    const opened = new Promise<void>((resolve) => page.once('popup', () => resolve()))
    await page.click('a')
    await opened
    const frame = await page.waitForFrame((one) => one.url().endsWith('/frame'))
    expect(await frame.$eval('h1', (h1) => h1.textContent)).toBe('/frame')
    expect((await page.screenshot()).length).toBeGreaterThan(1000)
    expect(bench.run.families()).toContain('puppeteer')
  })

  it('intercepts in a context of its own', async () => {
    const context = await browser.createBrowserContext()
    const page = await context.newPage()
    await page.setRequestInterception(true)
    page.on('request', (request) => void request.respond({ body: 'by the agent' }))
    await page.goto(`${site.url}/answered`)
    expect(await page.$eval('body', (body) => body.textContent)).toBe('by the agent')
    await context.close()
    expect(browser.browserContexts()).not.toContain(context)
  })
})
