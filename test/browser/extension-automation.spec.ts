import { type BrowserContext, expect, test } from '@playwright/test'
import {
  type FakeCompanion,
  launchWithExtension,
  pairWith,
  promptFrame,
  startFakeCompanion,
  startSite,
} from './extension-fake.ts'

const form = `<form method="post" action="/send"><label>Amount <input name="amount" value="$4.00">
  </label><button>Send refund</button></form>`

let context: BrowserContext
let companion: FakeCompanion
let site: Awaited<ReturnType<typeof startSite>>

test.beforeAll(async () => {
  companion = await startFakeCompanion()
  site = await startSite({ '/form': form })
  context = await launchWithExtension('supervised')
  await pairWith(context, companion.url)
})

test.afterAll(async () => {
  await context.close()
  await site.stop()
  await companion.stop()
})

test('the supervised build knows an agent by its debugger and lets it only deny', async () => {
  const page = await context.newPage()
  await page.goto(`${site.url}/form`)
  await page.click('text=Send refund')
  const hold = await companion.hold()
  expect(hold.descriptor.provenance).toBe('agent')
  const prompt = await promptFrame(page)
  await expect(prompt.getByText('automation session is attached')).toBeVisible()
  await expect(prompt.locator('[data-verdict=approve]')).toHaveCount(0)
  await prompt.locator('[data-verdict=deny]').click()
  const verdict = await companion.hear('verdict')
  expect(verdict).toMatchObject({ verdict: 'deny', automation: true })
  expect(site.received).toEqual([])
})

test('an agent that talks to the worker from inside the prompt approves nothing', async () => {
  companion.reset()
  const page = await context.newPage()
  await page.goto(`${site.url}/form`)
  await page.click('text=Send refund')
  const hold = await companion.hold()
  const prompt = await promptFrame(page)
  await prompt.locator('[data-verdict=deny]').waitFor()
  const turnedAway = await prompt.evaluate(
    (nonce) =>
      new Promise((done) => {
        const port = chrome.runtime.connect({ name: 'prompt' })
        port.onDisconnect.addListener(() => done(true))
        port.postMessage({ type: 'verdict', verdict: 'approve' })
        port.postMessage({ type: 'hello', nonce })
        port.postMessage({ type: 'verdict', verdict: 'approve' })
      }),
    new URL(prompt.url()).hash.slice(1),
  )
  expect(turnedAway).toBe(true)
  await prompt.locator('[data-verdict=deny]').click()
  const verdict = await companion.hear('verdict')
  expect(verdict).toMatchObject({ hold: hold.id, verdict: 'deny', automation: true })
  expect(companion.heard.filter((m) => m.type === 'verdict')).toHaveLength(1)
  expect(site.received).toEqual([])
})
