import { type Browser, chromium, type Page } from '@playwright/test'
import { type Stand, TOKEN } from './dashboard-companion.ts'

export interface Opened {
  view?: string
  width?: number
  scheme?: 'light' | 'dark'
  token?: string | null
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.HOLDPOINT_BROWSER ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
}

/** A fresh session with the dashboard open; fails the test on any error the page reports. */
export async function openDashboard(
  browser: Browser,
  stand: Stand,
  { view = '', width = 1280, scheme = 'light', token = TOKEN }: Opened = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => {
    throw error
  })
  await page.goto(`${stand.url}${token === null ? '' : `#token=${token}`}`)
  if (view) await page.evaluate((to) => location.assign(`#/${to}`), view)
  return page
}
