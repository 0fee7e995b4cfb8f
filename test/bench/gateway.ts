/** What the gateway costs an agent: single CDP commands and whole Playwright clicks, straight to a
 * browser's debugging port and through the gateway, interleaved in one run. Every browser is the same
 * program with the same pages. The gateway has a process of its own, as it has for every agent.
 *
 * Playwright waits for two frames of the page before it clicks. Clicks one after the other, as agents
 * make them and as the goal is meant, keep in step with the frames and cost 33 ms or 50, whatever lies
 * between. What the gateway really adds shows where each begins at a random moment of a frame.
 *
 *   npm run bench:gateway */
import { fork } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test'
import { type FoundBrowser, findBrowser } from '#companion/browser/find-browser.ts'
import { launchBrowser } from '#companion/browser/launch-browser.ts'
import { startGatewayHost } from '#companion/commands/gateway-host.ts'
import { filesOf } from '#companion/commands/home.ts'
import { startCompanion } from '#companion/commands/start-companion.ts'
import { until } from '#companion/practice/supervisor.ts'
import { quiet } from './quiet.ts'

const ROUNDS = 12
const COMMANDS = 150
const CLICKS = 30

/** One frame of 60 per second, in ms. */
const FRAME = 1000 / 60

const html = `<!doctype html><title>bench</title>
<h1>Task 12</h1>
<p><button type="button" id="read">Show details</button>
<p><button type="button" id="save">Save changes</button>
<ul>${Array.from({ length: 400 }, (_, i) => `<li><a href="#${i}">Item ${i}</a></li>`).join('')}</ul>
<script>globalThis.clicks = 0; addEventListener('click', () => clicks++)</script>`

/** One way to the browser. */
interface Way {
  name: string
  page: Page
  session: CDPSession
}

/** Something timed: `run` does it once. `ways` are the names it is measured on. */
interface Measure {
  name: string
  goal: { p50: number; p99?: number } | null
  count: number
  /** One way after the other, each at a random moment within so many ms. */
  within?: number
  run(way: Way): Promise<unknown>
}

const command = (name: string, method: 'Runtime.evaluate' | 'DOM.getDocument', params: object) => ({
  name,
  goal: { p50: 1.3 },
  count: COMMANDS,
  run: ({ session }: Way) => session.send(method, params),
})
const click = (name: string, selector: string): Measure => ({
  name,
  goal: { p50: 1.05, p99: 1.25 },
  count: CLICKS,
  run: ({ page }) => page.click(selector),
})
const clickAtRandom = (name: string, selector: string): Measure => ({
  ...click(`${name}, at random`, selector),
  goal: null,
  within: FRAME,
})
const measures: readonly Measure[] = [
  command('Runtime.evaluate', 'Runtime.evaluate', { expression: '1' }),
  command('DOM.getDocument', 'DOM.getDocument', { depth: 1 }),
  {
    name: '1 MB result',
    goal: { p50: 1.3 },
    count: 10,
    run: ({ session }) =>
      session.send('Runtime.evaluate', { expression: '"x".repeat(1e6)', returnByValue: true }),
  },
  {
    name: 'page.evaluate(1)',
    goal: { p50: 1.3 },
    count: COMMANDS,
    run: ({ page }) => page.evaluate('1'),
  },
  { name: 'screenshot', goal: { p50: 1.1 }, count: 4, run: ({ page }) => page.screenshot() },
  click('click that passes', '#read'),
  click('click a rule allows', '#save'),
  clickAtRandom('click that passes', '#read'),
  clickAtRandom('click a rule allows', '#save'),
]

const undo: (() => unknown)[] = []
const [task, home = '', url = ''] = process.argv.slice(2)
if (task === 'gateway') await serveGateway(home, url)
else await measureAll()

async function measureAll(): Promise<never> {
  try {
    await measureWays(await open())
  } finally {
    for (const step of undo.reverse()) await step()
  }
  process.exit(0)
}

async function measureWays(ways: readonly Way[]): Promise<void> {
  for (const way of ways) for (const measure of measures) await measure.run(way)
  const times: Times = new Map()
  for (let round = 0; round < ROUNDS; round++)
    for (const measure of measures) {
      const turn = round % 2 ? ways : [...ways].reverse()
      if (measure.within === undefined) await slices(measure, turn, times)
      else await turns(measure, measure.within, turn, times)
    }
  for (const { name, goal } of measures) print(name, goal, times)
}

type Times = Map<string, number[]>

async function slices(measure: Measure, ways: readonly Way[], times: Times): Promise<void> {
  for (const way of ways) {
    await quiet()
    for (let i = 0; i < measure.count; i++) await time(measure, way, times)
  }
}

async function turns(
  measure: Measure,
  within: number,
  ways: readonly Way[],
  times: Times,
): Promise<void> {
  await quiet()
  for (let i = 0; i < measure.count; i++)
    for (const way of ways) {
      await setTimeout(Math.random() * within)
      await time(measure, way, times)
    }
}

async function time(measure: Measure, way: Way, times: Times): Promise<void> {
  const key = `${measure.name} ${way.name}`
  const found = times.get(key) ?? []
  times.set(key, found)
  const start = performance.now()
  await measure.run(way)
  found.push(performance.now() - start)
}

async function open(): Promise<Way[]> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(html)
  })
  const url = await listening(server)
  undo.push(() => server.close())
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  const { browser } = found
  const agent = await chromium.connectOverCDP(await gateway(url))
  undo.push(() => agent.close())
  return [
    await way('direct', await direct(browser), url),
    await way('direct again', await direct(browser), url),
    await way('gateway', agent, url),
  ]
}

/** Starts the gateway's process; resolves with the address of a run. */
async function gateway(url: string): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-bench-'))
  undo.push(() => rmSync(home, { recursive: true, force: true }))
  const child = fork(fileURLToPath(import.meta.url), ['gateway', home, url])
  const ended = new Promise((resolve) => child.once('exit', resolve))
  undo.push(async () => {
    if (child.connected) child.disconnect()
    await ended
  })
  return await new Promise((resolve, reject) => {
    child.once('message', (address) => resolve(String(address)))
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)))
  })
}

/** The gateway's process: ends when the other does. */
async function serveGateway(home: string, url: string): Promise<void> {
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  writeFileSync(
    filesOf(home).policy,
    `version: 1\nrules:\n  - { id: save, effect: allow, on: { capability: update, url: "${url}/**" } }\n`,
  )
  const companion = await startCompanion({ home, port: 0 })
  const profile = join(home, 'profile')
  const host = await startGatewayHost(companion, {
    browser: found.browser,
    profile,
    headless: true,
  })
  const run = await host.newRun({ name: 'bench', agent: 'bench' })
  process.once('disconnect', async () => {
    await host.stop()
    await companion.stop()
    process.exit(0)
  })
  process.send?.(run.cdp)
}

/** A browser with an open debugging port, and the same client at it. */
async function direct(browser: FoundBrowser): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'holdpoint-bench-'))
  const switches = ['--remote-debugging-port=0']
  const running = await launchBrowser({ browser, profile, urls: [], headless: true, switches })
  undo.push(async () => {
    await running.close()
    rmSync(profile, { recursive: true, force: true })
  })
  const file = join(profile, 'DevToolsActivePort')
  const port = await until(
    () => (existsSync(file) && readFileSync(file, 'utf8').split('\n')[0]) || undefined,
    20_000,
  )
  return await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
}

async function way(name: string, browser: Browser, url: string): Promise<Way> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(url)
  return { name, page, session: await context.newCDPSession(page) }
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)
    })
  })
}

function print(name: string, goal: Measure['goal'], times: ReadonlyMap<string, number[]>): void {
  const of = (way: string) => {
    const sorted = [...(times.get(`${name} ${way}`) ?? [])].sort((a, b) => a - b)
    const at = (part: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
    return { p50: at(0.5), p99: at(0.99) }
  }
  const [direct, control, gateway] = [of('direct'), of('direct again'), of('gateway')]
  const ratio = (part: 'p50' | 'p99') => gateway[part] / direct[part]
  const spread = (part: 'p50' | 'p99') => `x${(control[part] / direct[part]).toFixed(2)}`
  const met =
    goal && ratio('p50') <= goal.p50 && (goal.p99 === undefined || ratio('p99') <= goal.p99)
  const wanted = goal
    ? `goal ${goal.p50}${goal.p99 ? ` / ${goal.p99}` : ''} ${met ? 'met' : 'MISSED'}`
    : ''
  console.log(
    `${name.padEnd(30)} direct ${ms(direct)}  gateway ${ms(gateway)}  x${ratio('p50').toFixed(2)} / x${ratio('p99').toFixed(2)} (control ${spread('p50')} / ${spread('p99')})  ${wanted}`,
  )
}

function ms({ p50, p99 }: { p50: number; p99: number }): string {
  return `${p50.toFixed(2)} / ${p99.toFixed(2)} ms`
}
