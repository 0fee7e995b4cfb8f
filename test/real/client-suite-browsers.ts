import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FoundBrowser, findBrowser } from '#companion/browser/find-browser.ts'
import { launchBrowser } from '#companion/browser/launch-browser.ts'
import { startGatewayHost } from '#companion/commands/gateway-host.ts'
import { filesOf } from '#companion/commands/home.ts'
import { startCompanion } from '#companion/commands/start-companion.ts'
import { until } from '#companion/practice/supervisor.ts'
import { HoldPage } from '#shared/protocol/api.ts'

/** A browser for a client to connect to. */
export interface SuiteBrowser {
  /** For `connectOverCDP`. */
  cdp: string
  /** What else is to be known of the run, once it is over. */
  notes(): Promise<string[]>
  close(): Promise<void>
}

/** Everything that a rule can allow: personnel and legal actions wait for a person whatever it says. */
const ALLOW_ALL = `version: 1
rules:
  - id: all
    effect: allow
    on:
      capability: [send, update, trigger, transact, delete]
      effect: [reversible, irreversible, unknown]
    acknowledge: [communication, financial, deletion]
`
const OBSERVE = 'version: 1\nmode: observe\nrules: []\n'

/** Of those that the client starts a browser with, the ones that its tests cannot do without. */
const SWITCHES = [
  '--disable-back-forward-cache',
  '--disable-ipc-flooding-protection',
  '--disable-popup-blocking',
]

/** A new folder that is gone after `close`. */
export function folder(): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-suite-'))
  const remove = () => rmSync(dir, { recursive: true, force: true, maxRetries: 10 })
  return { dir, remove }
}

/** A browser with an open debugging port. */
export async function direct(): Promise<SuiteBrowser> {
  const { dir, remove } = folder()
  const switches = ['--remote-debugging-port=0', ...SWITCHES]
  const running = await launchBrowser({
    ...{ browser: installed(), profile: dir, urls: [], headless: true, switches },
  })
  const file = join(dir, 'DevToolsActivePort')
  const port = await until(
    () => (existsSync(file) && readFileSync(file, 'utf8').split('\n')[0]) || undefined,
    20_000,
  )
  return {
    cdp: `http://127.0.0.1:${port}`,
    notes: async () => [],
    async close() {
      await running.close()
      remove()
    },
  }
}

/** The gateway as it ships, with a policy that lets everything pass. */
export async function gateway(observe: boolean): Promise<SuiteBrowser> {
  const { dir: home, remove } = folder()
  writeFileSync(filesOf(home).policy, observe ? OBSERVE : ALLOW_ALL)
  const reported = new Set<string>()
  const report = (error: unknown) => void reported.add(`reported: ${error}`)
  const companion = await startCompanion({ home, port: 0, report })
  const options = { browser: installed(), profile: join(home, 'profile'), headless: true, report }
  const host = await startGatewayHost(companion, { ...options, switches: SWITCHES })
  const run = await host.newRun({ name: 'suite', agent: 'suite' })
  return {
    cdp: run.cdp,
    async notes() {
      const headers = { authorization: `Bearer ${companion.token}` }
      const answer = await fetch(`${companion.url}/v1/holds?limit=200`, { headers })
      const { holds } = HoldPage.parse(await answer.json())
      const held = holds.map(
        ({ descriptor: { gesture, target, request }, decision }) =>
          `held: ${gesture} ${target.name} ${request?.url ?? ''}: ${decision.reason}`,
      )
      return [...held, ...reported]
    },
    async close() {
      await host.stop()
      await companion.stop()
      remove()
    },
  }
}

function installed(): FoundBrowser {
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  return found.browser
}
