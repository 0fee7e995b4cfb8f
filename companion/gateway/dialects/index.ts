import type { Agent, ClientFamily } from '../agent.ts'
import type { Dialect } from './dialect.ts'
import { plain } from './plain.ts'
import { playwright } from './playwright.ts'
import { puppeteer } from './puppeteer.ts'

export type { Dialect } from './dialect.ts'

const DIALECTS: Record<ClientFamily, (family: ClientFamily) => Dialect> = {
  playwright,
  'playwright-mcp': playwright,
  puppeteer,
  'chrome-devtools-mcp': puppeteer,
  selenium: plain,
  stagehand: plain,
  other: plain,
}

const dialects = new WeakMap<Agent, Dialect>()

/** The dialect of a connection; the same one every time. */
export function dialectOf(agent: Agent): Dialect {
  const known = dialects.get(agent)
  if (known) return known
  const dialect = DIALECTS[agent.family](agent.family)
  dialects.set(agent, dialect)
  return dialect
}
