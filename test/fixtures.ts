import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type BrowserContext, test as base, chromium, type Page } from '@playwright/test'
import * as z from 'zod/mini'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { AuditPage, HoldPage } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { EXTENSION_ID } from '#shared/protocol/extension-id.ts'
import type { Hold } from '#shared/protocol/hold.ts'

/** npm runs every script from the repository's root. */
export const root = process.cwd()
export const extensionDir = join(root, '.output/chrome-mv3-supervised')

/** The first line of `holdpoint start --json`. */
const Ready = z.object({
  companion: z.string(),
  dashboard: z.string(),
  token: z.string(),
  home: z.string(),
  practice: z.optional(z.string()),
  pairing: z.object({ code: z.string(), url: z.string() }),
})

const Truth = z.array(
  z.object({
    method: z.string(),
    path: z.string(),
    what: z.string(),
    details: z.record(z.string(), z.unknown()),
  }),
)

/** A companion as a user runs it: the built command line, as a process of its own. */
export class Companion {
  private child: ChildProcess | undefined
  ready: z.infer<typeof Ready> = {
    companion: '',
    dashboard: '',
    token: '',
    home: '',
    pairing: { code: '', url: '' },
  }
  readonly home = mkdtempSync(join(tmpdir(), 'holdpoint-test-'))

  /** Starts it, on the port it had before where there was one. */
  async start(policy?: string): Promise<void> {
    if (policy !== undefined) writeFileSync(join(this.home, 'holdpoint.yaml'), policy)
    const port = this.ready.companion ? new URL(this.ready.companion).port : '0'
    const args = [
      'start',
      '--home',
      this.home,
      '--port',
      port,
      '--no-browser',
      '--practice',
      '--json',
    ]
    const child = spawn(process.execPath, [join(root, 'companion/dist/cli.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child = child
    let log = ''
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve)
      child.once('exit', (code) => reject(new Error(`the companion ended with ${code}:\n${log}`)))
    })
    this.ready = Ready.parse(JSON.parse(line))
  }

  /** Ends the process: `SIGKILL` as a crash does, `SIGTERM` as a user does. */
  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGTERM'): Promise<void> {
    const child = this.child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(signal)
    await ended
  }

  async dispose(): Promise<void> {
    await this.stop()
    rmSync(this.home, { recursive: true, force: true })
  }

  async request(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.ready.companion}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.ready.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  async holds(state = 'pending'): Promise<Hold[]> {
    const answer = await this.request('GET', `/v1/holds?state=${state}`)
    return HoldPage.parse(await answer.json()).holds
  }

  /** Waits until `count` holds are pending, oldest first. */
  async pending(count = 1): Promise<Hold[]> {
    await base.expect.poll(async () => (await this.holds()).length, { timeout: 15_000 }).toBe(count)
    return (await this.holds()).sort((a, b) => a.createdAt.localeCompare(b.createdAt))
  }

  async decide(hold: Hold, verdict: 'approve' | 'deny', reason?: string): Promise<number> {
    const body = { verdict, ...(reason === undefined ? {} : { reason }) }
    return (await this.request('POST', `/v1/holds/${hold.id}/verdict`, body)).status
  }

  async audit(query = 'limit=200'): Promise<AuditEntry[]> {
    const answer = await this.request('GET', `/v1/audit?${query}`)
    return AuditPage.parse(await answer.json()).entries
  }

  /** What the practice site's server really received, oldest first. */
  async truth(): Promise<z.infer<typeof Truth>> {
    const answer = await fetch(`${this.ready.practice}/truth`)
    return Truth.parse(await answer.json())
  }
}

/** A Chromium with the supervised extension, driven by Playwright, on a profile of its own. */
export async function openBrowser(
  options: { headless?: boolean; args?: string[]; extension?: string } = {},
): Promise<BrowserContext> {
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  const extension = options.extension ?? extensionDir
  return chromium.launchPersistentContext('', {
    executablePath: found.browser.path,
    headless: options.headless ?? true,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
      ...(options.args ?? []),
    ],
  })
}

/** Pairs as the launcher does: by opening the extension's own page, without a click. */
export async function pair(context: BrowserContext, companion: Companion): Promise<void> {
  const page = await context.newPage()
  const code = await companion.request('POST', '/v1/pair/code')
  const { url } = z.object({ url: z.string() }).parse(await code.json())
  await page.goto(url)
  await base.expect
    .poll(async () => {
      const status = await (await companion.request('GET', '/v1/status')).json()
      return z
        .object({ browsers: z.array(z.object({ connected: z.boolean() })) })
        .parse(status)
        .browsers.some((b) => b.connected)
    })
    .toBe(true)
  if (!page.isClosed()) await page.close()
}

interface Fixtures {
  policy: string | undefined
  companion: Companion
  context: BrowserContext
  page: Page
}

/** `page` is a tab in a paired, supervised browser; `companion` is its companion, with the practice
 * site. Every test has its own of both. */
export const test = base.extend<Fixtures>({
  policy: [undefined, { option: true }],
  companion: async ({ policy }, use) => {
    const companion = new Companion()
    await companion.start(policy)
    await use(companion)
    await companion.dispose()
  },
  context: async ({ companion }, use) => {
    const context = await openBrowser()
    await pair(context, companion)
    await use(context)
    await context.close()
  },
  page: async ({ context, companion }, use) => {
    const page = await context.newPage()
    await page.goto(`${companion.ready.practice}/`)
    await use(page)
  },
})

export const expect = base.expect
export { EXTENSION_ID }
