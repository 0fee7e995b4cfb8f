import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { Hold } from '#shared/protocol/hold.ts'
import { HostBench, holdsOf, toldBy } from './host-bench.ts'
import { quiet, serve, until } from './requests-bench.ts'

/** What becomes of held things when a process dies: a page's, the browser's, the companion's. */

const pages = {
  '/shop': `<title>Shop</title>
    <button id="pay" onclick="fetch('/pay', { method: 'POST', body: '40' })">Pay 40 USD</button>`,
}
const POST = {
  expression: `fetch('/by-script', { method: 'POST', body: 'x' })`,
  awaitPromise: true,
}

describe('a crash', () => {
  let bench: HostBench

  beforeAll(async () => {
    bench = await HostBench.start({ pages })
  })
  afterAll(async () => await bench?.stop())
  beforeEach(() => {
    bench.site.hits.length = 0
  })

  /** A click and a request of a script, held in two pages. */
  async function twoHeld() {
    const agent = await bench.agent()
    const one = await bench.open(agent, '/shop?click')
    const two = await bench.open(agent, '/shop?script')
    const clicked = one.click('#pay')
    const posted = two.ask('Runtime.evaluate', POST)
    const holds = [await bench.held('Pay 40 USD'), await bench.held(/by-script/)]
    return { agent, pages: [one, two], answers: [clicked, posted], holds }
  }

  async function nothingLeft(holds: readonly Hold[]): Promise<void> {
    for (const { id } of holds) {
      await bench.became(id, 'withdrawn', 2000)
      expect(await bench.verdict(id, 'approve')).toBe(409)
    }
    await quiet(300)
    expect(bench.site.mutating()).toEqual([])
  }

  it('of a page ends what it had held, and the agent hears of it within two seconds', async () => {
    const { agent, pages, answers, holds } = await twoHeld()
    const began = performance.now()
    for (const { targetId } of pages) {
      const target = bench.pages().find(({ id }) => id === targetId)
      target?.session.call('Page.crash').catch(() => undefined) // it cannot answer any more
    }
    for (const answer of answers) expect(toldBy(await answer)).not.toBe('')
    expect(performance.now() - began).toBeLessThan(2000)
    await nothingLeft(holds)
    const began2 = performance.now()
    await bench.open(agent, '/shop?next')
    expect(performance.now() - began2).toBeLessThan(2000)
    expect(bench.reported).toEqual([])
    agent.end()
  })

  it('cannot be brought about by the agent', async () => {
    const agent = await bench.agent()
    const page = await bench.open(agent, '/shop?stays')
    for (const method of [
      'Page.crash',
      'Browser.crash',
      'Browser.crashGpuProcess',
      'Memory.simulatePressureNotification',
    ])
      expect((await page.ask(method)).error?.message, method).toMatch(/Holdpoint/)
    for (const url of [
      'chrome://crash',
      'chrome://kill',
      'about:crash',
      'chrome://inducebrowsercrashforrealz',
      'view-source:chrome://crash',
    ])
      expect((await page.ask('Page.navigate', { url })).error?.message, url).toMatch(/Holdpoint/)
    expect(await page.evaluate('document.title')).toBe('Shop')
    agent.end()
  })

  it('of the browser ends every run of it at once', async () => {
    const { agent, holds } = await twoHeld()
    const began = performance.now()
    process.kill(bench.host.gateway.pid, 'SIGKILL')
    await agent.closed
    expect(performance.now() - began).toBeLessThan(2000)
    await nothingLeft(holds)
    expect(bench.host.gateway.runs()).toEqual([])
    expect((await bench.companion.runs.get(bench.run.id))?.state).toBe('ended')
    await expect(fetch(`${bench.run.cdp}/json/version`)).rejects.toThrow()
    expect((await bench.api('/v1/health')).status).toBe(200)
  })
})

describe('a companion that is killed', () => {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-killed-'))
  let child: ChildProcess | undefined
  let site: Awaited<ReturnType<typeof serve>>

  beforeAll(async () => {
    execFileSync(process.execPath, ['scripts/build.mjs', 'companion'], { stdio: 'ignore' })
    site = await serve(pages)
  })
  afterAll(async () => {
    await stop('SIGTERM')
    await site?.close()
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  const Ready = z.object({ companion: z.string(), token: z.string(), cdp: z.string() })

  async function start(): Promise<z.infer<typeof Ready>> {
    const args = ['gateway', '--headless', '--json', '--home', home, '--port', '0']
    const started = spawn(process.execPath, [resolve('companion/dist/cli.js'), ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    child = started
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: started.stdout }).once('line', resolve)
      started.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)))
    })
    return Ready.parse(JSON.parse(line))
  }

  async function stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const running = child
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    running.kill(signal)
    await ended
  }

  it('takes the browser with it, and whatever was held is withdrawn when it is back', async () => {
    const first = await start()
    const browser = await chromium.connectOverCDP(first.cdp)
    const page = await browser.newPage()
    await page.goto(`${site.origin}/shop`)
    page.click('#pay').catch(() => undefined) // its browser is about to die
    const script = await browser.newPage()
    await script.goto(`${site.origin}/shop`)
    script.evaluate(POST.expression).catch(() => undefined) // as above
    const holds = await until(async () => {
      const open = await holdsOf(first)
      return open.length === 2 && open
    }, 10_000)
    expect(processesOf(home).length).toBeGreaterThan(1)

    await stop('SIGKILL')
    await until(() => processesOf(home).length === 0, 5000)
    expect(site.mutating()).toEqual([])

    const second = await start()
    const headers = { authorization: `Bearer ${second.token}`, 'content-type': 'application/json' }
    for (const { id } of holds) {
      const hold = await fetch(`${second.companion}/v1/holds/${id}`, { headers })
      expect(Hold.parse(await hold.json())).toMatchObject({
        state: 'withdrawn',
        withdrawn: 'the companion stopped while it was held',
      })
      const verdict = await fetch(`${second.companion}/v1/holds/${id}/verdict`, {
        ...{ method: 'POST', headers, body: '{"verdict":"approve"}' },
      })
      expect(verdict.status).toBe(409)
    }
    await quiet(500)
    expect(site.mutating()).toEqual([])
    await browser.close().catch(() => undefined) // gone with the first companion
  })
})

/** Ids of the running processes that have this path among their arguments. */
function processesOf(path: string): string[] {
  return readdirSync('/proc').filter((id) => {
    if (!/^\d+$/.test(id)) return false
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(path)
    } catch {
      return false // it has ended
    }
  })
}
