/** Time left as a clock shows it: `9:45`, `1:02:03`; `0:00` once it is over. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** How long ago something was, short: `just now`, `3 s ago`, `12 min ago`, `5 h ago`, `2 d ago`. */
export function ago(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 1) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

/** How long until something, short and never too early: `in 40 s`, `in 12 min`, `in 5 h`, `in 2 d`. */
export function soon(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  if (seconds < 60) return `in ${seconds} s`
  if (seconds < 3600) return `in ${Math.ceil(seconds / 60)} min`
  if (seconds < 86_400) return `in ${Math.ceil(seconds / 3600)} h`
  return `in ${Math.ceil(seconds / 86_400)} d`
}

const UNITS: Record<string, string> = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' }

/** A policy's duration (`30d`) in words (`30 days`); anything else comes back as it is. */
export function duration(text: string): string {
  const [, count, letter] = /^(\d+)([smhdw])$/.exec(text) ?? []
  const unit = UNITS[letter ?? '']
  if (count === undefined || unit === undefined) return text
  return `${count} ${unit}${count === '1' ? '' : 's'}`
}

const LENGTHS: Record<string, number> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** A policy's duration (`30d`) in ms; null for anything else. */
export function parsePeriod(text: string): number | null {
  const [, count, letter] = /^(\d+)([smhdw])$/.exec(text) ?? []
  const length = LENGTHS[letter ?? '']
  return count === undefined || length === undefined ? null : Number(count) * length
}
