import { expect, test } from '@playwright/test'
import { promptFrame, settingsOf } from './extension-fake.ts'
import { withExtension } from './extension-pages.ts'

const bench = withExtension()

test('a changed amount at release is asked about again, with the difference', async () => {
  await bench.open('/form')
  await bench.page.click('text=Send refund')
  const hold = await bench.companion.hold()
  await bench.page.evaluate(() => {
    const amount = document.querySelector<HTMLInputElement>('[name=amount]')
    if (amount) amount.value = '$4,000.00'
  })
  bench.companion.decide(hold.id, 'approved')
  const again = await bench.companion.hold(1)
  expect(again.replaces).toBe(hold.id)
  expect(again.changes?.map((c) => c.after).join()).toContain('4,000.00')
  expect(bench.site.received).toEqual([])
  bench.companion.decide(again.id, 'denied')
  await expect(bench.page.locator('dialog')).toHaveCount(0)
  expect(bench.site.received).toEqual([])
})

test('a worker stopped during a hold is asked again, and the approval arrives', async () => {
  await bench.open('/form')
  await bench.page.click('text=Send refund')
  const hold = await bench.companion.hold()
  const cdp = await bench.context.newCDPSession(bench.page)
  await cdp.send('ServiceWorker.enable')
  await cdp.send('ServiceWorker.stopAllWorkers')
  const repeated = await bench.companion.hear('ask', 1)
  expect(repeated.id).toBe(hold.requestId)
  expect(bench.companion.holds.size).toBe(1)
  bench.companion.decide(hold.id, 'approved')
  await bench.page.waitForURL('**/send')
  expect(bench.site.received).toHaveLength(1)
})

test('with the companion lost the action stays held, and Retry finds it again', async () => {
  await bench.open('/form')
  await bench.companion.stop()
  await bench.page.click('text=Send refund')
  const prompt = await promptFrame(bench.page)
  await prompt.getByText('cannot be reached').waitFor()
  expect(bench.site.received).toEqual([])
  await bench.companion.listen()
  await prompt.getByRole('button', { name: 'Retry' }).click()
  const hold = await bench.companion.hold()
  bench.companion.decide(hold.id, 'approved')
  await bench.page.waitForURL('**/send')
  expect(bench.site.received).toHaveLength(1)
})

test('shadow: nothing executes and the page says so', async () => {
  bench.companion.answer = 'shadowed'
  await bench.open('/form')
  await bench.page.click('text=Send refund')
  await bench.toast('Recorded, not executed (shadow)')
  expect(bench.site.received).toEqual([])
})

test('a denial shows the words of the rule', async () => {
  bench.companion.answer = 'denied'
  await bench.open('/form')
  await bench.page.click('text=Send refund')
  await bench.toast('Denied: not here')
  expect(bench.site.received).toEqual([])
})

test('observe: the native click goes ahead and is recorded', async () => {
  bench.companion.push({ type: 'settings', settings: settingsOf('observe') })
  await bench.open('/twice')
  await bench.page.click('#del')
  const record = await bench.companion.hear('record')
  expect(record.descriptor.target.name).toBe('Delete row')
  await expect.poll(() => bench.site.received.length).toBe(1)
  bench.companion.push({ type: 'settings', settings: settingsOf('enforce') })
})
