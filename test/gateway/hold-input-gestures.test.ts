import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '#companion/core/system.ts'
import { paramsOf, textOf } from '#companion/gateway/cdp.ts'
import { type BenchPage, HoldBench } from './hold-bench.ts'

/** What becomes of gestures in a real browser: held, let go as they were, and trusted. */

const LOG = `<script>window.log = []; for (const type of ['mousedown', 'mouseup', 'click', 'keydown',
  'keyup', 'change', 'submit', 'drop', 'touchend'])
  addEventListener(type, (e) => log.push(type + ' ' + e.isTrusted + ' ' + e.target.id), true)</script>`

const effect = (path: string) => `fetch('/effect/${path}', { method: 'POST' })`

const PAGES: Record<string, string> = {
  '/actions': `${LOG}<button id="delete" onclick="${effect('delete')}">Delete account</button>
    <button id="popup" onclick="window.pop = window.open('/other')">Send by popup</button>
    <button id="copy" onclick="navigator.clipboard.writeText('x').then(() => { window.copied = true },
      (e) => { window.copied = String(e) })">Publish to clipboard</button>
    <button id="full" onclick="document.documentElement.requestFullscreen().then(() => { window.full = true },
      (e) => { window.full = String(e) })">Submit full screen</button>
    <button id="more">Read more</button>`,
  '/swap': `${LOG}<button id="b" onclick="${effect('swapped')}">Save settings</button>`,
  '/form': `${LOG}<form action="/effect/form" method="post"><input id="to" name="to" value="a@example.com">
    <button>Send message</button></form><textarea id="text"></textarea>
    <input id="check" type="checkbox" role="switch" aria-label="Publish to all readers" onchange="${effect('check')}">
    <p id="list" tabindex="0">Row</p>`,
  '/drag': `${LOG}<div id="card" draggable="true">Card</div>
    <div id="zone" role="region" aria-label="Delete here" style="height:100px;background:#eee"
      ondragover="event.preventDefault()" ondrop="event.preventDefault();${effect('drop')}">zone</div>`,
  '/dialog': `${LOG}<button id="ask" onclick="setTimeout(() => { if (confirm('Delete invoice 4711?')) ${effect('confirmed')} })">Details</button>
    <button id="tell" onclick="setTimeout(() => { alert('hello'); window.told = true })">More</button>`,
  '/file': `${LOG}<label>Report <input id="file" type="file" onchange="${effect('file')}"></label>`,
  '/other': '<title>Other</title>',
  '/posting': `<form method="post" action="/posted"><button id="go">Pay 20 USD</button></form>`,
  '/posted': '<title>Posted</title>',
}

let bench: HoldBench
let page: BenchPage
let runs = 0

beforeAll(async () => {
  bench = await HoldBench.start((path) => PAGES[path] ?? '')
})
beforeEach(() => {
  bench.family = 'other'
  bench.run = `run ${++runs}`
  bench.requests.length = bench.door.asked.length = bench.causes.length = bench.forwarded.length = 0
  bench.door.log.length = 0
})
afterEach(() => {
  bench.door.allows = () => false
  bench.door.whileAnswering = () => Promise.resolve()
})
afterAll(() => bench.close())

const log = () => page.run<string[]>('log')

/** Waits until the server has been asked for it. */
async function requested(path: string): Promise<void> {
  for (let i = 0; i < 100 && !bench.requests.some((one) => one.includes(path)); i++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  expect(bench.requests.join()).toContain(path)
}

describe('a held click', () => {
  beforeEach(async () => {
    page = await bench.open('/actions')
  })

  it('is let go in its order, trusted, and happens once', async () => {
    const clicked = page.clickOn('#delete')
    await bench.door.pending()
    expect(bench.forwarded).toEqual(['Input.dispatchMouseEvent mouseMoved'])
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await log()).toEqual([])
    await bench.door.approve()
    expect((await clicked).every(({ ok }) => ok)).toBe(true)
    expect(await log()).toEqual([
      'mousedown true delete',
      'mouseup true delete',
      'click true delete',
    ])
    await requested('/effect/delete')
    expect(bench.requests).toHaveLength(1)
    expect(bench.causes).toEqual(['dropped', 'let all Delete account', 'sent'])
  })

  it('never happens where it is denied, and neither does its release', async () => {
    const clicked = page.clickOn('#delete')
    await bench.door.deny('never')
    const [, press] = await clicked
    expect(press).toMatchObject({ ok: false, text: expect.stringContaining('never') })
    expect(bench.forwarded).toEqual(['Input.dispatchMouseEvent mouseMoved'])
    // Denied once is denied at once, without another question; other things go on.
    const again = await page.clickOn('#delete')
    expect(again[1]).toMatchObject({ ok: false, text: expect.stringContaining('never') })
    expect(bench.door.asked).toHaveLength(1)
    expect(bench.door.refusals.at(-1)).toMatchObject({ code: 'denied_before' })
    await page.clickOn('#more')
    expect(await log()).toEqual(['mousedown true more', 'mouseup true more', 'click true more'])
    expect(bench.requests).toEqual([])
  })

  it('is told to be pending in time, and goes on when it is repeated after the approval', async () => {
    bench.family = 'playwright'
    const [, press] = await page.clickOn('#delete')
    expect(press).toMatchObject({ ok: false, text: expect.stringContaining('NOT executed') })
    await bench.door.approve()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await log()).toEqual([])
    const again = await page.clickOn('#delete')
    expect(again.every(({ ok }) => ok)).toBe(true)
    await requested('/effect/delete')
    expect(bench.door.asked).toHaveLength(1)
    // The approval was for once.
    const third = page.clickOn('#delete')
    await bench.door.deny()
    await third
    expect(bench.requests).toHaveLength(1)
  })

  it('still opens windows, writes the clipboard and fills the screen', async () => {
    for (const [id, done] of [
      ['#popup', 'window.pop?.closed === false'],
      ['#full', 'window.full'],
      ['#copy', 'window.copied'],
    ] as const) {
      await page.direct('Page.bringToFront')
      const clicked = page.clickOn(id)
      await bench.door.pending()
      await new Promise((resolve) => setTimeout(resolve, 400))
      await bench.door.approve()
      await clicked
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect([id, await page.run(done)]).toEqual([id, true])
    }
  })

  it('is withdrawn with its agent, and with its page', async () => {
    const other = await bench.open('/actions')
    const clicked = other.clickOn('#delete')
    await bench.door.pending()
    await other.goto(`http://localhost:${bench.port}/other`)
    expect((await clicked)[1]).toMatchObject({
      ok: false,
      text: expect.stringContaining('has gone'),
    })
    expect(bench.door.log.at(-1)).toContain('withdraw')
    expect(bench.requests).toEqual([])
  })
})

describe('a page that changes while it is held', () => {
  it('does not get what was approved for something else', async () => {
    page = await bench.open('/swap')
    const clicked = page.clickOn('#b')
    await bench.door.pending()
    await page.run('b.textContent = "Delete account"')
    await bench.door.approve()
    const { changes } = await bench.door.deny()
    expect(changes).toMatchObject([
      { before: 'button "Save settings"', after: 'button "Delete account"' },
    ])
    expect((await clicked)[1]?.ok).toBe(false)
    expect(bench.requests).toEqual([])
  })

  it('is caught at the last moment, after the door took its time to say go', async () => {
    page = await bench.open('/swap')
    bench.door.allows = ({ target }) => target.name === 'Save settings'
    bench.door.whileAnswering = async () => {
      bench.door.whileAnswering = () => Promise.resolve()
      await page.run('b.textContent = "Delete account"')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const clicked = page.clickOn('#b')
    await bench.door.deny()
    expect((await clicked)[1]?.ok).toBe(false)
    expect(bench.door.outcomes.at(-1)).toMatchObject({ evidence: { outcome: 'failed' } })
    expect(bench.requests).toEqual([])
  })
})

describe('the keyboard', () => {
  beforeEach(async () => {
    page = await bench.open('/form')
  })

  it('types without asking, and asks before Enter sends', async () => {
    await page.run('to.focus()')
    for (const key of 'hi') await page.key(key, key)
    await page.send('Input.insertText', { text: ' there' })
    expect(await page.run('to.value')).toContain('hi there')
    expect(bench.door.asked).toEqual([])
    const entered = page.key('Enter', '\r')
    const { descriptor } = await bench.door.approve()
    expect(descriptor).toMatchObject({ gesture: 'key', key: 'Enter', form: { method: 'post' } })
    await entered
    await requested('/effect/form')
  })

  it('cannot send by a character alone, or by a key under another name', async () => {
    await page.run('to.focus()')
    for (const params of [
      { type: 'char', text: '\r' },
      { type: 'keyDown', key: 'a', code: 'KeyA', text: '\r' },
      { type: 'rawKeyDown', key: 'a', code: 'KeyA', windowsVirtualKeyCode: 13 },
    ]) {
      const sent = page.send('Input.dispatchKeyEvent', params)
      bench.run = `run ${++runs}`
      expect((await bench.door.deny()).descriptor.key).toBe('Enter')
      await sent
    }
    expect(bench.requests).toEqual([])
  })

  it('asks for Space on a switch and for Delete outside of text', async () => {
    await page.run('document.getElementById("check").focus()')
    const pressed = page.key(' ', ' ')
    const { descriptor } = await bench.door.approve()
    expect(descriptor).toMatchObject({ key: 'Space', target: { role: 'switch' } })
    await pressed
    await requested('/effect/check')
    await page.run('list.focus()')
    const deleted = page.key('Delete')
    expect((await bench.door.deny()).descriptor.key).toBe('Delete')
    expect((await deleted)[0]?.ok).toBe(false)
    expect((await log()).filter((line) => line.includes('list'))).toEqual([])
  })
})

describe('touch and drag', () => {
  it('holds a tap from its start, and it is still a tap', async () => {
    page = await bench.open('/actions')
    await page.direct('Emulation.setTouchEmulationEnabled', { enabled: true })
    const at = await page.middle('#delete')
    const tapped = Promise.all([
      page.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] }),
      page.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] }),
    ])
    await bench.door.pending()
    await new Promise((resolve) => setTimeout(resolve, 1200))
    await bench.door.approve()
    await tapped
    await requested('/effect/delete')
  })

  it('holds several fingers as something unknown', async () => {
    page = await bench.open('/actions')
    const points = [await page.middle('#more'), await page.middle('#delete')]
    const sent = page.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points })
    expect((await bench.door.deny()).descriptor.target.hints).toContain('target-unknown')
    await sent
  })

  it('holds a drop and lets it go trusted', async () => {
    page = await bench.open('/drag')
    const at = await page.middle('#zone')
    const data = { items: [], dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver'])
      expect((await page.send('Input.dispatchDragEvent', { type, ...at, data })).ok).toBe(true)
    const dropped = page.send('Input.dispatchDragEvent', { type: 'drop', ...at, data })
    const { descriptor } = await bench.door.approve()
    expect(descriptor).toMatchObject({ gesture: 'drop', target: { name: 'Delete here' } })
    await dropped
    await requested('/effect/drop')
    expect(await log()).toContain('drop true zone')
  })

  it('asks again where a mouse button is let go elsewhere', async () => {
    page = await bench.open('/actions')
    const from = { ...(await page.middle('#more')), button: 'left', clickCount: 1 }
    const to = { ...(await page.middle('#delete')), button: 'left', clickCount: 1 }
    await page.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...from })
    const released = page.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...to })
    expect((await bench.door.deny()).descriptor.target.name).toBe('Delete account')
    await released
    expect(await log()).toEqual(['mousedown true more'])
  })
})

describe('a dialog', () => {
  beforeEach(async () => {
    page = await bench.open('/dialog')
  })

  it('is accepted only after a person agreed to what it says', async () => {
    await page.clickOn('#ask')
    await opened()
    const accepted = page.send('Page.handleJavaScriptDialog', { accept: true })
    const { descriptor, classification } = await bench.door.approve()
    expect(descriptor).toMatchObject({ dialog: { name: 'confirm', text: 'Delete invoice 4711?' } })
    expect(classification.capability).toBe('delete')
    expect((await accepted).ok).toBe(true)
    await requested('/effect/confirmed')
  })

  it('may be dismissed, and an alert closed, without asking', async () => {
    await page.clickOn('#ask')
    await opened()
    expect((await page.send('Page.handleJavaScriptDialog', { accept: false })).ok).toBe(true)
    await page.clickOn('#tell')
    await opened()
    expect((await page.send('Page.handleJavaScriptDialog', { accept: true })).ok).toBe(true)
    expect(await page.run('window.told')).toBe(true)
    expect(bench.requests).toEqual([])
    const nothing = await page.send('Page.handleJavaScriptDialog', { accept: true })
    expect(nothing).toMatchObject({ ok: false, text: 'No dialog is showing' })
  })

  it('makes input wait instead of being taken for an unknown target', async () => {
    await page.clickOn('#tell')
    await opened()
    bench.door.asked.length = 0
    const clicked = page.click({ x: 20, y: 20 })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(bench.door.asked).toEqual([])
    await page.send('Page.handleJavaScriptDialog', { accept: true })
    await clicked
    expect(bench.door.asked[0]?.target.hints).not.toContain('target-unknown')
  })
})

describe('files, history and the browser itself', () => {
  it('names the files that a page is given', async () => {
    page = await bench.open('/file')
    const file = join(tmpdir(), 'holdpoint-report.txt')
    writeFileSync(file, 'twelve bytes')
    const found = await page.direct('Runtime.evaluate', { expression: 'file' })
    const objectId = textOf(paramsOf(found.result).objectId)
    const given = page.send('DOM.setFileInputFiles', { files: [file], objectId })
    const { descriptor } = await bench.door.approve()
    expect(descriptor.target.name).toContain('Report')
    expect(descriptor.form?.fields[0]?.value).toBe(`${file} (12 bytes)`)
    expect((await given).ok).toBe(true)
    await requested('/effect/file')
  })

  it('reloads freely, but does not send a form again', async () => {
    page = await bench.open('/posting')
    expect((await page.send('Page.reload')).ok).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 300))
    bench.door.allows = ({ gesture }) => gesture === 'click'
    await page.clickOn('#go')
    await requested('/posted')
    await new Promise((resolve) => setTimeout(resolve, 300))
    const reloaded = page.send('Page.reload')
    expect((await bench.door.deny()).descriptor.target.name).toBe('Page.reload')
    expect((await reloaded).ok).toBe(false)
    expect(bench.requests.filter((one) => one.includes('/posted'))).toHaveLength(1)
    // Back to it from another page is the same, back to the form is not.
    const history = await page.direct('Page.getNavigationHistory')
    const entries = Array.isArray(history.entries) ? history.entries.map(paramsOf) : []
    await page.goto(`http://localhost:${bench.port}/other`)
    const [form, posted] = entries.slice(-2)
    const back = page.send('Page.navigateToHistoryEntry', { entryId: posted?.id })
    expect((await bench.door.deny()).descriptor.target.name).toBe('Page.navigateToHistoryEntry')
    expect((await back).ok).toBe(false)
    expect((await page.send('Page.navigateToHistoryEntry', { entryId: form?.id })).ok).toBe(true)
  })

  it('holds what would change the browser itself, with its parameters', async () => {
    page = await bench.open('/other')
    const cookie = { name: 'sid', value: 'secret', url: 'http://localhost/' }
    const set = page.send('Network.setCookie', cookie)
    const { descriptor } = await bench.door.deny()
    expect(descriptor.target).toMatchObject({ role: 'browser', name: 'Network.setCookie' })
    expect(descriptor.dialog?.text).toContain('sid')
    expect(JSON.stringify(descriptor)).not.toContain('secret')
    expect((await set).ok).toBe(false)
  })
})

it('looks once, in one round trip, where nothing takes its time', async () => {
  page = await bench.open('/actions')
  bench.door.allows = () => true
  await page.clickOn('#more')
  const own: string[] = []
  const { forward } = bench.pipe
  bench.pipe.forward = (command, take) => {
    if (command.sessionId === page.target.session.id) own.push(command.method)
    forward.call(bench.pipe, command, take)
  }
  bench.stopped = systemClock.monotonic()
  for (const button of ['#more', '#delete']) {
    own.length = 0
    await page.clickOn(button)
    // The look and the element it found are asked for together.
    expect(own, button).toEqual(['Runtime.callFunctionOn', 'Runtime.callFunctionOn'])
  }
  bench.stopped = null
  bench.pipe.forward = forward
})

/** Resolves once the page's dialog is open. */
async function opened(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 200))
}
