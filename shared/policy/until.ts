import { DAY } from './duration.ts'

/** The end of a period. A bare date includes that whole day, in UTC. */
export interface Until {
  readonly text: string
  /** First millisecond after the period, since the epoch. */
  readonly end: number
}

/** Reads `2027-01-31` or `2027-01-31T18:00:00Z`; a message where it is something else. */
export function parseUntil(text: string): Until | string {
  const wrong = `\`${text}\` is not a date; write \`2027-01-31\` (that day included, UTC) or \`2027-01-31T18:00:00Z\``
  const found = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text)
  const [, day = '', time] = found ?? []
  const start = Date.parse(`${day}T00:00:00Z`)
  // `Date.parse` may roll 2027-02-30 over to March; a date that does not read back is refused.
  if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(day)) return wrong
  const end = time === undefined ? start + DAY : Date.parse(text)
  return Number.isNaN(end) ? wrong : { text, end }
}

/** True while the period lasts. INVARIANT: an unreadable clock ends it. */
export function lasts(until: Until | null, now: number): boolean {
  return until === null || now < until.end
}
