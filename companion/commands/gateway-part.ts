import { join } from 'node:path'
import type { NewBrowser, OpenedBrowser } from '#shared/protocol/browser.ts'
import { launchBrowser, type RunningBrowser } from '../browser/launch-browser.ts'
import { dashboardFile } from '../browser/supervise.ts'
import { failureOf, leaseBrowser, screenOf } from './attach.ts'
import { findOrInstallBrowser, hasDisplay } from './doctor.ts'
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
}

/** The gateway: a Chromium that a companion owns by its pipe, and one run in it. The companion is the
 * one in this process, or one that runs already. `site` is the practice site's address, if that runs. */
export function gatewayPart(site: () => string | null, defaults: RunNames): GatewayPart {
  let cdp = ''
  const wishOf = (options: StartFlags): NewBrowser => {
    const app = typeof options.app === 'string' ? options.app : (site() ?? undefined)
    return {
      ...namesOf(options, defaults),
      ...(typeof options.tag === 'string' && options.tag !== '' ? { tag: options.tag } : {}),
      headless: options.headless === true || !hasDisplay(),
      switches: [],
      env: screenOf(process.env),
      ...(app === undefined ? {} : { app }),
    }
  }
  const started = (browser: OpenedBrowser, { headless }: NewBrowser, window: string) => {
    cdp = browser.cdp
    return {
      line: { cdp, run: { id: browser.run }, browser: { path: browser.program, headless } },
      says: [
        `agent      ${cdp} (connectOverCDP, --cdp-endpoint, browserURL, debuggerAddress)`,
        `browser    ${browser.program}, ${headless ? 'headless: open the dashboard above in a browser of yours' : window}`,
      ],
    }
  }
  return {
    cdp: () => cdp,
    flags(command) {
      command
        .option('--name <run>', 'name of the run, for people', defaults.name)
        .option(
          '--agent <id>',
          'who acts in it: the name that rules and the log use',
          defaults.agent,
        )
        .option(
          '--tag <workflow>',
          'what it is for: rules can be for this workflow alone (`on.tag`)',
        )
        .option('--app <url>', 'page that the browser opens first')
    },
    async afterReady(companion, options) {
      const wish = wishOf(options)
      const done = await companion.browsers.open(wish, 'companion')
      if (!done.ok) throw failureOf(done.error)
      const window = await dashboardWindow(companion, options, wish.headless)
      const says = 'the agent’s; the dashboard is in a window of its own'
      return {
        ...started(done.browser, wish, says),
        stop: async () => {
          await Promise.all([window?.close(), companion.browsers.leave()])
        },
      }
    },
    async afterAttached({ home }, options) {
      const wish = wishOf(options)
      const leased = await leaseBrowser(home, wish)
      return {
        ...started(leased.browser, wish, 'the agent’s, beside those that this companion has'),
        ended: leased.ended,
        stop: () => leased.close(),
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
