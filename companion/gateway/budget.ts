import type { ClientFamily } from './agent.ts'

/** How long, in ms, an input may wait before the client is told that it is pending. Every client gives
 * up at some time, and Playwright's and the MCP servers' press would still happen after they had
 * reported a failure; so each must have its answer first. Measured with a hold of 60 s: both MCP
 * servers give up after 5 s, Playwright and agent-browser after 30 s; Selenium and Stagehand waited to
 * the end. Puppeteer's own clicks waited for 180 s, its locators give up after 30 s and say so to nobody. */
export const BUDGETS: Readonly<Record<ClientFamily, number>> = {
  'playwright-mcp': 3_500,
  'chrome-devtools-mcp': 3_500,
  playwright: 20_000,
  other: 20_000,
  puppeteer: 20_000,
  selenium: 60_000,
  stagehand: 60_000,
}
