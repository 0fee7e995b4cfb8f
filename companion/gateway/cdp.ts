/** The Chrome DevTools Protocol's own shapes (https://chromedevtools.github.io/devtools-protocol). */

export type Params = Record<string, unknown>

/** An error that the browser, or Holdpoint in its place, answers a command with. */
export interface CdpProblem {
  code: number
  message: string
  data?: unknown
}

/** JSON-RPC's code for "the server will not do this", which CDP uses for nearly everything. */
export const SERVER_ERROR = -32000

/** Chromium's own code for a session that does not exist (any more); Playwright and Puppeteer take it
 * for "the target was closed". */
export const SESSION_GONE = -32001

export class CdpError extends Error {
  readonly code: number

  constructor(method: string, problem: CdpProblem) {
    super(`${method}: ${problem.message}`)
    this.name = 'CdpError'
    this.code = problem.code
  }
}

/** Whether a call failed because its target has closed: nothing that anybody could do about it. */
export function isSessionGone(error: unknown): boolean {
  return error instanceof CdpError && error.code === SESSION_GONE
}

/** One target's session, as seen by its owner. Calls reject with a CdpError, also once it is gone. */
export interface Session {
  /** Undefined for the browser's own root session. */
  readonly id: string | undefined
  call(method: string, params?: Params): Promise<Params>
  /** The returned function ends it. What a listener throws is reported and changes nothing else. */
  on(method: string, listener: (params: Params) => void): () => void
}

/** `value` as an object with string keys, empty where it is none: for reading what the browser sent. */
export function paramsOf(value: unknown): Params {
  return isParams(value) ? value : {}
}

export function isParams(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
