import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FoundBrowser } from './find-browser.ts'
import { launchBrowser, type RunningBrowser } from './launch-browser.ts'

export interface SuperviseOptions {
  browser: FoundBrowser
  home: string
  /** Folder of the unpacked extension. */
  extension: string
  /** The extension page that pairs without a further click; its code is good for one use. */
  pairUrl: string
  /** Address of the dashboard with the token in its fragment. */
  dashboardUrl: string
  headless: boolean
}

/** Opens the supervised browser, paired, and the dashboard in a window with a profile of its own:
 * whatever drives the supervised browser must not be able to reach what approves
 * (`shared/decisions/0002`). Headless, there is nobody to look at a dashboard, and none is opened.
 *
 * The supervised browser gets no other page before it is paired: a site opened together with an
 * extension that has `webRequest` listeners can stay blank for good (Chromium 156: 3 of 21 starts),
 * and it would have loaded before the gate. */
export async function supervise(options: SuperviseOptions): Promise<RunningBrowser[]> {
  const { browser, home, headless } = options
  const supervised = await launchBrowser({
    browser,
    headless,
    profile: join(home, 'profile'),
    extension: options.extension,
    urls: [options.pairUrl],
  })
  if (headless) return [supervised]
  const dashboard = await launchBrowser({
    browser,
    headless,
    profile: join(home, 'dashboard-profile'),
    urls: [dashboardFile(home, options.dashboardUrl)],
    app: true,
  })
  return [supervised, dashboard]
}

/** A local page that leads to the dashboard. Arguments of a process can be read by every user of the
 * machine, this file (0600, in a 0700 folder) cannot: so the token travels in it. */
export function dashboardFile(home: string, url: string): string {
  const path = join(home, 'open-dashboard.html')
  const script = `location.replace(${JSON.stringify(url).replaceAll('<', '\\u003c')})`
  writeFileSync(path, `<!doctype html><title>Holdpoint</title><script>${script}</script>\n`, {
    mode: 0o600,
  })
  return pathToFileURL(path).href
}
