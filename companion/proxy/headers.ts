import type { IncomingHttpHeaders } from 'node:http'

/** Headers as a gate reads them: names in lower case, values of one name joined as RFC 9110, section
 * 5.3 joins them. HTTP/2's pseudo-headers are left out. */
export function recordOf(headers: IncomingHttpHeaders): Record<string, string> {
  const record: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(':')) continue
    record[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return record
}

/** A flat list of names and values (`rawHeaders`) without those in `leaveOut` (lower case), otherwise
 * in order, case and number as it came. */
export function without(raw: readonly string[], leaveOut: ReadonlySet<string>): string[] {
  const kept: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = raw.slice(at, at + 2)
    if (!leaveOut.has(name.toLowerCase())) kept.push(name, value)
  }
  return kept
}

/** A request's raw headers as its server may see them: without the stamp, and without what was said to
 * the proxy only. */
export function forServer(raw: readonly string[], stampHeader: string): string[] {
  const kept = without(raw, new Set([stampHeader, 'proxy-connection', 'proxy-authorization']))
  const says = kept.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'connection')
  return says ? kept : [...kept, 'Connection', 'keep-alive']
}
