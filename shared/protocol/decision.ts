import * as z from 'zod/mini'
import { Undo } from './classification.ts'
import { Mode } from './words.ts'

/** Which pattern of the policy decided. */
export const Pattern = z.enum([
  'read',
  'allow-list',
  'reversible-only',
  'review-gate',
  'threshold',
  'deny-rule',
  'sites',
  'never-collapse',
  'condition-error',
  'context',
  'policy-broken',
  'phase',
  'earned',
  'undo-unverified',
  'rate-limit',
  'budget',
  'ceiling',
  'duplicate',
  'breaker',
  'sandbox',
  'doubt',
])
export type Pattern = z.infer<typeof Pattern>

/** How far a rule has come with earning its effect, by people's verdicts on what it would allow. */
export const Earning = z.strictObject({
  rule: z.string(),
  /** Clean reviews so far, and how many are wanted. */
  reviews: z.int(),
  of: z.int(),
  errors: z.int(),
  errorsAllowed: z.int(),
  /** Enough is there; a person has yet to say that it may (`promote: propose`). */
  proposed: z.boolean(),
})
export type Earning = z.infer<typeof Earning>

/** What the policy says of one action. Rules are combined as deny > hold > allow, default hold. */
export const Decision = z.strictObject({
  kind: z.enum(['allow', 'hold', 'deny']),
  /** Ids of the rules that determined the kind, sorted; empty where a default did. */
  rules: z.array(z.string()),
  /** One sentence in plain language: why. */
  reason: z.string(),
  pattern: Pattern,
  /** The mode in force for this action, after global, site and rule modes. */
  mode: Mode,
  /** What would have had to be true for the action to be allowed without a person. */
  wouldNeed: z.array(z.string()),
  /** Role that has to approve, where the policy names one. */
  approver: z.optional(z.string()),
  /** How many different people have to approve; 1 without it. */
  people: z.optional(z.int()),
  /** Words for the agent, from the rule's `tell`. */
  tell: z.optional(z.string()),
  /** What the agent can do instead, from the rule's `suggest`. */
  suggest: z.optional(z.string()),
  /** When asking again can come out otherwise, in seconds: a window has moved on. */
  retryAfter: z.optional(z.int()),
  /** Holds of one batch are reviewed together; its name says what used up what. */
  batch: z.optional(z.string()),
  /** Entries of the log that this action is nearly the same as, oldest first. */
  like: z.optional(z.array(z.string())),
  earning: z.optional(Earning),
  undo: z.optional(Undo),
  /** SHA-256 of the policy in force. */
  policyVersion: z.string(),
})
export type Decision = z.infer<typeof Decision>
