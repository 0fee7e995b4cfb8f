import { STATUS_CODES } from 'node:http'

export interface Refusal {
  status: number
  headers: Record<string, string>
  /** Null where the status has no body. */
  body: string | null
}

/** What a refused request is answered with: a problem document (RFC 9457) that the page's own code may
 * read, as the facts of a denial are no secret from the page whose request it was. */
export function refusal(
  status: number,
  reason: string,
  request: Readonly<Record<string, string>>,
): Refusal {
  const origin = request.origin
  const headers: Record<string, string> = { 'cache-control': 'no-store' }
  if (origin !== undefined) {
    headers['access-control-allow-origin'] = origin
    headers['access-control-allow-credentials'] = 'true'
    headers.vary = 'origin'
  }
  if (status === 204 || status === 205 || status === 304) return { status, headers, body: null }
  headers['content-type'] = 'application/problem+json'
  const title = STATUS_CODES[status] ?? 'Refused'
  return { status, headers, body: JSON.stringify({ title, status, detail: reason }) }
}
