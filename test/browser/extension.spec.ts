import { expect, test } from '@playwright/test'
import { promptFrame } from './extension-fake.ts'
import { withExtension } from './extension-pages.ts'

const bench = withExtension()

test('a read click passes without being asked about', async () => {
  await bench.open('/read')
  await bench.page.click('#menu')
  await expect(bench.page).toHaveTitle('opened')
  expect(bench.companion.heard.filter((m) => m.type === 'ask')).toEqual([])
})

test('a read click that causes a mutating request is reported as a miss', async () => {
  await bench.open('/read')
  await bench.page.click('#quiet')
  const miss = await bench.companion.hear('miss')
  expect(miss.request).toMatchObject({ method: 'POST', url: `${bench.site.url}/api/save` })
  expect(miss.descriptor.target.name).toBe('Show more')
})

test('a denied submit reaches no server and leaves the form as it was', async () => {
  await bench.open('/form')
  await bench.page.fill('[name=amount]', '$41.00')
  await bench.page.click('text=Send refund')
  const hold = await bench.companion.hold()
  expect(hold.descriptor.target.name).toBe('Send refund')
  await promptFrame(bench.page)
  bench.companion.decide(hold.id, 'denied', 'ask the finance team')
  await expect(bench.page.locator('dialog')).toHaveCount(0)
  await expect(bench.page.locator('[name=amount]')).toHaveValue('$41.00')
  expect(bench.site.received).toEqual([])
})

test('an approved submit arrives exactly once, with the submitter, and its outcome is reported', async () => {
  await bench.open('/form')
  await bench.page.click('text=Send refund')
  const hold = await bench.companion.hold()
  bench.companion.decide(hold.id, 'approved')
  await bench.page.waitForURL('**/send')
  expect(bench.site.received).toEqual([
    { method: 'POST', url: '/send', body: 'to=ana%40example.com&amount=%2440.00&op=send' },
  ])
  const outcome = await bench.companion.hear('outcome')
  expect(outcome.audit).toBe(`release-${hold.id}`)
  expect(outcome.evidence).toMatchObject({ outcome: 'done', status: 200 })
})

test('an action that a rule allows goes through without a prompt', async () => {
  bench.companion.answer = 'go'
  await bench.open('/form')
  await bench.page.click('text=Send refund')
  await bench.page.waitForURL('**/send')
  expect(bench.site.received).toHaveLength(1)
})

test('a released action whose request fails is reported as failed', async () => {
  bench.companion.answer = 'go'
  await bench.open('/fails')
  await bench.page.click('#del')
  const { evidence } = await bench.companion.hear('outcome')
  expect(evidence).toMatchObject({ outcome: 'failed', status: 500 })
})

test('Enter in a text field is held, and submits with the default button once approved', async () => {
  await bench.open('/form')
  await bench.page.press('[name=to]', 'Enter')
  const hold = await bench.companion.hold()
  expect(bench.site.received).toEqual([])
  bench.companion.decide(hold.id, 'approved')
  await bench.page.waitForURL('**/send')
  expect(bench.site.received.map((r) => r.body)).toEqual([
    'to=ana%40example.com&amount=%2440.00&op=send',
  ])
})

for (const key of ['Enter', 'Space']) {
  test(`${key} on a button is held and clicks it once approved`, async () => {
    await bench.open('/twice')
    await bench.page.focus('#del')
    await bench.page.keyboard.press(key)
    const hold = await bench.companion.hold()
    expect(hold.descriptor.gesture).toBe('key')
    bench.companion.decide(hold.id, 'approved')
    await expect.poll(() => bench.site.received.length).toBe(1)
  })
}

test('form.submit() by a script behind a harmless button is held as a navigation', async () => {
  await bench.open('/script')
  await bench.page.click('#s', { noWaitAfter: true })
  const hold = await bench.companion.hold()
  expect(hold.descriptor.gesture).toBe('navigate')
  expect(bench.site.received).toEqual([])
  bench.companion.decide(hold.id, 'approved')
  await bench.page.waitForURL('**/send')
  expect(bench.site.received.map((r) => r.body)).toEqual(['to=ana%40example.com&amount=%2440.00'])
})

test('a click that a script makes on the real button is held', async () => {
  await bench.open('/click')
  await bench.page.click('#trigger')
  const hold = await bench.companion.hold()
  expect(hold.descriptor.provenance).toBe('page')
  expect(hold.descriptor.target.name).toBe('Send refund')
  expect(bench.site.received).toEqual([])
})

test('a button in a closed shadow root is found, held and released', async () => {
  await bench.open('/shadow')
  const box = await bench.page.locator('#host').boundingBox()
  await bench.page.mouse.click((box?.x ?? 0) + 20, (box?.y ?? 0) + (box?.height ?? 0) - 8)
  const hold = await bench.companion.hold()
  expect(hold.descriptor.target.name).toBe('Delete account')
  bench.companion.decide(hold.id, 'approved')
  await expect.poll(() => bench.site.received.map((r) => r.url)).toEqual(['/api/delete'])
})

test('a javascript: link is held and runs in the page once approved', async () => {
  await bench.open('/link')
  await bench.page.click('#go')
  const hold = await bench.companion.hold()
  bench.companion.decide(hold.id, 'approved')
  await expect.poll(() => bench.site.received.map((r) => r.url)).toEqual(['/api/delete'])
  expect(bench.companion.holds.size).toBe(1)
})

test('a double click on a held step executes it once', async () => {
  await bench.open('/twice')
  await bench.page.dblclick('#del')
  const hold = await bench.companion.hold()
  bench.companion.decide(hold.id, 'approved')
  await expect.poll(() => bench.site.received.length).toBe(1)
  await bench.companion.hear('outcome')
  expect(bench.site.received).toHaveLength(1)
  expect(bench.companion.heard.filter((m) => m.type === 'ask')).toHaveLength(1)
})

test('a drop on an execute target is held and keeps what was dragged', async () => {
  await bench.open('/drop')
  await bench.page.dragAndDrop('#from', '#trash')
  const hold = await bench.companion.hold()
  expect(hold.descriptor.gesture).toBe('drop')
  expect(bench.site.received).toEqual([])
  bench.companion.decide(hold.id, 'approved')
  await expect.poll(() => bench.site.received.map((r) => r.body)).toEqual(['report'])
})

test('two frames hold one action each, and each is decided on its own', async () => {
  await bench.open('/frames')
  const [one, two] = [bench.page.frames()[1], bench.page.frames()[2]]
  await one?.locator('text=Send refund').dispatchEvent('click')
  const first = await bench.companion.hold(0)
  await two?.locator('text=Send refund').dispatchEvent('click')
  const second = await bench.companion.hold(1)
  bench.companion.decide(second.id, 'approved')
  await expect.poll(() => bench.site.received.length).toBe(1)
  bench.companion.decide(first.id, 'denied')
  await expect(one?.locator('dialog') ?? bench.page.locator('dialog')).toHaveCount(0)
  expect(bench.site.received).toHaveLength(1)
  expect(one?.url()).toBe(`${bench.site.url}/form`)
})
