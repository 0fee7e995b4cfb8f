/** Canonical JSON (RFC 8785) of plain data: keys sorted by UTF-16 unit, everything else as
 * `JSON.stringify` writes it, which is what the RFC refers to. On the path of every decision, so it
 * makes one string and little else, without the checks for cycles and the like that the
 * `canonicalize` package makes; a test holds the two to the same output. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return canonicalArray(value)
  if (isRecord(value)) return canonicalRecord(value)
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error('an audit entry held a number that is no JSON')
  const text = JSON.stringify(value)
  if (text === undefined) throw new Error('an audit entry held something that is no JSON')
  return text
}

function canonicalArray(items: readonly unknown[]): string {
  let text = '['
  for (const item of items) text += `${text.length > 1 ? ',' : ''}${canonical(item ?? null)}`
  return `${text}]`
}

/** Written out key by key: a sorted copy would put keys that look like numbers first again. */
function canonicalRecord(record: Record<string, unknown>): string {
  let text = '{'
  for (const key of sorted(Object.keys(record))) {
    const member = record[key]
    if (member === undefined) continue
    text += `${text.length > 1 ? ',' : ''}${quoted(key)}:${canonical(member)}`
  }
  return `${text}}`
}

/** Keys come from the protocol and so are few; a stranger's do not fill the memory. */
const quotedKeys = new Map<string, string>()

function quoted(key: string): string {
  const known = quotedKeys.get(key)
  if (known !== undefined) return known
  const text = JSON.stringify(key)
  if (quotedKeys.size < 500) quotedKeys.set(key, text)
  return text
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** By insertion, in place: objects have few keys, and most come nearly in order. */
function sorted(keys: string[]): string[] {
  for (let from = 1; from < keys.length; from++) {
    const key = keys[from] ?? ''
    let to = from
    for (let before = keys[to - 1]; before !== undefined && before > key; before = keys[to - 1]) {
      keys[to] = before
      to -= 1
    }
    keys[to] = key
  }
  return keys
}
