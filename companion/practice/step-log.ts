import * as z from 'zod/mini'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { Classification } from '#shared/protocol/classification.ts'
import { Decision } from '#shared/protocol/decision.ts'
import { HttpRequest } from '#shared/protocol/descriptor.ts'
import { Evidence } from '#shared/protocol/link.ts'
import { Gesture } from '#shared/protocol/words.ts'

/** The log of one step, by what the comparison and the table ask of it. */
export interface StepLog {
  decisions: readonly Decision[]
  classification: Classification | null
  verdict: string | null
  releases: number
  outcome: Evidence | null
  /** Requests that passed clicks caused, as `POST /path`. */
  misses: readonly string[]
  /** Requests that a rule let go by themselves, as `POST /path`: only a gateway sees and records them. */
  drafts: readonly string[]
  /** Kinds of entries that no step of the demo should cause. */
  other: readonly string[]
}

const Judged = z.object({
  descriptor: z.object({ gesture: Gesture, request: z.optional(HttpRequest) }),
  decision: Decision,
  classification: Classification,
})
const Said = z.object({ verdict: z.string() })
const Missed = z.object({ request: HttpRequest })
const Proved = z.object({ audit: z.string(), evidence: Evidence })

/** `run` entries say who works here, not what was done. */
const usual = ['decision', 'verdict', 'release', 'covered', 'outcome', 'miss', 'run']

export function readLog(entries: readonly AuditEntry[]): StepLog {
  const of = (kind: AuditEntry['kind']) => entries.filter((entry) => entry.kind === kind)
  const judged = of('decision').map(({ id, body }) => ({ id, ...Judged.parse(body) }))
  // A gateway records what it passed as a read, too.
  const steps = judged.filter(({ decision }) => decision.pattern !== 'read')
  const drafts = steps.filter(
    ({ descriptor, decision }) => descriptor.gesture === 'request' && decision.kind === 'allow',
  )
  const acts = steps.filter((step) => !drafts.includes(step))
  const verdict = of('verdict')[0]
  const outcome = of('outcome')
    .map(({ body }) => Proved.parse(body))
    .findLast(({ audit }) => !drafts.some(({ id }) => id === audit))
  return {
    decisions: acts.map(({ decision }) => decision),
    classification: acts[0]?.classification ?? null,
    verdict: verdict ? Said.parse(verdict.body).verdict : null,
    releases: of('release').length,
    outcome: outcome?.evidence ?? null,
    misses: of('miss').map(({ body }) => requestSeen(Missed.parse(body).request)),
    drafts: drafts.flatMap(({ descriptor: { request } }) =>
      request ? [requestSeen(request)] : [],
    ),
    other: entries.map(({ kind }) => kind).filter((kind) => !usual.includes(kind)),
  }
}

/** A request as `POST /path`. */
export function requestSeen({ method, url }: HttpRequest): string {
  return `${method.toUpperCase()} ${URL.canParse(url) ? new URL(url).pathname : url}`
}
