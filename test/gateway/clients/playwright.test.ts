import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, denialsReach, textOf } from './denials.ts'
import { type Stage, startStage } from './stage.ts'

let stage: Stage
let browser: Browser
let page: Page
const out = mkdtempSync(join(tmpdir(), 'holdpoint-playwright-'))

beforeAll(async () => {
  stage = await startStage()
  browser = await chromium.connectOverCDP(stage.cdp)
  page = await (await browser.newContext()).newPage()
})

afterAll(async () => {
  await browser?.close()
  await stage?.stop()
  rmSync(out, { recursive: true, force: true })
})

const client: Client = {
  open: async (url) => void (await page.goto(url)),
  click: (name) => textOf(page.getByRole('button', { name }).click()),
  enter: (label) => textOf(page.getByLabel(label).press('Enter')),
}

describe('Playwright by connectOverCDP', () => {
  it('navigates, clicks, fills and reads', async () => {
    await page.goto(stage.site.url)
    await page.getByRole('button', { name: 'Show' }).click()
    expect(await page.locator('output').textContent()).toBe('shown')
    await page.getByLabel('Message').fill('hello')
    expect(await page.getByLabel('Message').inputValue()).toBe('hello')
    expect(await page.evaluate(() => document.title)).toBe('Counting /')
  })

  it('follows a popup', async () => {
    await page.goto(stage.site.url)
    const opened = page.waitForEvent('popup')
    await page.getByRole('link', { name: 'More' }).click()
    const popup = await opened
    expect(await popup.getByRole('heading').textContent()).toBe('Popup')
    await popup.close()
  })

  it('works inside a frame of another site', async () => {
    await page.goto(`${stage.site.url}/framed`)
    const frame = page.frameLocator('iframe')
    await frame.getByRole('button', { name: 'Show' }).click()
    expect(await frame.getByRole('button', { name: 'Shown' }).count()).toBe(1)
  })

  it('routes requests', async () => {
    await page.route('**/popup', (route) => route.fulfill({ body: '<h1>Routed</h1>' }))
    await page.goto(`${stage.site.url}/popup`)
    expect(await page.getByText('Routed').count()).toBe(1)
    await page.unroute('**/popup')
  })

  it('makes contexts and sessions of its own', async () => {
    const context = await browser.newContext({ locale: 'de-DE' })
    const other = await context.newPage()
    await other.goto(stage.site.url)
    expect(await other.evaluate(() => navigator.language)).toBe('de-DE')
    const session = await context.newCDPSession(other)
    const { result } = await session.send('Runtime.evaluate', { expression: '6 * 7' })
    expect(result.value).toBe(42)
    await context.close()
  })

  it('takes screenshots, prints and traces', async () => {
    await page.context().tracing.start({ screenshots: true, snapshots: true })
    await page.goto(stage.site.url)
    await page.getByRole('button', { name: 'Show' }).click()
    expect((await page.screenshot()).subarray(1, 4).toString()).toBe('PNG')
    expect((await page.pdf()).subarray(0, 4).toString()).toBe('%PDF')
    await page.context().tracing.stop({ path: join(out, 'trace.zip') })
    expect(statSync(join(out, 'trace.zip')).size).toBeGreaterThan(1000)
  })

  denialsReach(client, () => stage)

  it('reads a denial of what it did with the mouse itself, and can read the page after it', async () => {
    await page.goto(stage.site.url)
    const box = await page.getByRole('button', { name: 'Delete all' }).boundingBox()
    const { x = 0, y = 0 } = box ?? {}
    expect(await textOf(page.mouse.click(x + 5, y + 5))).toContain('Holdpoint denied this action')
    expect(await page.getByRole('heading').textContent()).toBe('Counting')
    expect(stage.site.count('/delete')).toBe(0)
  })

  it('reads a denial of a click inside a frame of another site', async () => {
    await page.goto(`${stage.site.url}/framed`)
    const button = page.frameLocator('iframe').getByRole('button', { name: 'Delete all' })
    expect(await textOf(button.click())).toContain('Holdpoint denied this action')
    expect(stage.site.count('/delete')).toBe(0)
  })
})
