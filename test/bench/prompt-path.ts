import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from '@playwright/test'
import { WebSocket, WebSocketServer } from 'ws'
import { Companion, openBrowser, pair } from '../fixtures.ts'
import { AgentCompanion, serveAgents } from './agent-companion.ts'
import { asks } from './asks.ts'
import { writeFloorExtension } from './floor-extension.ts'
import { serveFloor } from './floor-server.ts'
import { quiet } from './quiet.ts'
import { inTurns, print, type Samples } from './samples.ts'

/** How long a step is kept waiting, end to end, in Chromium with the extension as it is built.
 *
 * Click: from a click that a rule allows to the page's own handler, against the least extension that
 * waits for a program outside (a port, a WebSocket, an echo), without and with a durable record, and
 * against the usual one (`sendMessage`, `fetch`). By the mouse it counts from the click; by a script the
 * step is described within the time.
 * Release: from a person's verdict to the page's handler and to a waiting agent, against one group
 * commit and a push over the same lines.
 * They take turns click by click. Prints the goals and does not check them.
 *
 *   npm run bench:prompt -- [rounds, default 15] */

const CLICKS = 20
const RELEASES = 3
const WARM_UP = 3
const READING_MS = 300

const policy = `version: 1
rules:
  - { id: mail, effect: allow, on: { capability: send }, acknowledge: [communication] }
`

type Trigger = 'script' | 'mouse'

/** Times every click on `#act` in the page, from the first listener there is to the last. */
function timeClicks(): void {
  let clickedAt = 0
  addEventListener('click', () => (clickedAt ||= performance.now()), true)
  addEventListener('DOMContentLoaded', () => {
    document.getElementById('act')?.addEventListener('click', (event) => {
      event.preventDefault()
      document.documentElement.dataset.took = String(performance.now() - clickedAt)
      clickedAt = 0
      dispatchEvent(new Event('released'))
    })
  })
}

/** Milliseconds from a click to the page's handler. */
async function click(tab: Page, trigger: Trigger): Promise<number> {
  if (trigger === 'mouse') await tab.mouse.click(...(await centre(tab)))
  return await tab.evaluate((byScript) => {
    const { dataset } = document.documentElement
    return new Promise<number>((resolve) => {
      const done = () => {
        resolve(Number(dataset.took))
        delete dataset.took
      }
      if (dataset.took !== undefined) return done()
      addEventListener('released', done, { once: true })
      if (byScript) document.getElementById('act')?.click()
    })
  }, trigger === 'script')
}

const centres = new Map<Page, [number, number]>()

async function centre(tab: Page): Promise<[number, number]> {
  const known = centres.get(tab)
  if (known) return known
  const box = await tab.locator('#act').boundingBox()
  if (!box) throw new Error('the page has no button')
  const at: [number, number] = [box.x + box.width / 2, box.y + box.height / 2]
  centres.set(tab, at)
  return at
}

/** POSTs over a connection that stays open: `fetch` costs more than what is measured. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
function post(url: string, token: string, body: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.once('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`status ${answer.statusCode}`)),
      )
    })
    sent.once('error', reject)
    sent.end(JSON.stringify(body))
  })
}

/** Milliseconds from sending `verdict` to `heard`. A person reads what they are asked first. */
async function releasedAfter(
  heard: Promise<unknown>,
  verdict: () => Promise<void>,
): Promise<number> {
  await setTimeout(READING_MS)
  const start = performance.now()
  const sent = verdict()
  await heard
  const took = performance.now() - start
  await sent
  return took
}

/** The next message on a line; rejects where the other end closes it. */
function next(line: WebSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    const closed = (code: number) => reject(new Error(`a line was closed with ${code}`))
    line.once('close', closed)
    line.once('message', (data) => {
      line.off('close', closed)
      resolve(String(data))
    })
  })
}

/** A server in a process of its own; `url` and the like are what it says first. */
async function inChild(role: Role, home: string) {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), [role, home])
  const said = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)))
    child.once('exit', (code) => reject(new Error(`\`${role}\` ended with ${code}`)))
  })
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.disconnect()
    await ended
  }
  return { said, stop }
}

const roles = {
  floor: async (home: string) => serveFloor(join(home, 'floor.db')),
  agents: async (home: string) => {
    const [descriptor] = asks(1)
    if (!descriptor) throw new Error('there is nothing to ask')
    return JSON.stringify(await serveAgents(home, { ...descriptor, door: 'gateway' }))
  },
}
type Role = keyof typeof roles

async function beChild(role: Role, home: string): Promise<void> {
  process.once('disconnect', () => process.exit())
  process.send?.(await roles[role](home))
}

async function compare(rounds: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-bench-'))
  const undo: (() => unknown)[] = [() => rmSync(home, { recursive: true, force: true })]
  try {
    const floor = await inChild('floor', home)
    undo.push(floor.stop)
    const agents = await inChild('agents', join(home, 'agents'))
    undo.push(agents.stop)
    const signals = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    undo.push(() => signals.close())
    const companion = new Companion()
    undo.push(() => companion.dispose())
    await companion.start(policy)
    const extension = writeFloorExtension(floor.said)
    undo.push(() => rmSync(extension, { recursive: true }))
    const least = await openBrowser({ extension })
    undo.push(() => least.close())
    const ours = await openBrowser()
    undo.push(() => ours.close())
    await pair(ours, companion)
    for (const context of [least, ours]) await context.addInitScript(timeClicks)
    const bench = { least, ours, companion, floor: floor.said, signals }
    await compareClicks(bench, rounds)
    await compareReleases(bench, AgentCompanion.parse(JSON.parse(agents.said)), rounds)
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

interface Bench {
  least: BrowserContext
  ours: BrowserContext
  companion: Companion
  /** Address of the floor's server. */
  floor: string
  /** Hears of releases from the pages. */
  signals: WebSocketServer
}

async function compareClicks({ least, ours, floor }: Bench, rounds: number): Promise<void> {
  const address = `${floor}/page/Send?isolated`
  const tabs = { least: await open(least, address), ours: await open(ours, address) }
  for (const trigger of ['script', 'mouse'] as const) {
    const samples: Samples = new Map()
    const asIs = (way: string) => async () => {
      await tabs.least.evaluate((way) => (document.documentElement.dataset.way = way), way)
      return await click(tabs.least, trigger)
    }
    const ways = {
      'port + WebSocket': asIs('port'),
      '... + one commit': asIs('commit'),
      holdpoint: () => click(tabs.ours, trigger),
      'sendMessage + fetch': asIs('message'),
    }
    await inTurns(ways, WARM_UP, null)
    for (let round = 0; round < rounds; round++) {
      await quiet()
      await inTurns(ways, CLICKS, samples)
    }
    console.log(`click by ${trigger}, ${rounds * CLICKS} each`)
    print(samples, 'port + WebSocket', {})
    print(samples, '... + one commit', {})
    print(samples, 'sendMessage + fetch', {})
    print(samples, 'holdpoint', {
      'port + WebSocket': 'goal 1.50',
      '... + one commit': 'to compare',
      'sendMessage + fetch': 'goal 0.25',
    })
  }
  for (const tab of Object.values(tabs)) await tab.close()
}

async function compareReleases(
  { least, ours, companion, floor, signals }: Bench,
  agents: AgentCompanion,
  rounds: number,
): Promise<void> {
  const address = signals.address()
  if (!address || typeof address === 'string') throw new Error('the signals have no port')
  const page = `${floor}/page/Delete?signal=${encodeURIComponent(`ws://127.0.0.1:${address.port}`)}`
  const hears = async (context: BrowserContext) => {
    const signal = new Promise<WebSocket>((resolve) => signals.once('connection', resolve))
    return { tab: await open(context, page), signal: await signal }
  }
  const pages = { least: await hears(least), ours: await hears(ours) }
  const waiting = await connected(`${floor.replace('http', 'ws')}/agent`)
  const agent = await connected(agents.agents)
  const go = () => post(`${floor}/release`, '', { audit: 'x'.repeat(1000) })
  const approve = (url: string, token: string, hold: string) => () =>
    post(`${url}/v1/holds/${hold}/verdict`, token, { verdict: 'approve' })
  const ways = {
    'to an agent: commit, push': () => releasedAfter(next(waiting), go),
    'to an agent: holdpoint': async () => {
      const asked = next(agent)
      agent.send('ask')
      const hold = await asked
      return await releasedAfter(next(agent), approve(agents.url, agents.token, hold))
    },
    'to a page: commit, push': async () => {
      await pages.least.tab.evaluate(() => document.getElementById('act')?.click())
      return await releasedAfter(next(pages.least.signal), go)
    },
    'to a page: holdpoint': async () => {
      await pages.ours.tab.evaluate(() => document.getElementById('act')?.click())
      const [hold] = await companion.pending()
      if (!hold) throw new Error('nothing is held')
      const { companion: url, token } = companion.ready
      return await releasedAfter(next(pages.ours.signal), approve(url, token, hold.id))
    },
  }
  const samples: Samples = new Map()
  await inTurns(ways, WARM_UP, null)
  for (let round = 0; round < rounds; round++) {
    await quiet()
    await inTurns(ways, RELEASES, samples)
  }
  console.log(`from a verdict to its release, ${rounds * RELEASES} each`)
  for (const to of ['agent', 'page']) {
    const peer = `to ${to === 'page' ? 'a page' : 'an agent'}: commit, push`
    print(samples, peer, {})
    print(samples, peer.replace('commit, push', 'holdpoint'), { [peer]: 'goal 2.00' })
  }
  waiting.close()
  agent.close()
}

async function open(context: BrowserContext, address: string): Promise<Page> {
  const tab = await context.newPage()
  await tab.goto(address)
  return tab
}

function connected(address: string): Promise<WebSocket> {
  const socket = new WebSocket(address)
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

const [, , first, second] = process.argv
if ((first === 'floor' || first === 'agents') && second !== undefined) await beChild(first, second)
else await compare(Number(first ?? 15))
