import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { paramsOf, textOf } from '#companion/gateway/cdp.ts'
import type { Aim } from '#companion/gateway/hit-test.ts'
import { boxInPage } from '#companion/gateway/page-box.ts'
import type { Cause, CauseTicket } from '#companion/gateway/parts.ts'
import { Pictures, type RunPicture } from '#companion/gateway/picture.ts'
import { Pipe } from '#companion/gateway/pipe.ts'
import { takeover } from '#companion/gateway/takeover.ts'
import type { Target } from '#companion/gateway/targets.ts'
import { unknownTarget } from '#companion/gateway/unknown-target.ts'
import type { Frame } from '#shared/protocol/run.ts'

const profile = mkdtempSync(join(tmpdir(), 'holdpoint-picture-'))
let chromium: ChildProcess
let pipe: Pipe
let server: Server
let origin = ''
/** Methods called on every session, in order. */
const called: string[] = []
const open: RunPicture[] = []

beforeAll(async () => {
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(pages[new URL(request.url ?? '/', 'http://x').pathname] ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  chromium = spawn(
    found.browser.path,
    [
      '--headless=new',
      '--remote-debugging-pipe',
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--window-size=1000,700',
      '--site-per-process',
      `--user-data-dir=${profile}`,
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  const [, , , writer, reader] = chromium.stdio
  if (!(writer instanceof Writable) || !(reader instanceof Readable))
    throw new Error('the browser has no debugging pipe')
  pipe = new Pipe(writer, reader)
})
afterEach(() => {
  for (const picture of open.splice(0)) picture.end()
})
afterAll(async () => {
  const gone = pipe.closed
  chromium.kill('SIGKILL')
  await gone
  server.close()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
})

const pages: Record<string, string> = {
  '/': `<title>Refunds</title><body style="margin:0;height:3000px">
    <button id="send" style="position:absolute;left:200px;top:100px;width:120px;height:40px">Send</button>
    <input id="to" style="position:absolute;left:200px;top:200px">
    <script>
      window.log = []
      for (const type of ['mousedown', 'mouseup', 'click', 'keydown', 'input', 'wheel'])
        addEventListener(type, (e) => log.push(type + ' ' + (e.key ?? e.target.id) + ' ' + e.isTrusted), true)
    </script>`,
  '/outer': `<body style="margin:0"><iframe id="f" style="position:absolute;left:100px;top:50px;border:10px solid;width:400px;height:300px;transform:scale(0.5);transform-origin:0 0"></iframe>
    <script>f.src = 'http://localhost:' + location.port + '/inner'</script>`,
  '/inner': `<body style="margin:0"><button id="inner" style="position:absolute;left:40px;top:20px;width:100px;height:60px">In</button>`,
}

/** A page with a session of the companion's own, which also writes down what is asked of it. */
async function target(path: string): Promise<Target> {
  const { targetId } = await pipe.call('Target.createTarget', { url: `${origin}${path}` })
  return await attach(textOf(targetId) ?? '', 'page', null, `${origin}${path}`)
}

async function attach(
  id: string,
  type: string,
  parent: Target | null,
  url: string,
): Promise<Target> {
  const attached = await pipe.call('Target.attachToTarget', { targetId: id, flatten: true })
  const session = pipe.session(textOf(attached.sessionId))
  await session.call('Page.enable')
  await session.call('DOM.enable')
  const rest = { parent, opener: null, browserContextId: '', url, title: 'Refunds' }
  return {
    ...{ id, type, ...rest, armed: Promise.resolve() },
    session: {
      ...session,
      call(method, params) {
        called.push(method)
        return session.call(method, params)
      },
    },
  }
}

async function evaluate(page: Target, expression: string): Promise<unknown> {
  const asked = { expression, returnByValue: true, awaitPromise: true }
  return paramsOf((await page.session.call('Runtime.evaluate', asked)).result).value
}

async function nodeOf(page: Target, selector: string): Promise<number> {
  const { root } = await page.session.call('DOM.getDocument')
  const found = await page.session.call('DOM.querySelector', {
    nodeId: paramsOf(root).nodeId,
    selector,
  })
  const { node } = await page.session.call('DOM.describeNode', { nodeId: found.nodeId })
  return Number(paramsOf(node).backendNodeId)
}

function filmed(page: Target, run = 'run_1') {
  const pictures = new Pictures()
  const picture = pictures.of(run, () => [page])
  open.push(picture)
  const frames: Frame[] = []
  return { pictures, picture, frames, watch: () => picture.watch((frame) => frames.push(frame)) }
}

const starts = () => called.filter((method) => method === 'Page.startScreencast').length
const size = (frame: Frame | undefined) => Buffer.from(frame?.jpeg ?? '', 'base64').length

it('films a page only while something on it is held and somebody watches', async () => {
  const page = await target('/')
  const { pictures, frames, watch } = filmed(page)
  called.length = 0
  const stop = watch()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(called).toEqual([])
  const box = { x: 200, y: 100, width: 120, height: 40 }
  pictures.held({ id: 'hold_1', run: 'run_1', target: page, box })
  await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0), 5000)
  expect(frames[0]).toMatchObject({ hold: 'hold_1', page: page.id, box, title: 'Refunds' })
  expect(frames[0]?.width).toBe(await evaluate(page, 'innerWidth'))
  expect(frames[0]?.height).toBe(await evaluate(page, 'innerHeight'))
  expect(
    Buffer.from(frames[0]?.jpeg ?? '', 'base64')
      .subarray(0, 3)
      .toString('hex'),
  ).toBe('ffd8ff')
  expect(size(frames[0])).toBeGreaterThan(1000)
  pictures.done('hold_1')
  await vi.waitFor(() => expect(called).toContain('Page.stopScreencast'))
  const before = frames.length
  await evaluate(page, 'document.body.style.background = "red"')
  await new Promise((resolve) => setTimeout(resolve, 400))
  // Its place was found only after it had ended.
  pictures.held({ id: 'hold_1', run: 'run_1', target: page, box })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(frames.length).toBe(before)
  stop()
})

it('asks nothing of the page while nobody watches, and stops with the last who did', async () => {
  const page = await target('/')
  const { pictures, frames, watch } = filmed(page)
  called.length = 0
  pictures.held({ id: 'hold_1', run: 'run_1', target: page, box: null })
  pictures.held({ id: 'hold_2', run: 'run_2', target: page, box: null })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(called).toEqual([])
  const stops = [watch(), watch()]
  await vi.waitFor(() => expect(frames.length).toBeGreaterThan(1), 5000)
  expect(new Set(frames.map(({ hold }) => hold))).toEqual(new Set(['hold_1']))
  stops[0]?.()
  const before = starts()
  await vi.waitFor(() => expect(starts()).toBeGreaterThan(before), 2000)
  stops[1]?.()
  called.length = 0
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(called).toEqual([])
})

it('shows a second hold on a page that has not moved, and to a late watcher the last frame', async () => {
  const page = await target('/')
  const { pictures, frames, watch } = filmed(page)
  watch()
  pictures.held({ id: 'hold_1', run: 'run_1', target: page, box: null })
  await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0), 5000)
  pictures.held({ id: 'hold_2', run: 'run_1', target: page, box: null })
  await vi.waitFor(() => expect(frames.some(({ hold }) => hold === 'hold_2')).toBe(true), 2000)
  const late: Frame[] = []
  open.at(-1)?.watch((frame) => late.push(frame))
  expect(late.map(({ hold }) => hold).sort()).toEqual(['hold_1', 'hold_2'])
})

it('follows the element while the page scrolls', async () => {
  const page = await target('/')
  const { pictures, frames, watch } = filmed(page)
  const node = await nodeOf(page, '#send')
  watch()
  pictures.held({ id: 'hold_1', run: 'run_1', target: page, box: null, node })
  await vi.waitFor(() => expect(frames.at(-1)?.box?.y).toBe(100), 5000)
  expect(frames.at(-1)?.box).toEqual({ x: 200, y: 100, width: 120, height: 40 })
  await evaluate(page, 'setInterval(() => (scrollTo(0, 60), (send.textContent = Date.now())), 30)')
  await vi.waitFor(() => expect(frames.at(-1)?.box?.y).toBe(40), 5000)
})

it('maps an element of a frame in a process of its own, scaled, onto the page', async () => {
  const page = await target('/outer')
  await evaluate(page, 'new Promise((r) => f.addEventListener("load", r))')
  const { targetInfos } = await pipe.call('Target.getTargets')
  const info = (Array.isArray(targetInfos) ? targetInfos.map(paramsOf) : []).find(
    ({ type, url }) => type === 'iframe' && String(url).endsWith('/inner'),
  )
  const frame = await attach(textOf(info?.targetId) ?? '', 'iframe', page, `${origin}/inner`)
  const box = await boxInPage(frame, await nodeOf(frame, '#inner'))
  // The frame's content begins at 100 + 10 / 2, 50 + 10 / 2, at half its size.
  expect(box).toEqual({ x: 125, y: 65, width: 50, height: 30 })
})

it('still has a picture of a page whose dialog blocks it', async () => {
  const page = await target('/')
  const { pictures, frames, watch } = filmed(page)
  page.session.call('Runtime.evaluate', { expression: 'confirm("Delete?")' }).catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 300))
  watch()
  pictures.held({ id: 'hold_1', run: 'run_1', target: page, box: null, node: 1 })
  await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0), 6000)
  await page.session.call('Page.handleJavaScriptDialog', { accept: false })
})

it("sends a person's input, trusted, and says that it is theirs", async () => {
  const page = await target('/')
  const { picture, frames, watch } = filmed(page)
  const causes: Cause[] = []
  let [begun, sent] = [0, 0]
  const ticket: CauseTicket = {
    let: (cause) => void causes.push(cause),
    sent: () => void sent++,
    dropped: () => undefined,
  }
  const aims: Aim[] = []
  const hands = takeover({
    run: { id: 'run_1', name: 'support-bot', agent: 'support' },
    pages: () => [page],
    hitTest: {
      async look(target, aim, occasion) {
        aims.push(aim)
        const descriptor = unknownTarget(target, occasion)
        return {
          ...{ descriptor, typing: false, draggable: false, target, frame: null, objectId: null },
        }
      },
    },
    causes: {
      begin() {
        begun++
        return ticket
      },
      note: () => ticket,
    },
    picture,
    report: (error) => {
      throw error
    },
  })
  const mouse = { x: 260, y: 220, modifiers: 0 }
  const left = { button: 'left', clicks: 1 } as const
  await expect(hands.act(page.id, { type: 'move', ...mouse })).rejects.toThrow(/given back/)
  watch()
  hands.begin('hp_7')
  await vi.waitFor(() => expect(frames.at(-1)).toMatchObject({ hold: null, hands: true }), 5000)
  await expect(hands.act('another', { type: 'move', ...mouse })).rejects.toThrow(/closed/)
  const click = { ...mouse, y: 210 }
  await hands.act(page.id, { type: 'move', ...click })
  await hands.act(page.id, { type: 'press', ...click, ...left })
  await hands.act(page.id, { type: 'release', ...click, ...left })
  const frame = frames.length
  for (const key of ['H', 'i', 'Backspace'])
    for (const down of [true, false])
      await hands.act(page.id, { type: 'key', down, key, code: '', modifiers: 0 })
  await hands.act(page.id, { type: 'text', text: 'ello' })
  expect(await evaluate(page, 'to.value')).toBe('Hello')
  await vi.waitFor(() => expect(frames.length).toBeGreaterThan(frame))
  await hands.act(page.id, { type: 'wheel', ...click, dx: 0, dy: 120 })
  await vi.waitFor(async () => expect(await evaluate(page, 'scrollY')).toBe(120))
  const log = await evaluate(page, 'log.join()')
  expect(log).toContain('mousedown to true,mouseup to true,click to true')
  expect(log).not.toContain('false')
  expect([begun, sent, causes.length]).toEqual([5, 5, 5])
  expect(causes[0]).toMatchObject({ agent: null, audit: 'hp_7', covers: 'all' })
  expect(causes[0]?.descriptor).toMatchObject({ provenance: 'human', gesture: 'click' })
  expect(aims).toEqual([{ point: { x: 260, y: 210 } }, 'focus', 'focus', 'focus', 'focus'])
  await evaluate(page, 'send.onclick = () => (to.value = confirm("Send it?")), scrollTo(0, 0)')
  const send = { x: 260, y: 120, modifiers: 0, ...left }
  await hands.act(page.id, { type: 'press', ...send })
  const release = hands.act(page.id, { type: 'release', ...send })
  await vi.waitFor(() =>
    expect(frames.at(-1)?.dialog).toEqual({ type: 'confirm', text: 'Send it?' }),
  )
  await hands.act(page.id, { type: 'dialog', accept: true })
  await release
  await vi.waitFor(() => expect(frames.at(-1)?.dialog).toBeNull())
  expect(await evaluate(page, 'to.value')).toBe('true')
  await hands.act(page.id, { type: 'press', ...mouse, ...left })
  hands.end()
  await vi.waitFor(async () =>
    expect(await evaluate(page, 'log.at(-1)')).toMatch(/^(mouseup|click)/),
  )
  await expect(hands.act(page.id, { type: 'move', ...mouse })).rejects.toThrow(/given back/)
})
