import { expect, test } from '@playwright/test'
import { EXTENSION_ID } from '#shared/protocol/extension-id.ts'
import { promptFrame } from './extension-fake.ts'
import { withExtension } from './extension-pages.ts'

const bench = withExtension()

test('a page that removes the prompt gains nothing: the action stays held', async () => {
  await bench.open('/remove')
  await bench.page.click('text=Send refund')
  const hold = await bench.companion.hold()
  await expect.poll(() => bench.page.locator('dialog').count()).toBe(0)
  expect(bench.site.received).toEqual([])
  expect(bench.companion.holds.get(hold.id)?.state).toBe('pending')
  bench.companion.decide(hold.id, 'approved')
  await bench.page.waitForURL('**/send')
  expect(bench.site.received).toHaveLength(1)
})

test('the prompt approves a reversible action once it is armed, and once only', async () => {
  await bench.open('/form')
  await bench.page.click('text=Send refund')
  const prompt = await promptFrame(bench.page)
  const approve = prompt.locator('[data-verdict=approve]')
  await expect(approve).toHaveAttribute('aria-disabled', 'false')
  await approve.dblclick()
  await bench.page.waitForURL('**/send')
  expect(bench.site.received).toHaveLength(1)
  expect(bench.companion.heard.filter((m) => m.type === 'verdict')).toHaveLength(1)
})

test('the prompt ignores a click that a script makes on Approve', async () => {
  await bench.open('/form')
  await bench.page.click('text=Send refund')
  const prompt = await promptFrame(bench.page)
  const approve = prompt.locator('[data-verdict=approve]')
  await expect(approve).toHaveAttribute('aria-disabled', 'false')
  await approve.dispatchEvent('click')
  await prompt.locator('[data-verdict=deny]').click()
  const verdict = await bench.companion.hear('verdict')
  expect(verdict.verdict).toBe('deny')
  expect(bench.site.received).toEqual([])
})

test('the prompt cannot approve what cannot be undone', async () => {
  bench.companion.effect = 'irreversible'
  await bench.open('/form')
  await bench.page.click('text=Send refund')
  const prompt = await promptFrame(bench.page)
  await prompt.locator('[data-verdict=deny]').waitFor()
  await expect(prompt.locator('[data-verdict=approve]')).toHaveCount(0)
  await expect(prompt.getByRole('button', { name: 'Open dashboard' })).toBeVisible()
})

test('Escape puts the prompt aside and the action stays held', async () => {
  await bench.open('/form')
  await bench.page.click('text=Send refund')
  const prompt = await promptFrame(bench.page)
  await expect(prompt.locator('[data-verdict=deny]')).toBeFocused()
  await bench.page.keyboard.press('Escape')
  await expect(bench.page.locator('dialog')).toHaveCount(0)
  expect((await bench.companion.hold()).state).toBe('pending')
  expect(bench.site.received).toEqual([])
})

test('a prompt page that a website frames itself stays empty', async () => {
  await bench.open('/read')
  const extension = `chrome-extension://${EXTENSION_ID}`
  await bench.page.evaluate((src) => {
    const frame = document.createElement('iframe')
    frame.src = `${src}/prompt.html#${'0'.repeat(32)}`
    document.body.append(frame)
  }, extension)
  const framed = await promptFrame(bench.page)
  await framed.waitForLoadState()
  await expect(framed.locator('#app')).toBeEmpty()
})
