import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { type Client, denialsReach, textOf } from './denials.ts'
import { type Stage, startStage } from './stage.ts'

let stage: Stage
let browser: Browser
let page: Page

beforeAll(async () => {
  stage = await startStage()
  browser = await puppeteer.connect({ browserURL: stage.cdp })
  page = await browser.newPage()
})

afterAll(async () => {
  await browser?.disconnect()
  await stage?.stop()
})

const client: Client = {
  open: async (url) => void (await page.goto(url)),
  click: (name) => textOf(page.click(`::-p-aria(${name})`)),
  async enter(label) {
    await page.focus(`::-p-aria(${label})`)
    return await textOf(page.keyboard.press('Enter'))
  },
}

describe('Puppeteer by browserURL', () => {
  it('navigates, clicks, types and reads', async () => {
    await page.goto(stage.site.url)
    await page.click('::-p-aria(Show)')
    expect(await page.$eval('output', (output) => output.textContent)).toBe('shown')
    await page.type('input', 'hello')
    expect(await page.$eval('input', (input) => input.value)).toBe('hello')
  })

  it('clicks and fills by locators', async () => {
    await page.goto(stage.site.url)
    await page.locator('::-p-aria(Show)').click()
    await page.locator('input').fill('filled')
    expect(await page.$eval('input', (input) => input.value)).toBe('filled')
    expect(await page.$eval('output', (output) => output.textContent)).toBe('shown')
  })

  it('follows a popup', async () => {
    const opener = await browser.newPage()
    await opener.goto(stage.site.url)
    const opened = new Promise<Page | null>((resolve) => opener.once('popup', resolve))
    await opener.click('::-p-aria(More)')
    const popup = await opened
    await popup?.waitForSelector('h1')
    expect(await popup?.$eval('h1', (heading) => heading.textContent)).toBe('Popup')
    await popup?.close()
    await opener.close()
  })

  it('makes contexts of its own', async () => {
    const context = await browser.createBrowserContext()
    const other = await context.newPage()
    await other.goto(stage.site.url)
    expect(await other.title()).toBe('Counting /')
    await context.close()
  })

  it('connects by browserWSEndpoint', async () => {
    const Version = z.object({ webSocketDebuggerUrl: z.string() })
    const response = await fetch(`${stage.cdp}/json/version`)
    const { webSocketDebuggerUrl } = Version.parse(await response.json())
    const second = await puppeteer.connect({ browserWSEndpoint: webSocketDebuggerUrl })
    const other = await second.newPage()
    await other.goto(stage.site.url)
    expect(await other.title()).toBe('Counting /')
    await other.close()
    await second.disconnect()
  })

  denialsReach(client, () => stage)

  it('reads a denial of a locator, which retries every error, by the dialog event', async () => {
    await page.goto(stage.site.url)
    const messages: string[] = []
    page.on('dialog', (dialog) => {
      messages.push(dialog.message())
      void dialog.dismiss()
    })
    const click = page.locator('::-p-aria(Delete all)').setTimeout(1500).click()
    expect(await textOf(click)).toContain('TimeoutError')
    expect(messages[0]).toContain('Holdpoint denied this action')
    expect(stage.site.count('/delete')).toBe(0)
    page.removeAllListeners('dialog')
  })

  it('can go on after a denial: no button is left pressed', async () => {
    await page.goto(stage.site.url)
    await client.click('Delete all')
    expect(await client.click('Show')).toBe('')
    expect(await page.$eval('output', (output) => output.textContent)).toBe('shown')
  })
})
