import type { RunRef } from '#shared/protocol/descriptor.ts'
import type { CdpProblem, Params } from './cdp.ts'
import type { Target } from './targets.ts'

/** Which client speaks. It decides how long an input may wait and in which form a denial is read. */
export type ClientFamily =
  | 'playwright'
  | 'playwright-mcp'
  | 'puppeteer'
  | 'chrome-devtools-mcp'
  | 'selenium'
  | 'stagehand'
  | 'other'

/** One command of an agent. */
export interface Command {
  readonly id: number
  readonly method: string
  readonly params: Params
  /** The agent's session it came on; undefined for its root. */
  readonly sessionId: string | undefined
  /** The target of that session, with the companion's own session to it; null for the root. */
  readonly target: Target | null
  readonly agent: Agent
}

/** How the browser answered a command. */
export type CommandAnswer = { ok: true; result: Params } | { ok: false; error: CdpProblem }

/** One agent's connection, as the holds see it. Every command is settled exactly once, by one of
 * `forward`, `answer` or `fail`; all three do nothing once the agent has gone. */
export interface Agent {
  /** Unique for this connection. */
  readonly id: string
  readonly run: RunRef
  readonly family: ClientFamily
  /** Sends the command on and the browser's answer back. Resolves with that answer. */
  forward(command: Command, params?: Params): Promise<CommandAnswer>
  answer(command: Command, result: Params): void
  fail(command: Command, problem: CdpProblem): void
  /** Sends an event that the browser did not send. */
  emit(sessionId: string | undefined, method: string, params: Params): void
  /** Aborted when the connection has ended. */
  readonly gone: AbortSignal
  /** Resolves at once, or when the run is no longer paused. */
  ready(): Promise<void>
}
