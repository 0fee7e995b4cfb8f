import * as z from 'zod'
import { Classification } from '#shared/protocol/classification.ts'
import { Decision, Pattern } from '#shared/protocol/decision.ts'
import { Descriptor } from '#shared/protocol/descriptor.ts'
import { Mode } from '#shared/protocol/words.ts'
import { Action } from './action.ts'
import type { Vocabulary } from './mistakes.ts'
import { duration } from './schema-parts.ts'

/** The words of a case for `holdpoint policy test`. */

/** What a case may expect; each word that is there is checked. */
const Expected = {
  decision: Decision.shape.kind,
  rules: z.array(z.string()).optional(),
  pattern: z.enum(Pattern.options).optional(),
  mode: z.enum(Mode.options).optional(),
  /** Part of the reason. */
  reason: z.string().optional(),
  /** Parts of what would be needed, all of them. */
  would_need: z.array(z.string()).optional(),
  approver: z.string().optional(),
  /** How many people have to approve. */
  people: z.int().min(1).optional(),
  tell: z.string().optional(),
  suggest: z.string().optional(),
  /** In seconds. */
  retry_after: z.int().min(0).optional(),
  batch: z.string().optional(),
  /** Whether it is said to be nearly the same as something before. */
  like: z.boolean().optional(),
  /** Part of how far a rule has come, as in `143 of 200 reviews, 0 errors`. */
  earning: z.string().optional(),
}

/** Something that was let go earlier: by the rules as far as they allow it, else by a person. */
const Before = z.strictObject({
  /** The case's own without it. */
  action: Action.optional(),
  times: z.int().min(1).max(10_000).default(1),
  /** Time before `now`. */
  ago: duration.default(60_000),
  /** In place of the action's own run. */
  run: z.string().min(1).max(500).optional(),
})
export type Before = z.infer<typeof Before>

/** What people have said of a rule while its terms were as they are. */
const Reviewed = z.strictObject({
  clean: z.int().min(0),
  errors: z.int().min(0).default(0),
  accepted: z.boolean().default(false),
})

export const Case = z
  .strictObject({
    name: z.string().min(1),
    action: Action.optional(),
    descriptor: z.optional(Descriptor),
    classification: z.optional(Classification),
    now: z.iso.datetime().optional(),
    before: z.array(Before).max(1000).default([]),
    /** By rule. */
    reviews: z.record(z.string(), Reviewed).default({}),
    /** By undo recipe, how long ago it was tried out with success. */
    verified: z.record(z.string(), duration).default({}),
    /** Actions that were taken on staging, reviewed and promoted. */
    promoted: z.array(Action).max(100).default([]),
    /** What context providers know, by provider; one that is not here has failed. */
    context: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
    ...Expected,
  })
  .refine((one) => (one.action === undefined) !== (one.descriptor === undefined), {
    error: 'a case has either an `action` or a `descriptor`',
  })
export type Case = z.infer<typeof Case>

export const caseVocabulary: Vocabulary = {
  known: {
    '': Object.keys(Case.shape),
    action: Object.keys(Action.shape),
    before: Object.keys(Before.shape),
    'before.action': Object.keys(Action.shape),
    promoted: Object.keys(Action.shape),
  },
  later: {},
}
