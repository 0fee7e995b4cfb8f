/** What the audit table is searched by, derived from an entry's body alone, so that verification can
 * derive it again. Empty strings where a kind has no such thing. */
export interface Columns {
  decision: string
  mode: string
  capability: string
  category: string
  host: string
  request: string | null
}

export function columns(body: Record<string, unknown>): Columns {
  const decision = part(body, 'decision')
  const classification = part(body, 'classification')
  return {
    decision: text(decision, 'kind') || text(body, 'verdict'),
    mode: text(decision, 'mode'),
    capability: text(classification, 'capability'),
    category: text(classification, 'category'),
    host: hostOf(text(part(part(body, 'descriptor'), 'page'), 'url')),
    request: text(body, 'requestId') || null,
  }
}

const none: Record<string, unknown> = {}

/** The object under `key`; an empty one where there is none. */
export function part(from: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = from[key]
  return isRecord(value) ? value : none
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** The string under `key`; an empty one where there is none. */
export function text(from: Record<string, unknown>, key: string): string {
  const value = from[key]
  return typeof value === 'string' ? value : ''
}

function hostOf(url: string): string {
  if (url === '') return ''
  try {
    return new URL(url).host
  } catch {
    return '' // no URL, as far as a search is concerned
  }
}
