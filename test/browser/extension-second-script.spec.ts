import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type BrowserContext, chromium, expect, test } from '@playwright/test'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { type FakeCompanion, pairWith, startFakeCompanion, startSite } from './extension-fake.ts'

/** `hold.js` comes into a frame with its first hold. These tests load a copy of the extension, so that
 * the script can be taken away. */

const root = resolve(import.meta.dirname, '../..')
const built = join(root, '.output/chrome-mv3')
const button = `<button onclick="fetch('BASE/api/delete',{method:'POST',mode:'no-cors'})">Delete row</button>`

let dir: string
let context: BrowserContext
let companion: FakeCompanion
let site: Awaited<ReturnType<typeof startSite>>

test.beforeAll(async () => {
  companion = await startFakeCompanion()
  const pages: Record<string, string> = {}
  site = await startSite(pages)
  const html = button.replace('BASE', site.url)
  const quoted = html.replaceAll('"', '&quot;')
  pages['/plain'] = html
  pages['/swap'] =
    `<button id="b" onclick="fetch('/api/delete',{method:'POST'})">Show details</button>
    <script>b.addEventListener('pointerdown', () => { b.textContent = 'Delete row' })</script>`
  pages['/srcdoc'] = `<iframe srcdoc="${quoted}"></iframe>`
  pages['/sandbox'] = `<iframe sandbox="allow-scripts" srcdoc="${quoted}"></iframe>`
  pages['/data'] = `<iframe src="data:text/html,${encodeURIComponent(html)}"></iframe>`
  pages['/blank'] = `<iframe></iframe>
    <script>document.querySelector('iframe').contentDocument.body.innerHTML = ${JSON.stringify(html)}</script>`
  dir = mkdtempSync(join(tmpdir(), 'holdpoint-extension-'))
  cpSync(built, dir, { recursive: true })
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  context = await chromium.launchPersistentContext('', {
    executablePath: found.browser.path,
    headless: true,
    args: ['--no-sandbox', `--disable-extensions-except=${dir}`, `--load-extension=${dir}`],
  })
  await pairWith(context, companion.url)
})

test.afterAll(async () => {
  await context.close()
  await site.stop()
  await companion.stop()
  rmSync(dir, { recursive: true })
})

test.beforeEach(() => {
  companion.reset()
  site.received.length = 0
})

test('a page that holds nothing gets no second script, and its first hold brings it', async () => {
  const page = await context.newPage()
  await page.goto(`${site.url}/plain`)
  expect(await holdScripts()).toBe(0)
  await page.click('button')
  const hold = await companion.hold()
  expect(hold.descriptor.target.name).toBe('Delete row')
  expect(site.received).toEqual([])
  expect(await holdScripts()).toBe(1)
  companion.decide(hold.id, 'approved')
  await expect.poll(() => site.received.length).toBe(1)
  await page.close()

  /** Frames of the page in whose isolated world the prompt's code has run. */
  async function holdScripts(): Promise<number> {
    const cdp = await context.newCDPSession(page)
    let count = 0
    cdp.on('Debugger.scriptParsed', ({ url }) => {
      if (url.endsWith('/hold.js')) count++
    })
    await cdp.send('Debugger.enable')
    await cdp.detach()
    return count
  }
})

for (const kind of ['srcdoc', 'sandbox', 'data', 'blank']) {
  test(`a first hold in a ${kind} frame is asked about and released`, async () => {
    const page = await context.newPage()
    await page.goto(`${site.url}/${kind}`)
    await page.frameLocator('iframe').locator('button').click()
    const hold = await companion.hold()
    expect(hold.descriptor.target.name).toBe('Delete row')
    expect(site.received).toEqual([])
    companion.decide(hold.id, 'approved')
    await expect.poll(() => site.received.length).toBe(1)
    await page.close()
  })
}

test('a label swapped between press and click is judged again, and held', async () => {
  const page = await context.newPage()
  await page.goto(`${site.url}/swap`)
  await page.click('button')
  const hold = await companion.hold()
  expect(hold.descriptor.target.name).toBe('Delete row')
  expect(site.received).toEqual([])
  await page.close()
})

test('without the second script the action stays held, and the next attempt tries again', async () => {
  const script = join(dir, 'hold.js')
  rmSync(script)
  const page = await context.newPage()
  await page.goto(`${site.url}/plain`)
  await page.click('button')
  await expect.poll(() => title()).toContain('1 frame holds what nobody can be asked about')
  expect(site.received).toEqual([])
  expect(companion.holds.size).toBe(0)
  cpSync(join(built, 'hold.js'), script)
  await page.click('button')
  const hold = await companion.hold()
  expect(companion.holds.size).toBe(1)
  companion.decide(hold.id, 'approved')
  await expect.poll(() => site.received.length).toBe(1)
  await expect.poll(() => title()).not.toContain('nobody')
  await page.close()

  async function title(): Promise<string> {
    const [worker] = context.serviceWorkers()
    return (await worker?.evaluate(() => chrome.action.getTitle({}))) ?? ''
  }
})
