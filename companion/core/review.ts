import type { Policy } from '#shared/policy/policy.ts'
import { type Context, durably, isoNow, type Signer } from './context.ts'
import { type Result, refused } from './hold.ts'
import { lacksRole } from './people.ts'
import type { Tx } from './ports.ts'

/** When the policy was last reviewed, or, where it never was, first asked for reviews: ISO 8601. */
const LAST = 'review.last'

/** Entry of the first incident since then. */
const INCIDENT = 'review.incident'

/** A look over the policy that somebody has to take. */
export interface ReviewDue {
  why: 'time' | 'incident'
  /** When the last review was, or the incident; ISO 8601. */
  since: string
  dueAt: string
  /** Entry that is the incident. */
  entry?: string
  /** One sentence for people. */
  says: string
}

/** Something happened after which the policy is to be reviewed: a breaker opened, a forgery, a step that
 * failed. The first one since the last review is kept. */
export function noteIncident(tx: Tx, audit: string): void {
  if (tx.setting(INCIDENT) === null) tx.putSetting(INCIDENT, audit)
}

/** Starts the time to the first review, where the policy asks for reviews. */
export function beginReviews(tx: Tx, { review }: Policy, at: string): void {
  if (review && tx.setting(LAST) === null) tx.putSetting(LAST, at)
}

/** The reviews that are due at `now` (ms since the epoch). */
export async function reviewsDue(context: Context, now: number): Promise<ReviewDue[]> {
  const { review } = context.policy.current()
  if (!review) return []
  const [last, incident] = await Promise.all([
    context.store.setting(LAST),
    context.store.setting(INCIDENT),
  ])
  const due: ReviewDue[] = []
  const next = last === null ? Number.NaN : Date.parse(last) + (review.everyMs ?? Number.NaN)
  if (last !== null && now >= next) {
    const says = `The last review of the policy was on ${last.slice(0, 10)}, so one is due`
    due.push({ why: 'time', since: last, dueAt: new Date(next).toISOString(), says })
  }
  const entry = incident === null ? null : await context.store.entry(incident)
  if (review.afterIncident && entry) {
    const says = `Something went wrong on ${entry.at.slice(0, 10)} (${entry.kind}, ${entry.id}), so the policy is to be reviewed`
    due.push({ why: 'incident', since: entry.at, dueAt: entry.at, entry: entry.id, says })
  }
  return due
}

/** When the policy is, or was, due for a review by time, as ISO 8601; null where it asks for none. */
export async function nextReview(context: Context): Promise<string | null> {
  const { review } = context.policy.current()
  const last = review ? await context.store.setting(LAST) : null
  if (last === null || !review || review.everyMs === null) return null
  return new Date(Date.parse(last) + review.everyMs).toISOString()
}

/** A person has reviewed the policy. */
export async function closeReview(
  context: Context,
  note: string,
  by: Signer,
): Promise<Result<{ audit: string }>> {
  const policy = context.policy.current()
  if (note.trim() === '')
    return refused('note_missing', 'say what the review came to; it stays in the log')
  const role = policy.review?.role ?? null
  const lacks = role === null ? null : lacksRole(policy, by.name, role)
  if (lacks) return { ok: false, error: lacks }
  const done = await durably(context, (tx) => {
    const at = isoNow(context)
    const incident = tx.setting(INCIDENT)
    const body = { note, by: by.name, incident, ...(by.from && { from: by.from }) }
    const { actor } = by
    const entry = tx.append({ at, kind: 'review', actor, hold: null, run: null, body })
    tx.putSetting(LAST, at)
    tx.putSetting(INCIDENT, null)
    return entry.id
  })
  context.bus.publish({ event: 'status' })
  return done.ok ? { ok: true, audit: done.value } : done
}
