import type { CdpProblem, Params } from './cdp.ts'

/** Messages of the browser, changed as text: what passes through is not parsed. Chromium writes `id`
 * first and `sessionId` last; see pipe.ts. */

/** The answer with the agent's own number. `root` is the browser's id of the session that the agent
 * knows without an id. */
export function readdressed(raw: string, id: number, root: string): string {
  return unrooted(`{"id":${id}${raw.slice(raw.search(/[,}]/))}`, root)
}

/** The message without the id of the agent's root session; as it is for every other session. */
export function unrooted(raw: string, root: string): string {
  const end = `,"sessionId":"${root}"}`
  return raw.endsWith(end) ? `${raw.slice(0, -end.length)}}` : raw
}

/** The answer of one session as that of another. */
export function moved(raw: string, from: string, to: string): string {
  return `${unrooted(raw, from).slice(0, -1)},"sessionId":"${to}"}`
}

export function answerText(id: number, result: Params, sessionId: string | undefined): string {
  return JSON.stringify({ id, result, sessionId })
}

export function problemText(
  id: number | null,
  error: CdpProblem,
  sessionId: string | undefined,
): string {
  return JSON.stringify({ ...(id === null ? {} : { id }), error, sessionId })
}

export function eventText(method: string, params: Params, sessionId: string | undefined): string {
  return JSON.stringify({ method, params, sessionId })
}
