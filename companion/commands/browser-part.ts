import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FoundBrowser } from '../browser/find-browser.ts'
import type { RunningBrowser } from '../browser/launch-browser.ts'
import { supervise } from '../browser/supervise.ts'
import { packageRoot } from '../server/package-root.ts'
import { findOrInstallBrowser, hasDisplay } from './doctor.ts'
import { Failure } from './failure.ts'
import type { StartPart } from './start.ts'
import type { Companion } from './start-companion.ts'

/** A first start of a browser on a busy machine takes some seconds. */
const PAIRING_MS = 30_000

/** `start --browser`: a supervised browser that is paired already, and the dashboard in a window of
 * its own. `practice` is the practice site's address, if that runs. */
export function browserPart(practice: () => string | null): StartPart {
  return {
    async afterReady(companion, options) {
      if (!options.browser) return null
      const browser = await browserOrFail()
      const extension = join(packageRoot().dir, '.output/chrome-mv3-supervised')
      if (!existsSync(extension)) {
        const message = `the extension is not built (looked in \`${extension}\`); run \`npm run build\``
        throw new Failure('setUp', 'extension_missing', message)
      }
      const headless = options.headless === true || !hasDisplay()
      const site = practice()
      const running = await supervise({
        browser,
        home: companion.home,
        extension,
        pairUrl: companion.pairing.url,
        dashboardUrl: companion.dashboardUrl,
        headless,
      })
      const paired = await untilPaired(companion, running)
      if (site && !headless) running[0]?.open(site)
      return {
        line: { paired, browser: { path: browser.path, headless } },
        says: [
          describeBrowser(browser, headless, options.headless === true),
          ...(paired ? [] : ['the browser has not paired yet; `holdpoint status` tells when']),
        ],
        stop: async () => {
          await Promise.all(running.map((window) => window.close()))
        },
      }
    },
  }
}

/** Waits until the extension is connected. Fails where the browser ended instead. */
async function untilPaired(
  companion: Companion,
  running: readonly RunningBrowser[],
): Promise<boolean> {
  let ended = false
  running[0]?.ended.then(() => {
    ended = true
  })
  const until = Date.now() + PAIRING_MS
  while (Date.now() < until) {
    if (companion.connected() > 0) return true
    if (ended) {
      const message = 'the browser ended as soon as it was started; `holdpoint doctor` checks it'
      throw new Failure('noBrowser', 'browser_ended', message)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

async function browserOrFail(): Promise<FoundBrowser> {
  const found = await findOrInstallBrowser()
  if (!found.ok) throw new Failure('noBrowser', found.error.code, found.error.message)
  return found.browser
}

function describeBrowser(browser: FoundBrowser, headless: boolean, asked: boolean): string {
  const sandbox = process.getuid?.() === 0 ? ', without a sandbox because you are root' : ''
  const window = headless
    ? `headless${asked ? '' : ' (no display)'}: open the dashboard above in a browser of yours`
    : 'supervised, the dashboard is in a window of its own'
  return `browser    ${browser.name}, ${window}${sandbox}`
}
