import * as z from 'zod/mini'
import { AuditEntry } from './audit-entry.ts'
import { Decision } from './decision.ts'
import { Hold } from './hold.ts'
import { Run } from './run.ts'
import { Mode } from './words.ts'

/** Bodies of the HTTP API under `/v1`. Errors are `application/problem+json` (RFC 9457). */

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** Stable code that programs may rely on. */
  code: z.string(),
  detail: z.optional(z.string()),
})
export type Problem = z.infer<typeof Problem>

export const VerdictBody = z.strictObject({
  verdict: z.enum(['approve', 'deny']),
  reason: z.optional(z.string().check(z.maxLength(500))),
})
export type VerdictBody = z.infer<typeof VerdictBody>

export const PairBody = z.strictObject({
  code: z.string().check(z.regex(/^\d{6}$/)),
  name: z.string().check(z.minLength(1), z.maxLength(100)),
})
export type PairBody = z.infer<typeof PairBody>

/** `link` is the WebSocket address the worker connects to with `token`. */
export const Paired = z.strictObject({ token: z.string(), link: z.string() })
export type Paired = z.infer<typeof Paired>

/** `unreadable` counts the holds that were asked for and are left out, because what is stored of them
 * can no longer be read. They stay held. */
export const HoldPage = z.strictObject({
  holds: z.array(Hold),
  unreadable: z._default(z.int(), 0),
})
export type HoldPage = z.infer<typeof HoldPage>

/** Newest first; `next` is the `before` of the following page, null at the end. */
export const AuditPage = z.strictObject({ entries: z.array(AuditEntry), next: z.nullable(z.int()) })
export type AuditPage = z.infer<typeof AuditPage>

export const EvaluateAnswer = z.strictObject({
  decision: Decision.shape.kind,
  reason: z.string(),
  rules: z.array(z.string()),
  would_need: z.array(z.string()),
  mode: Mode,
  audit_id: z.string(),
  hold_id: z.optional(z.string()),
  tell: z.optional(z.string()),
})
export type EvaluateAnswer = z.infer<typeof EvaluateAnswer>

export const PolicyView = z.strictObject({
  file: z.string(),
  text: z.string(),
  version: z.string(),
  mode: Mode,
  scope: z.nullable(z.string()),
  sites: z.array(z.strictObject({ url: z.string(), mode: Mode, until: z.nullable(z.string()) })),
  /** Each rule in plain language. */
  rules: z.array(
    z.strictObject({
      id: z.string(),
      effect: Decision.shape.kind,
      says: z.string(),
      line: z.int(),
    }),
  ),
  /** How decisions come about, one sentence each, in the order in which they apply. */
  says: z.array(z.string()),
  /** Set while the file on disk is broken and the last good policy is still in force. */
  problems: z.array(z.strictObject({ message: z.string(), line: z.int(), column: z.int() })),
})
export type PolicyView = z.infer<typeof PolicyView>

export const Status = z.strictObject({
  version: z.string(),
  mode: Mode,
  policyVersion: z.string(),
  policyOk: z.boolean(),
  startedAt: z.string(),
  home: z.string(),
  pending: z.int(),
  /** Agent sessions that have not ended; `live` ones may act. */
  runs: z.strictObject({ live: z.int(), paused: z.int() }),
  browsers: z.array(
    z.strictObject({
      name: z.string(),
      pairedAt: z.string(),
      connected: z.boolean(),
      lastSeen: z.nullable(z.string()),
    }),
  ),
  chain: z.strictObject({
    ok: z.boolean(),
    entries: z.int(),
    checkedAt: z.string(),
    problem: z.nullable(z.string()),
  }),
  breaker: z.strictObject({ open: z.boolean(), reason: z.nullable(z.string()) }),
  /** Decisions of the last 24 hours. */
  day: z.strictObject({
    allow: z.int(),
    hold: z.int(),
    deny: z.int(),
    shadow: z.int(),
    observe: z.int(),
    approved: z.int(),
    denied: z.int(),
    miss: z.int(),
    forgery: z.int(),
  }),
})
export type Status = z.infer<typeof Status>

export const StreamEvent = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('hold'), hold: Hold }),
  z.strictObject({ event: z.literal('audit'), entry: AuditEntry }),
  z.strictObject({ event: z.literal('policy'), version: z.string(), ok: z.boolean() }),
  z.strictObject({ event: z.literal('status') }),
  z.strictObject({ event: z.literal('run'), run: Run }),
])
export type StreamEvent = z.infer<typeof StreamEvent>
