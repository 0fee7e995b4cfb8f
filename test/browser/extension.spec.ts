import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { EXTENSION_ID } from '#shared/protocol/extension-id.ts'
import {
  type FakeCompanion,
  launchWithExtension,
  pairWith,
  promptFrame,
  settingsOf,
  startFakeCompanion,
  startSite,
} from './extension-fake.ts'

const mailForm = `<form method="post" action="/send" aria-label="Refund">
  <label>To <input name="to" value="ana@example.com"></label>
  <label>Amount <input name="amount" value="$40.00"></label>
  <button name="op" value="send">Send refund</button></form>`

const pages: Record<string, string> = {
  '/form': mailForm,
  '/read': `<button id="menu" onclick="document.title='opened'">Show menu</button>
    <button id="quiet" onclick="fetch('/api/save',{method:'POST',body:'x'})">Show more</button>`,
  '/script': `${mailForm}<button id="s" type="button">Next</button>
    <script>s.addEventListener('click', () => document.forms[0].submit())</script>`,
  '/shadow': `<div id="host"></div><script>
    const root = host.attachShadow({mode:'closed'})
    root.innerHTML = '<p>A panel</p><button>Delete account</button>'
    root.querySelector('button').onclick = () => fetch('/api/delete',{method:'POST',body:'a'})</script>`,
  '/remove': `${mailForm}<script>
    new MutationObserver(() => document.querySelector('dialog')?.remove())
      .observe(document, {childList:true, subtree:true})</script>`,
  '/frames': '<iframe src="/form" title="one"></iframe><iframe src="/form" title="two"></iframe>',
  '/link': `<a id="go" href="javascript:void fetch('/api/delete',{method:'POST'})">Delete item</a>`,
  '/click': `<button id="trigger" type="button">Show more</button>${mailForm}
    <script>trigger.addEventListener('click', () => document.forms[0].op.click())</script>`,
  '/twice': `<button id="del" onclick="fetch('/api/delete',{method:'POST'})">Delete row</button>`,
  '/fails': `<button id="del" onclick="fetch('/fail',{method:'POST'})">Delete row</button>`,
  '/drop': `<div id="from" draggable="true">Report</div>
    <div id="trash" role="button" aria-label="Move to trash" style="margin-top:90px;height:90px"
      ondragover="event.preventDefault()"
      ondrop="event.preventDefault();fetch('/api/trash',{method:'POST',body:event.dataTransfer.getData('text/plain')})">Trash</div>
    <script>from.ondragstart = (e) => e.dataTransfer.setData('text/plain','report')</script>`,
}

let context: BrowserContext
let companion: FakeCompanion
let site: Awaited<ReturnType<typeof startSite>>
let page: Page

test.beforeAll(async () => {
  companion = await startFakeCompanion()
  site = await startSite(pages)
  context = await launchWithExtension('store')
  await pairWith(context, companion.url)
})

test.afterAll(async () => {
  await context.close()
  await site.stop()
  await companion.stop()
})

test.beforeEach(async () => {
  companion.reset()
  site.received.length = 0
  page = await context.newPage()
})

test.afterEach(async () => {
  await page.close()
})

async function open(path: string) {
  await page.goto(site.url + path)
}

const toast = (text: string) => expect.poll(() => toastText(page)).toContain(text)

test('a read click passes without being asked about', async () => {
  await open('/read')
  await page.click('#menu')
  await expect(page).toHaveTitle('opened')
  expect(companion.heard.filter((m) => m.type === 'ask')).toEqual([])
})

test('a read click that causes a mutating request is reported as a miss', async () => {
  await open('/read')
  await page.click('#quiet')
  const miss = await companion.hear('miss')
  expect(miss.request).toMatchObject({ method: 'POST', url: `${site.url}/api/save` })
  expect(miss.descriptor.target.name).toBe('Show more')
})

test('a denied submit reaches no server and leaves the form as it was', async () => {
  await open('/form')
  await page.fill('[name=amount]', '$41.00')
  await page.click('text=Send refund')
  const hold = await companion.hold()
  expect(hold.descriptor.target.name).toBe('Send refund')
  await promptFrame(page)
  companion.decide(hold.id, 'denied', 'ask the finance team')
  await expect(page.locator('dialog')).toHaveCount(0)
  await expect(page.locator('[name=amount]')).toHaveValue('$41.00')
  expect(site.received).toEqual([])
})

test('an approved submit arrives exactly once, with the submitter, and its outcome is reported', async () => {
  await open('/form')
  await page.click('text=Send refund')
  const hold = await companion.hold()
  companion.decide(hold.id, 'approved')
  await page.waitForURL('**/send')
  expect(site.received).toEqual([
    { method: 'POST', url: '/send', body: 'to=ana%40example.com&amount=%2440.00&op=send' },
  ])
  const outcome = await companion.hear('outcome')
  expect(outcome.audit).toBe(`release-${hold.id}`)
  expect(outcome.evidence).toMatchObject({ outcome: 'done', status: 200 })
})

test('an action that a rule allows goes through without a prompt', async () => {
  companion.answer = 'go'
  await open('/form')
  await page.click('text=Send refund')
  await page.waitForURL('**/send')
  expect(site.received).toHaveLength(1)
})

test('a released action whose request fails is reported as failed', async () => {
  companion.answer = 'go'
  await open('/fails')
  await page.click('#del')
  const { evidence } = await companion.hear('outcome')
  expect(evidence).toMatchObject({ outcome: 'failed', status: 500 })
})

test('Enter in a text field is held, and submits with the default button once approved', async () => {
  await open('/form')
  await page.press('[name=to]', 'Enter')
  const hold = await companion.hold()
  expect(site.received).toEqual([])
  companion.decide(hold.id, 'approved')
  await page.waitForURL('**/send')
  expect(site.received.map((r) => r.body)).toEqual(['to=ana%40example.com&amount=%2440.00&op=send'])
})

for (const key of ['Enter', 'Space']) {
  test(`${key} on a button is held and clicks it once approved`, async () => {
    await open('/twice')
    await page.focus('#del')
    await page.keyboard.press(key)
    const hold = await companion.hold()
    expect(hold.descriptor.gesture).toBe('key')
    companion.decide(hold.id, 'approved')
    await expect.poll(() => site.received.length).toBe(1)
  })
}

test('form.submit() by a script behind a harmless button is held as a navigation', async () => {
  await open('/script')
  await page.click('#s', { noWaitAfter: true })
  const hold = await companion.hold()
  expect(hold.descriptor.gesture).toBe('navigate')
  expect(site.received).toEqual([])
  companion.decide(hold.id, 'approved')
  await page.waitForURL('**/send')
  expect(site.received.map((r) => r.body)).toEqual(['to=ana%40example.com&amount=%2440.00'])
})

test('a click that a script makes on the real button is held', async () => {
  await open('/click')
  await page.click('#trigger')
  const hold = await companion.hold()
  expect(hold.descriptor.provenance).toBe('page')
  expect(hold.descriptor.target.name).toBe('Send refund')
  expect(site.received).toEqual([])
})

test('a button in a closed shadow root is found, held and released', async () => {
  await open('/shadow')
  const box = await page.locator('#host').boundingBox()
  await page.mouse.click((box?.x ?? 0) + 20, (box?.y ?? 0) + (box?.height ?? 0) - 8)
  const hold = await companion.hold()
  expect(hold.descriptor.target.name).toBe('Delete account')
  companion.decide(hold.id, 'approved')
  await expect.poll(() => site.received.map((r) => r.url)).toEqual(['/api/delete'])
})

test('a javascript: link is held and runs in the page once approved', async () => {
  await open('/link')
  await page.click('#go')
  const hold = await companion.hold()
  companion.decide(hold.id, 'approved')
  await expect.poll(() => site.received.map((r) => r.url)).toEqual(['/api/delete'])
  expect(companion.holds.size).toBe(1)
})

test('a double click on a held step executes it once', async () => {
  await open('/twice')
  await page.dblclick('#del')
  const hold = await companion.hold()
  companion.decide(hold.id, 'approved')
  await expect.poll(() => site.received.length).toBe(1)
  await companion.hear('outcome')
  expect(site.received).toHaveLength(1)
  expect(companion.heard.filter((m) => m.type === 'ask')).toHaveLength(1)
})

test('a drop on an execute target is held and keeps what was dragged', async () => {
  await open('/drop')
  await page.dragAndDrop('#from', '#trash')
  const hold = await companion.hold()
  expect(hold.descriptor.gesture).toBe('drop')
  expect(site.received).toEqual([])
  companion.decide(hold.id, 'approved')
  await expect.poll(() => site.received.map((r) => r.body)).toEqual(['report'])
})

test('a page that removes the prompt gains nothing: the action stays held', async () => {
  await open('/remove')
  await page.click('text=Send refund')
  const hold = await companion.hold()
  await expect.poll(() => page.locator('dialog').count()).toBe(0)
  expect(site.received).toEqual([])
  expect(companion.holds.get(hold.id)?.state).toBe('pending')
  companion.decide(hold.id, 'approved')
  await page.waitForURL('**/send')
  expect(site.received).toHaveLength(1)
})

test('two frames hold one action each, and each is decided on its own', async () => {
  await open('/frames')
  const [one, two] = [page.frames()[1], page.frames()[2]]
  await one?.locator('text=Send refund').dispatchEvent('click')
  const first = await companion.hold(0)
  await two?.locator('text=Send refund').dispatchEvent('click')
  const second = await companion.hold(1)
  companion.decide(second.id, 'approved')
  await expect.poll(() => site.received.length).toBe(1)
  companion.decide(first.id, 'denied')
  await expect(one?.locator('dialog') ?? page.locator('dialog')).toHaveCount(0)
  expect(site.received).toHaveLength(1)
  expect(one?.url()).toBe(`${site.url}/form`)
})

test('a changed amount at release is asked about again, with the difference', async () => {
  await open('/form')
  await page.click('text=Send refund')
  const hold = await companion.hold()
  await page.evaluate(() => {
    const amount = document.querySelector<HTMLInputElement>('[name=amount]')
    if (amount) amount.value = '$4,000.00'
  })
  companion.decide(hold.id, 'approved')
  const again = await companion.hold(1)
  expect(again.replaces).toBe(hold.id)
  expect(again.changes?.map((c) => c.after).join()).toContain('4,000.00')
  expect(site.received).toEqual([])
  companion.decide(again.id, 'denied')
  await expect(page.locator('dialog')).toHaveCount(0)
  expect(site.received).toEqual([])
})

test('a worker stopped during a hold is asked again, and the approval arrives', async () => {
  await open('/form')
  await page.click('text=Send refund')
  const hold = await companion.hold()
  const cdp = await context.newCDPSession(page)
  await cdp.send('ServiceWorker.enable')
  await cdp.send('ServiceWorker.stopAllWorkers')
  const repeated = await companion.hear('ask', 1)
  expect(repeated.id).toBe(hold.requestId)
  expect(companion.holds.size).toBe(1)
  companion.decide(hold.id, 'approved')
  await page.waitForURL('**/send')
  expect(site.received).toHaveLength(1)
})

test('with the companion lost the action stays held, and Retry finds it again', async () => {
  await open('/form')
  await companion.stop()
  await page.click('text=Send refund')
  const prompt = await promptFrame(page)
  await prompt.getByText('cannot be reached').waitFor()
  expect(site.received).toEqual([])
  await companion.listen()
  await prompt.getByRole('button', { name: 'Retry' }).click()
  const hold = await companion.hold()
  companion.decide(hold.id, 'approved')
  await page.waitForURL('**/send')
  expect(site.received).toHaveLength(1)
})

test('shadow: nothing executes and the page says so', async () => {
  companion.answer = 'shadowed'
  await open('/form')
  await page.click('text=Send refund')
  await toast('Recorded, not executed (shadow)')
  expect(site.received).toEqual([])
})

test('a denial shows the words of the rule', async () => {
  companion.answer = 'denied'
  await open('/form')
  await page.click('text=Send refund')
  await toast('Denied: not here')
  expect(site.received).toEqual([])
})

test('observe: the native click goes ahead and is recorded', async () => {
  companion.push({ type: 'settings', settings: settingsOf('observe') })
  await open('/twice')
  await page.click('#del')
  const record = await companion.hear('record')
  expect(record.descriptor.target.name).toBe('Delete row')
  await expect.poll(() => site.received.length).toBe(1)
  companion.push({ type: 'settings', settings: settingsOf('enforce') })
})

test('the prompt approves a reversible action once it is armed, and once only', async () => {
  await open('/form')
  await page.click('text=Send refund')
  const prompt = await promptFrame(page)
  const approve = prompt.locator('[data-verdict=approve]')
  await expect(approve).toHaveAttribute('aria-disabled', 'false')
  await approve.dblclick()
  await page.waitForURL('**/send')
  expect(site.received).toHaveLength(1)
  expect(companion.heard.filter((m) => m.type === 'verdict')).toHaveLength(1)
})

test('the prompt ignores a click that a script makes on Approve', async () => {
  await open('/form')
  await page.click('text=Send refund')
  const prompt = await promptFrame(page)
  const approve = prompt.locator('[data-verdict=approve]')
  await expect(approve).toHaveAttribute('aria-disabled', 'false')
  await approve.dispatchEvent('click')
  await prompt.locator('[data-verdict=deny]').click()
  const verdict = await companion.hear('verdict')
  expect(verdict.verdict).toBe('deny')
  expect(site.received).toEqual([])
})

test('the prompt cannot approve what cannot be undone', async () => {
  companion.effect = 'irreversible'
  await open('/form')
  await page.click('text=Send refund')
  const prompt = await promptFrame(page)
  await prompt.locator('[data-verdict=deny]').waitFor()
  await expect(prompt.locator('[data-verdict=approve]')).toHaveCount(0)
  await expect(prompt.getByRole('button', { name: 'Open dashboard' })).toBeVisible()
})

test('Escape puts the prompt aside and the action stays held', async () => {
  await open('/form')
  await page.click('text=Send refund')
  const prompt = await promptFrame(page)
  await expect(prompt.locator('[data-verdict=deny]')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.locator('dialog')).toHaveCount(0)
  expect((await companion.hold()).state).toBe('pending')
  expect(site.received).toEqual([])
})

test('a prompt page that a website frames itself stays empty', async () => {
  await open('/read')
  const extension = `chrome-extension://${EXTENSION_ID}`
  await page.evaluate((src) => {
    const frame = document.createElement('iframe')
    frame.src = `${src}/prompt.html#${'0'.repeat(32)}`
    document.body.append(frame)
  }, extension)
  const framed = await promptFrame(page)
  await framed.waitForLoadState()
  await expect(framed.locator('#app')).toBeEmpty()
})

/** Text of the box in the top layer, read through its closed shadow root as only a debugger can. */
async function toastText(of: Page): Promise<string> {
  const cdp = await context.newCDPSession(of)
  const { root } = await cdp.send('DOM.getDocument', { depth: -1, pierce: true })
  await cdp.detach()
  return JSON.stringify(root)
}
