/** Canonical JSON (RFC 8785) of plain data: keys sorted by UTF-16 unit, everything else as
 * `JSON.stringify` writes it, which is what the RFC refers to. On the path of every decision, so
 * without the checks for cycles and the like that the `canonicalize` package makes; a test holds the
 * two to the same output. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
    return `{${members.join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error('an audit entry held a number that is no JSON')
  const text = JSON.stringify(value)
  if (text === undefined) throw new Error('an audit entry held something that is no JSON')
  return text
}
