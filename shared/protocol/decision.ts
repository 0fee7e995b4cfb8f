import * as z from 'zod/mini'
import { Undo } from './classification.ts'
import { Mode } from './words.ts'

/** Which pattern of the policy decided. */
export const Pattern = z.enum([
  'read',
  'allow-list',
  'reversible-only',
  'review-gate',
  'deny-rule',
  'sites',
  'never-collapse',
  'condition-error',
  'policy-broken',
])
export type Pattern = z.infer<typeof Pattern>

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
  /** Words for the agent, from the rule's `tell`. */
  tell: z.optional(z.string()),
  undo: z.optional(Undo),
  /** SHA-256 of the policy in force. */
  policyVersion: z.string(),
})
export type Decision = z.infer<typeof Decision>
