import * as z from 'zod/mini'
import { Classification } from './classification.ts'
import { Earning } from './decision.ts'
import { Descriptor } from './descriptor.ts'

/** What a person sees and does over and above single holds: breakers, limits, what rules have earned,
 * promotions from staging, reviews of the policy. Times are ISO 8601 in UTC. */

const id = z.string().check(z.minLength(1), z.maxLength(200))
/** Why a person does something. It stays in the log, so it has to say something. */
const note = z.string().check(z.trim(), z.minLength(3), z.maxLength(500))

/** Something that holds until a person closes it: `policy` for everything, `rule ID`, `site HOST`. */
export const BreakerScope = z.strictObject({
  scope: z.string(),
  reason: z.string(),
  since: z.string(),
})
export type BreakerScope = z.infer<typeof BreakerScope>

/** Body of `POST /v1/breaker/reset`; without `scope` every one that is open is closed. */
export const BreakerReset = z.strictObject({ scope: z.optional(id), reason: note })
export type BreakerReset = z.infer<typeof BreakerReset>

/** One limit, budget or ceiling, and how much of it is used now. */
export const Use = z.strictObject({
  kind: z.enum(['limit', 'budget', 'ceiling']),
  /** The rule it belongs to; null for one over everything. */
  rule: z.nullable(z.string()),
  /** What is counted, for people: `small-refunds`, `messages to *@example.com by site: crm…`. */
  says: z.string(),
  /** Null where an amount was let go that nobody could read: then it counts as used up. */
  used: z.nullable(z.number()),
  max: z.number(),
  /** ISO 4217, where `used` and `max` are minor units of money. */
  currency: z.optional(z.string()),
  /** `an hour`, `a run`, `10 minutes`. */
  window: z.string(),
  /** The run, site or agent with the highest count, where each is counted apart. */
  of: z.optional(z.string()),
  /** Seconds until some of it is free again, where it is used up and its window moves on. */
  retryAfter: z.optional(z.int()),
})
export type Use = z.infer<typeof Use>

/** How far a rule has come, whether a person has accepted it, and whether it allows now. */
export const RuleEarning = z.strictObject({
  ...Earning.shape,
  accepted: z.boolean(),
  allowed: z.boolean(),
})
export type RuleEarning = z.infer<typeof RuleEarning>

/** Origins of production, each with the staging origin that stands in for it. */
export const SandboxView = z.array(z.strictObject({ production: z.string(), staging: z.string() }))
export type SandboxView = z.infer<typeof SandboxView>

/** Answer of `GET /v1/policy/use`: where the policy stands now. */
export const PolicyUse = z.strictObject({
  phase: z.enum(['assisted', 'selective', 'expanded']),
  uses: z.array(Use),
  earned: z.array(RuleEarning),
  sandbox: SandboxView,
  /** When a look over the policy is due by time; null where the policy asks for none. */
  nextReview: z.nullable(z.string()),
})
export type PolicyUse = z.infer<typeof PolicyUse>

/** Body of `POST /v1/policy/earned/:rule`: it may go by itself from now on. */
export const EarnedBody = z.strictObject({ note })
export type EarnedBody = z.infer<typeof EarnedBody>

/** What was executed on staging. `entry` is the audit id under which it was let go. */
export const StagedAction = z.strictObject({
  entry: z.string(),
  at: z.string(),
  /** Null for what came without a run. */
  run: z.nullable(z.string()),
  descriptor: Descriptor,
  classification: Classification,
})
export type StagedAction = z.infer<typeof StagedAction>

/** Answer of `GET /v1/staged`: what is not promoted yet, the newest first. */
export const StagedPage = z.strictObject({
  sandbox: SandboxView,
  actions: z.array(StagedAction),
})
export type StagedPage = z.infer<typeof StagedPage>

/** An action that was executed on staging and may be done once on production, on the same terms. */
export const Promotion = z.strictObject({
  /** The audit id under which it was executed on staging. */
  id: z.string(),
  /** Null where what was executed cannot be read any more. */
  action: z.nullable(StagedAction),
  at: z.string(),
  until: z.string(),
  by: z.string(),
  note: z.string(),
  state: z.enum(['unspent', 'spent', 'expired', 'revoked']),
  /** Audit id under which it was let go on production. */
  spent: z.optional(z.string()),
})
export type Promotion = z.infer<typeof Promotion>

/** Answer of `GET /v1/promotions` and `POST /v1/promotions`, the newest first. */
export const PromotionPage = z.strictObject({ promotions: z.array(Promotion) })
export type PromotionPage = z.infer<typeof PromotionPage>

/** Body of `POST /v1/promotions`: audit ids of what was executed on staging. */
export const NewPromotions = z.strictObject({
  entries: z.array(id).check(z.minLength(1), z.maxLength(500)),
  note,
})
export type NewPromotions = z.infer<typeof NewPromotions>

/** Body of `DELETE /v1/promotions/:id`, which may be left out. */
export const RevokeBody = z.strictObject({ reason: z.optional(note) })
export type RevokeBody = z.infer<typeof RevokeBody>

/** A look over the policy that somebody has to take: the time has come, or something has happened. */
export const ReviewDue = z.strictObject({
  why: z.enum(['time', 'incident']),
  since: z.string(),
  dueAt: z.string(),
  /** The entry of the log that is the incident. */
  entry: z.optional(z.string()),
  /** One sentence for people. */
  says: z.string(),
})
export type ReviewDue = z.infer<typeof ReviewDue>

/** Body of `POST /v1/reviews`. */
export const ReviewBody = z.strictObject({ note })
export type ReviewBody = z.infer<typeof ReviewBody>

/** Answer of `POST /v1/reviews` and of whatever else only leaves an entry in the log. */
export const Recorded = z.strictObject({ audit_id: z.string() })
export type Recorded = z.infer<typeof Recorded>
