import * as z from 'zod/mini'
import { AuditEntry } from './audit-entry.ts'
import { Decision, Earning } from './decision.ts'
import { Hold } from './hold.ts'
import { BreakerScope, ReviewDue } from './oversight.ts'
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

/** Body of `POST /v1/holds/verdicts`: one verdict, with one reason, on each of these holds. */
export const VerdictsBody = z.strictObject({
  ...VerdictBody.shape,
  holds: z
    .array(z.string().check(z.minLength(1), z.maxLength(200)))
    .check(z.minLength(1), z.maxLength(500)),
})
export type VerdictsBody = z.infer<typeof VerdictsBody>

/** How it went with each hold, in the order of the body. Each is its own verdict: one that is refused
 * keeps none of the others back. */
export const VerdictsAnswer = z.strictObject({
  results: z.array(
    z.discriminatedUnion('ok', [
      z.strictObject({ ok: z.literal(true), id: z.string(), hold: Hold }),
      z.strictObject({
        ok: z.literal(false),
        id: z.string(),
        code: z.string(),
        detail: z.string(),
      }),
    ]),
  ),
})
export type VerdictsAnswer = z.infer<typeof VerdictsAnswer>

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
  /** Which pattern of the policy decided. */
  pattern: Decision.shape.pattern,
  audit_id: z.string(),
  /** Of the hold that waits for a person; the same `Idempotency-Key` asks for its verdict. */
  hold_id: z.optional(z.string()),
  /** When to ask again, in seconds; also as the header `Retry-After`. */
  retry_after: z.optional(z.int()),
  tell: z.optional(z.string()),
  /** What the agent can do instead. */
  suggest: z.optional(z.string()),
  earning: z.optional(Earning),
  /** Audit ids of what it is nearly the same as. */
  like: z.optional(z.array(z.string())),
  /** Who has to approve, and how many of them. */
  approver: z.optional(z.string()),
  people: z.optional(z.int()),
})
export type EvaluateAnswer = z.infer<typeof EvaluateAnswer>

/** Answer of `POST /v1/audit/:id/undo`: what was done, one line per step. */
export const Undone = z.strictObject({ did: z.array(z.string()), audit_id: z.string() })
export type Undone = z.infer<typeof Undone>

/** Body of `POST /v1/undo/:name/trial`: how a trial of a recipe with this text went, on a sandbox. */
export const UndoTrialBody = z.strictObject({
  text: z.string().check(z.maxLength(100_000)),
  ok: z.boolean(),
  url: z.string().check(z.maxLength(2000)),
  did: z.array(z.string().check(z.maxLength(1000))).check(z.maxLength(100)),
  why: z.optional(z.nullable(z.string().check(z.maxLength(1000)))),
})
export type UndoTrialBody = z.infer<typeof UndoTrialBody>

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
  /** `reason` of the first scope that is open. */
  breaker: z.strictObject({
    open: z.boolean(),
    reason: z.nullable(z.string()),
    scopes: z.array(BreakerScope),
  }),
  /** Looks over the policy that are due now. */
  reviews: z.array(ReviewDue),
  /** Name of the token that asked: who `you` are in approvals. */
  you: z.string(),
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
