import { join } from 'node:path'
import { launchBrowser, type RunningBrowser } from '../browser/launch-browser.ts'
import { dashboardFile } from '../browser/supervise.ts'
import { findOrInstallBrowser, hasDisplay } from './doctor.ts'
import { Failure } from './failure.ts'
import { type GatewayHost, startGatewayHost } from './gateway-host.ts'
import type { StartFlags, StartPart } from './start.ts'
import type { Companion } from './start-companion.ts'

/** What else than `gateway` and `run` may say of the run. */
export interface RunNames {
  name: string
  agent: string
}

export interface GatewayPart extends StartPart {
  /** The agent's address, `http://127.0.0.1:PORT`, once the gateway is up. */
  cdp(): string
  /** Resolves when the browser has ended. */
  ended(): Promise<void>
}

/** The gateway: a Chromium that the companion owns by its pipe, and one run in it. `site` is the
 * practice site's address, if that runs. */
export function gatewayPart(site: () => string | null, defaults: RunNames): GatewayPart {
  let cdp = ''
  let host: GatewayHost | undefined
  return {
    cdp: () => cdp,
    ended: () => host?.ended ?? Promise.resolve(),
    flags(command) {
      command
        .option('--name <run>', 'name of the run, for people', defaults.name)
        .option(
          '--agent <id>',
          'who acts in it: the name that rules and the log use',
          defaults.agent,
        )
        .option('--app <url>', 'page that the browser opens first')
    },
    async afterReady(companion, options) {
      const found = await findOrInstallBrowser()
      if (!found.ok) throw new Failure('noBrowser', found.error.code, found.error.message)
      const headless = options.headless === true || !hasDisplay()
      const app = typeof options.app === 'string' ? options.app : (site() ?? undefined)
      host = await startGatewayHost(companion, {
        browser: found.browser,
        profile: join(companion.home, 'gateway-profile'),
        headless,
        ...(app === undefined ? {} : { app }),
      })
      const run = await host.newRun(namesOf(options, defaults))
      cdp = run.cdp
      const window = await dashboardWindow(companion, options, headless)
      return {
        line: { cdp, run: { id: run.id }, browser: { path: found.browser.path, headless } },
        says: [
          `agent      ${cdp} (connectOverCDP, --cdp-endpoint, browserURL, debuggerAddress)`,
          `browser    ${found.browser.name}, ${headless ? 'headless: open the dashboard above in a browser of yours' : 'the agent’s; the dashboard is in a window of its own'}`,
        ],
        stop: async () => {
          await Promise.all([window?.close(), host?.stop()])
        },
      }
    },
  }
}

/** The dashboard in a browser of its own, where there is a screen and a browser is wanted. */
async function dashboardWindow(
  companion: Companion,
  options: StartFlags,
  headless: boolean,
): Promise<RunningBrowser | null> {
  if (headless || !options.browser) return null
  const found = await findOrInstallBrowser()
  if (!found.ok) return null
  return await launchBrowser({
    browser: found.browser,
    headless,
    profile: join(companion.home, 'dashboard-profile'),
    urls: [dashboardFile(companion.home, companion.dashboardUrl)],
    app: true,
  })
}

function namesOf({ name, agent }: StartFlags, defaults: RunNames): RunNames {
  return {
    name: typeof name === 'string' ? name : defaults.name,
    agent: typeof agent === 'string' ? agent : defaults.agent,
  }
}
