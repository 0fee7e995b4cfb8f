/** Milliseconds of each unit a policy may write. */
const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** One day in milliseconds. */
export const DAY = 86_400_000

/** Reads `30s`, `10m`, `1h`, `90d` or `2w` as milliseconds; a message where it is something else. */
export function parseDuration(text: string): number | string {
  const found = /^(\d{1,6})([a-z])$/.exec(text)
  const unit = UNITS[found?.[2] ?? '']
  const value = Number(found?.[1]) * (unit ?? Number.NaN)
  if (value > 0) return value
  return `\`${text}\` is not a duration; write a number above 0 and one of s, m, h, d, w, as in \`10m\``
}

/** A duration as a policy writes it: 3600000 → `1h`, 5400000 → `90m`. */
export function showDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm'])
    if (ms % (UNITS[unit] ?? ms + 1) === 0) return `${ms / (UNITS[unit] ?? ms)}${unit}`
  return `${Math.round(ms / 1000)}s`
}
