import type { Hono } from 'hono'
import type { Access, Caller } from '#companion/core/access.ts'
import type { ChainCheck } from '#companion/core/audit.ts'
import type { Context, Signer } from '#companion/core/context.ts'
import type { PolicyBook } from '#companion/core/policy-book.ts'
import type { RunBoard } from '#companion/core/run-board.ts'
import type { UndoResult } from '#companion/undo/undo-entry.ts'
import type { BrowserBoard } from './browser-board.ts'
import type { Refusals } from './guards/refusals.ts'
import type { LiveBus } from './live-bus.ts'

/** What the routes work with. */
export interface Services {
  context: Context
  access: Access
  policy: PolicyBook
  bus: LiveBus
  runs: RunBoard
  /** Supervised browsers in this process; empty where none can be started. */
  browsers: BrowserBoard
  refusals: Refusals
  /** Takes back what was let go under an audit entry, by its undo recipe. Takes up to a minute. */
  undo(entry: string, by: Signer): Promise<UndoResult>
  policyFile: { path: string; replace(text: string): Promise<void> }
  /** The last verification of the audit chain; null while the first is under way. */
  chain(): { check: ChainCheck; at: string } | null
  home: string
  version: string
  startedAt: string
  /** The port that is listened on, known once it is. */
  port(): number
  /** Folder of the built dashboard. */
  dashboard: string
}

/** What the guards leave for the routes. */
export interface Env {
  Variables: { caller: Caller }
}

export type Routes = Hono<Env>

/** The companion's own address, as it is written in links. */
export function ownUrl(services: Pick<Services, 'port'>): string {
  return `http://127.0.0.1:${services.port()}`
}
