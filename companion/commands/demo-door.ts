import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext } from '@playwright/test'
import type { FoundBrowser } from '../browser/find-browser.ts'
import { type Supervisor, until } from '../practice/supervisor.ts'
import { packageRoot } from '../server/package-root.ts'
import { Failure } from './failure.ts'
import { startGatewayHost } from './gateway-host.ts'
import type { Companion } from './start-companion.ts'

export interface DoorOptions {
  browser: FoundBrowser
  companion: Companion
  /** What the agent's relative addresses are relative to. */
  baseURL: string
  headed: boolean
  person: Supervisor
}

/** The practice agent's browser, behind one of the doors. Closing it twice is closing it once. */
export interface AgentBrowser {
  context: BrowserContext
  close(): Promise<void>
}

/** A browser with the supervised build of the extension, paired, and a profile of its own. */
export async function extensionDoor(options: DoorOptions): Promise<AgentBrowser> {
  const { browser, companion, baseURL, headed, person } = options
  const chromium = await playwright()
  const extension = join(packageRoot().dir, '.output/chrome-mv3-supervised')
  if (!existsSync(join(extension, 'manifest.json')))
    throw new Failure('setUp', 'not_built', 'the extension is not built; run `npm run build`')
  const root = process.getuid?.() === 0
  const context = await chromium.launchPersistentContext('', {
    executablePath: browser.path,
    headless: !headed,
    baseURL,
    args: [
      ...(root ? ['--no-sandbox'] : []),
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
    ],
  })
  await pair(context, companion.pairing.url, person)
  return { context, close: () => context.close() }
}

/** The companion's own browser; the agent reaches it through the gateway, like any CDP client. */
export async function gatewayDoor(options: DoorOptions): Promise<AgentBrowser> {
  const { browser, companion, baseURL, headed } = options
  const chromium = await playwright()
  const profile = join(companion.home, 'gateway-profile')
  const host = await startGatewayHost(companion, { browser, profile, headless: !headed })
  const run = await host.newRun({ name: 'demo', agent: 'practice-agent' })
  const agent = await chromium.connectOverCDP(run.cdp)
  let closing: Promise<void> | undefined
  const close = async () => {
    await agent.close()
    await host.stop()
  }
  return {
    context: await agent.newContext({ baseURL }),
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

/** A package for development, and the command line works without it: so it is loaded only here. */
async function playwright() {
  return (await import('@playwright/test')).chromium
}

/** Opens the pairing page, as the launcher does, and waits until the browser is connected. */
async function pair(context: BrowserContext, url: string, person: Supervisor): Promise<void> {
  const page = await context.newPage()
  await page.goto(url)
  const connected = async () =>
    (await person.status()).browsers.some((browser) => browser.connected) || undefined
  if (!(await until(connected, 15_000)))
    throw new Error(`the browser did not pair; its page says: ${await page.textContent('body')}`)
  await page.close()
}
