import type { IncomingHttpHeaders } from 'node:http'
import type { ClientFamily } from './agent.ts'

/** Says which client it is where the client's own words do not: `holdpoint run` sets it for MCP
 * servers, which look like the library they are built on. */
export const CLIENT_HEADER = 'x-holdpoint-client'

const FAMILIES: readonly ClientFamily[] = [
  'playwright',
  'playwright-mcp',
  'puppeteer',
  'chrome-devtools-mcp',
  'selenium',
  'stagehand',
  'other',
]

/** User agents as the clients send them: Playwright and Stagehand on the WebSocket, Puppeteer on both,
 * chromedriver on HTTP only (measured: playwright 1.65, puppeteer 24.43, chromedriver 156). */
const AGENTS: readonly (readonly [RegExp, ClientFamily])[] = [
  [/^Playwright\//i, 'playwright'],
  [/^Puppeteer\b/i, 'puppeteer'],
  [/^Stagehand\//i, 'stagehand'],
  [/chromedriver|selenium/i, 'selenium'],
]

/** Which client sends these headers; null where they do not tell. What a client says of itself decides
 * in which form it is answered, never what it may do. */
export function familyOf(headers: IncomingHttpHeaders): ClientFamily | null {
  const said = headers[CLIENT_HEADER]
  const named = FAMILIES.find((family) => family === said)
  if (named) return named
  const agent = headers['user-agent'] ?? ''
  return AGENTS.find(([pattern]) => pattern.test(agent))?.[1] ?? null
}

/** The same for a client that starts a browser itself and talks over a pipe: by `HOLDPOINT_CLIENT`, or by
 * what only its command lines have (measured: playwright 1.65, puppeteer 24.43, @playwright/mcp 0.0.83,
 * chrome-devtools-mcp 1.11, chromedriver 156). */
export function familyOfCommandLine(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ClientFamily {
  const named = FAMILIES.find((family) => family === env.HOLDPOINT_CLIENT)
  if (named) return named
  const line = argv.join('\n')
  return LINES.find(([pattern]) => pattern.test(line))?.[1] ?? 'other'
}

const LINES: readonly (readonly [RegExp, ClientFamily])[] = [
  [/^--user-data-dir=.*\bmcp-|^--disable-blink-features=AutomationControlled$/m, 'playwright-mcp'],
  [/^--user-data-dir=.*\bchrome-devtools-mcp\b/m, 'chrome-devtools-mcp'],
  [/^--test-type=webdriver$/m, 'selenium'],
  [/^--disable-features=.*\bDestroyProfileOnBrowserClose\b/m, 'playwright'],
  [/^--allow-pre-commit-input$/m, 'puppeteer'],
]
