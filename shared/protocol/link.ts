import * as z from 'zod/mini'
import { Descriptor, HttpRequest } from './descriptor.ts'
import { Hold } from './hold.ts'
import { HoldState, Mode, OutcomeState } from './words.ts'

/** Messages on the WebSocket between the extension's worker and the companion (`GET /v1/link`).
 * Every message is one JSON text frame. The worker may repeat any of its messages: `ask` is
 * idempotent by `id`, `redeem` answers `refused` the second time, the rest are facts. */

const id = z.string().check(z.minLength(1), z.maxLength(100))

/** Where in the browser the action waits. Only the extension reads it back. */
export const Place = z.strictObject({ tab: z.int(), frame: z.int() })
export type Place = z.infer<typeof Place>

/** Proof of what a released action did: the request that followed, as the browser saw it. */
export const Evidence = z.strictObject({
  outcome: OutcomeState,
  request: z.optional(HttpRequest),
  status: z.optional(z.int()),
  error: z.optional(z.string()),
})
export type Evidence = z.infer<typeof Evidence>

export const FromWorker = z.discriminatedUnion('type', [
  /** A gesture is held; what shall happen to it? `previous` is a hold whose terms moved. */
  z.strictObject({
    type: z.literal('ask'),
    id,
    descriptor: Descriptor,
    place: Place,
    previous: z.optional(id),
  }),
  /** The person approved; the target was described again; may it go now? */
  z.strictObject({
    type: z.literal('redeem'),
    id,
    hold: id,
    ticket: id,
    descriptor: Descriptor,
    place: Place,
  }),
  /** A verdict given in the page's overlay. `automation` is null where the browser cannot tell. */
  z.strictObject({
    type: z.literal('verdict'),
    id,
    hold: id,
    verdict: z.enum(['approve', 'deny']),
    reason: z.optional(z.string().check(z.maxLength(500))),
    automation: z.nullable(z.boolean()),
  }),
  /** What came of a released action; `audit` is the id that the release was recorded under. */
  z.strictObject({ type: z.literal('outcome'), id, audit: id, evidence: Evidence }),
  /** Observe mode: the action has gone ahead natively and is to be recorded. */
  z.strictObject({ type: z.literal('record'), id, descriptor: Descriptor }),
  /** A click classified as `read` caused a mutating request: the classifier missed it. */
  z.strictObject({ type: z.literal('miss'), id, descriptor: Descriptor, request: HttpRequest }),
  /** The document that held the gesture is gone. */
  z.strictObject({
    type: z.literal('withdraw'),
    id,
    hold: id,
    reason: z.string().check(z.maxLength(500)),
  }),
  z.strictObject({ type: z.literal('pong') }),
])
export type FromWorker = z.infer<typeof FromWorker>

export const Answer = z.discriminatedUnion('state', [
  /** Let it go now. The intent is already durable under `audit`. */
  z.strictObject({ state: z.literal('go'), audit: z.string(), mode: Mode }),
  z.strictObject({ state: z.literal('held'), hold: Hold }),
  z.strictObject({
    state: z.literal('denied'),
    audit: z.string(),
    reason: z.string(),
    tell: z.optional(z.string()),
    suggest: z.optional(z.string()),
    /** Ids of the rules that decided. */
    rules: z.optional(z.array(z.string())),
  }),
  /** Recorded, not executed (shadow mode). */
  z.strictObject({ state: z.literal('shadowed'), audit: z.string(), reason: z.string() }),
  z.strictObject({ state: z.literal('recorded'), audit: z.string() }),
  /** The message could not be honoured: ticket used, hold gone, surface may not approve. */
  z.strictObject({ state: z.literal('refused'), code: z.string(), reason: z.string() }),
])
export type Answer = z.infer<typeof Answer>

/** What the gate needs to know before it can ask: which pages run in observe mode and so let the
 * native gesture pass while it is recorded. Everywhere else it holds. */
export const GateSettings = z.strictObject({
  mode: Mode,
  policyVersion: z.string(),
  /** URL patterns, in the policy's own glob syntax, with the mode that is in force there. */
  sites: z.array(z.strictObject({ url: z.string(), mode: Mode })),
  /** True where some rule sets a mode of its own, so that observe cannot be decided in the page. */
  ruleModes: z.boolean(),
})
export type GateSettings = z.infer<typeof GateSettings>

export const FromCompanion = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), settings: GateSettings, companion: z.string() }),
  z.strictObject({ type: z.literal('settings'), settings: GateSettings }),
  z.strictObject({ type: z.literal('answer'), id: z.string(), answer: Answer }),
  /** A hold of this browser reached a final state. `ticket` is present for `approved` only. */
  z.strictObject({
    type: z.literal('decided'),
    hold: z.string(),
    requestId: z.string(),
    state: HoldState,
    ticket: z.optional(z.string()),
    reason: z.optional(z.string()),
    tell: z.optional(z.string()),
    suggest: z.optional(z.string()),
  }),
  z.strictObject({ type: z.literal('pending'), count: z.int() }),
  z.strictObject({ type: z.literal('ping') }),
])
export type FromCompanion = z.infer<typeof FromCompanion>
