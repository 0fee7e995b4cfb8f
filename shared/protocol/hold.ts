import * as z from 'zod/mini'
import { Classification } from './classification.ts'
import { Decision } from './decision.ts'
import { Descriptor } from './descriptor.ts'
import { HoldState, OutcomeState, Surface } from './words.ts'

/** A term that moved between what a person was shown and what would happen now. */
export const Change = z.strictObject({
  term: z.string(),
  before: z.string(),
  after: z.string(),
})
export type Change = z.infer<typeof Change>

/** A person's answer to a hold. `by` is the name of the token that carried it. */
export const Verdict = z.strictObject({
  verdict: z.enum(['approve', 'deny']),
  by: z.string(),
  /** The role that the policy asked for, and that `by` has. */
  role: z.optional(z.string()),
  surface: Surface,
  /** Where it came from: the peer's address, for verdicts over HTTP. */
  from: z.optional(z.string()),
  at: z.string(),
  reason: z.optional(z.string()),
})
export type Verdict = z.infer<typeof Verdict>

/** An action that waits. Times are ISO 8601 in UTC. */
export const Hold = z.strictObject({
  id: z.string(),
  /** The asking door's own id for this ask: the same id never makes a second hold. */
  requestId: z.string(),
  state: HoldState,
  createdAt: z.string(),
  /** Until when it waits: for a person, and once approved for its ticket to be taken up. */
  expiresAt: z.string(),
  descriptor: Descriptor,
  classification: Classification,
  decision: Decision,
  /** What the policy said the agent is for, when it was held. */
  scope: z.optional(z.string()),
  verdict: z.optional(Verdict),
  /** Approvals so far, where several people have to agree; the last one is `verdict` too. */
  approvals: z.optional(z.array(Verdict)),
  /** Why it was withdrawn, for state `withdrawn`. */
  withdrawn: z.optional(z.string()),
  /** The hold this one replaces because its terms moved, and what moved. */
  replaces: z.optional(z.string()),
  changes: z.optional(z.array(Change)),
  /** True once the ticket has been redeemed: the action was let go. */
  released: z.boolean(),
  outcome: z.optional(OutcomeState),
  /** Audit id of the decision that made the hold. */
  auditId: z.string(),
})
export type Hold = z.infer<typeof Hold>
