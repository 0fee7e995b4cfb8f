import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { WebSocket } from 'ws'
import * as z from 'zod/mini'
import { findProgram } from '#companion/browser/find-browser.ts'

/** A headless Firefox on a profile of its own, driven by WebDriver BiDi. */
export interface Firefox {
  /** Loads an unpacked add-on and resolves with its id. */
  install(path: string): Promise<string>
  /** Opens a page of an add-on in a tab of its own, as its menu would: websites and WebDriver may not. */
  openAddOnPage(addOn: string, page: string): Promise<void>
  /** Opens a page in the tab and waits until it is complete. */
  open(url: string): Promise<void>
  /** Value of an expression in the tab: a string, a number, a boolean or null. */
  evaluate(expression: string): Promise<unknown>
  /** Clicks the middle of the first element that the selector finds, with a real pointer. */
  click(selector: string): Promise<void>
  close(): Promise<void>
}

/** Path of Firefox, undefined where none is installed. */
export function findFirefox(): string | undefined {
  return ['firefox-esr', 'firefox'].map((name) => findProgram(name)).find(Boolean)
}

export async function openFirefox(path: string): Promise<Firefox> {
  const profile = mkdtempSync(join(tmpdir(), 'holdpoint-firefox-'))
  const remote = ['--remote-debugging-port', '0', '--remote-allow-system-access']
  const args = ['--headless', '--no-remote', ...remote, '--profile', profile]
  const browser = spawn(path, [...args, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    // Firefox refuses to run as root in a home folder that belongs to somebody else.
    env: { ...process.env, HOME: profile },
  })
  const ended = new Promise<void>((resolve) => browser.once('exit', () => resolve()))
  const { call, end } = await session(`${await listening(browser)}/session`)
  const context = await firstTab(call)
  return {
    evaluate: (expression) => run(call, context, expression),
    async install(addOn) {
      const extensionData = { type: 'path', path: addOn }
      return Installed.parse(await call('webExtension.install', { extensionData })).extension
    },
    async openAddOnPage(addOn, page) {
      const url = `WebExtensionPolicy.getByID(${JSON.stringify(addOn)}).getURL(${JSON.stringify(page)})`
      const by = 'triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal()'
      const window = await firstTab(call, { 'moz:scope': 'chrome' })
      await run(call, window, `void gBrowser.addTab(${url}, { ${by} })`)
    },
    async open(url) {
      await call('browsingContext.navigate', { context, url, wait: 'complete' })
    },
    async click(selector) {
      const at = await run(call, context, `(${middleOf})(${JSON.stringify(selector)})`)
      const [x, y] = Spot.parse(JSON.parse(String(at)))
      const actions = [
        { type: 'pointerMove', x, y },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ]
      const mouse = { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }
      await call('input.performActions', { context, actions: [mouse] })
    },
    async close() {
      end()
      const runs = browser.exitCode === null && browser.signalCode === null
      if (runs && browser.pid !== undefined) process.kill(-browser.pid)
      await ended
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Address of WebDriver BiDi, which Firefox prints once it is ready. */
function listening(browser: ChildProcessByStdio<null, null, Readable>): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: browser.stderr }).on('line', (line) => {
      const found = /WebDriver BiDi listening on (ws:\S+)/.exec(line)
      if (found?.[1]) resolve(found[1])
    })
    browser.once('exit', (code) => reject(new Error(`Firefox ended with ${code}`)))
    browser.once('error', reject)
  })
}

/** Runs in the page: where the middle of an element is, in whole px. */
function middleOf(selector: string): string {
  const box = document.querySelector(selector)?.getBoundingClientRect()
  if (!box) throw new Error(`no element \`${selector}\``)
  return JSON.stringify([box.x + box.width / 2, box.y + box.height / 2].map(Math.round))
}

const Spot = z.tuple([z.number(), z.number()])
const Installed = z.object({ extension: z.string() })
const Evaluated = z.object({
  type: z.literal('success'),
  result: z.object({ value: z.optional(z.unknown()) }),
})
const Tabs = z.object({ contexts: z.array(z.object({ context: z.string() })) })
const Message = z.object({
  id: z.optional(z.nullable(z.number())),
  error: z.optional(z.string()),
  message: z.optional(z.string()),
  result: z.optional(z.unknown()),
})

type Call = (method: string, params: Record<string, unknown>) => Promise<unknown>

/** A session on the address; `call` rejects with the browser's own words. */
async function session(address: string): Promise<{ call: Call; end(): void }> {
  const socket = new WebSocket(address)
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let last = 0
  socket.on('message', (data) => {
    const { id, error, message, result } = Message.parse(JSON.parse(String(data)))
    const waiter = waiting.get(id ?? -1)
    if (error === undefined) waiter?.resolve(result)
    else waiter?.reject(new Error(`${error}: ${message}`))
  })
  const call: Call = (method, params) =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      socket.send(JSON.stringify({ id: last, method, params }))
    })
  await call('session.new', { capabilities: {} })
  return { call, end: () => socket.terminate() }
}

/** The first tab; with a scope of `chrome`, the window around it. */
async function firstTab(call: Call, scope: Record<string, string> = {}): Promise<string> {
  const { contexts } = Tabs.parse(await call('browsingContext.getTree', scope))
  const context = contexts[0]?.context
  if (context === undefined) throw new Error('Firefox has no tab')
  return context
}

/** Value of an expression in a tab or window. */
async function run(call: Call, context: string, expression: string): Promise<unknown> {
  const target = { context }
  const answer = await call('script.evaluate', { expression, target, awaitPromise: true })
  return Evaluated.parse(answer).result.value
}
