import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { type GatewayHost, startGatewayHost } from '#companion/commands/gateway-host.ts'
import { type Companion, startCompanion } from '#companion/commands/start-companion.ts'
import type { RunHandle } from '#companion/gateway/gateway.ts'
import type { Frame, TakeoverInput } from '#shared/protocol/run.ts'

/** The whole of it: an agent by Puppeteer, its click held, and a person who looks, takes over, gives
 * back, and kills. */

const home = mkdtempSync(join(tmpdir(), 'holdpoint-takeover-'))
const by = { id: 't_me', actor: 'supervisor' }
const hits: string[] = []
let server: Server
let companion: Companion
let host: GatewayHost
let run: RunHandle
let agent: Browser
let page: Page

const PAGE = `<title>Payments</title><body style="margin:0">
  <form method="post" action="/refund">
    <input name="to" value="Ana Silva" style="position:absolute;left:40px;top:40px;width:200px">
    <button style="position:absolute;left:40px;top:100px;width:120px;height:40px">Refund</button>
  </form>
  <button id="note" style="position:absolute;left:40px;top:200px;width:120px;height:40px"
    onclick="if (confirm('Add it?')) fetch('/note', { method: 'POST', body: 'x' })">Add note</button>`

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.method !== 'GET') hits.push(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'text/html').end(PAGE)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  companion = await startCompanion({ home, port: 0 })
  host = await startGatewayHost(companion, {
    ...{ browser: found.browser, profile: join(home, 'profile'), headless: true },
  })
  run = await host.newRun({ name: 'support-bot', agent: 'support' })
  agent = await puppeteer.connect({ browserURL: run.cdp })
  const first = (await agent.pages())[0]
  if (!first) throw new Error('the agent found no page')
  page = first
  await page.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`)
})
afterAll(async () => {
  await host?.stop()
  await companion?.stop()
  server?.close()
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

it("a person's own clicks act on the page while the agent waits, and kill ends it all", async () => {
  const clicking = page.click('form button').catch((error: Error) => error)
  const frames: Frame[] = []
  await vi.waitFor(async () => expect(await companion.runs.get(run.id)).toMatchObject({ held: 1 }))
  const watching = await companion.runs.watch(
    run.id,
    (frame) => frames.push(frame),
    () => undefined,
  )
  expect(watching.ok).toBe(true)
  await vi.waitFor(() => expect(frames.at(-1)?.box).toMatchObject({ x: 40, y: 100 }), 5000)
  expect(frames.at(-1)).toMatchObject({ hands: false, box: { width: 120, height: 40 } })

  await companion.runs.takeover(run.id, true, by)
  await vi.waitFor(() => expect(frames.at(-1)?.hands).toBe(true), 5000)
  const waits = page.evaluate(() => 'went on')
  const at = frames.at(-1)?.page ?? ''
  const act = (...acts: TakeoverInput[]) => companion.runs.act(run.id, { page: at, acts })
  const mouse = { x: 100, y: 220, modifiers: 0, button: 'left', clicks: 1 } as const
  const clicked = act({ type: 'press', ...mouse }, { type: 'release', ...mouse })
  await vi.waitFor(() => expect(frames.at(-1)?.dialog?.text).toBe('Add it?'), 5000)
  expect(await act({ type: 'dialog', accept: true })).toEqual({ ok: true })
  expect(await clicked).toEqual({ ok: true })
  // Covered as theirs: nobody is asked.
  await vi.waitFor(() => expect(hits).toEqual(['POST /note']), 5000)
  expect(await companion.runs.get(run.id)).toMatchObject({ held: 1, takeover: true })
  const waited = await Promise.race([
    waits,
    new Promise((resolve) => setTimeout(() => resolve('waits'), 300)),
  ])
  expect(waited).toBe('waits')

  await companion.runs.takeover(run.id, false, by)
  expect(await waits).toBe('went on')
  expect(await companion.runs.set(run.id, 'killed', by)).toMatchObject({
    run: { state: 'killed', held: 0 },
  })
  expect(await clicking).toBeInstanceOf(Error)
  await expect(fetch(`${run.cdp}/json/version`)).rejects.toThrow()
  expect(hits).toEqual(['POST /note'])
  const log = await companion.context.store.runEntries([run.id])
  expect(log.map(({ body }) => body.change)).toEqual([
    ...['started', 'client', 'takeover', 'takeover', 'killed'],
  ])
})
