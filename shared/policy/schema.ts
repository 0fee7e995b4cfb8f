import * as z from 'zod'
import { Category } from '#shared/protocol/words.ts'
import type { Vocabulary } from './mistakes.ts'
import {
  Approvers,
  BreakerRule,
  Ceilings,
  ContextProviders,
  Duplicates,
  Limit,
  People,
  Review,
  Sandbox,
  UndoRecipes,
} from './schema-limits.ts'
import { On } from './schema-on.ts'
import {
  budget,
  category,
  count,
  duration,
  line,
  list,
  mode,
  name,
  period,
  rate,
  until,
  url,
} from './schema-parts.ts'

/** The shape of holdpoint.yaml, version 1. Unknown words are errors everywhere. Parsed values carry
 * what was read from the text: amounts, periods and URL patterns are already compiled. */

const Site = z.union([
  url.transform((pattern) => ({ url: pattern, mode: undefined, until: undefined })),
  z.strictObject({ url, mode: mode.optional(), until: until.optional() }),
])

const Undo = z.strictObject({
  /** In words, where to click; a recipe says it itself. */
  path: line.optional(),
  within: period.optional(),
  /** One of the policy's `undo` recipes, ... */
  recipe: name.optional(),
  /** ... and how old its last successful trial may be. */
  verified: duration.optional(),
})

const Earned = z.strictObject({
  reviews: z.int().min(1).max(1_000_000),
  errors: count.default(0),
  /** `auto`: becomes an allow by itself. `propose`: a person has to say so. */
  promote: z.enum(['auto', 'propose']).default('propose'),
  /** Only reviews of this long ago count. */
  within: duration.optional(),
})
export type Earned = z.infer<typeof Earned>

const RuleEntry = z.strictObject({
  id: name,
  effect: z.enum(['allow', 'hold', 'deny']),
  on: On.default({}),
  if: z.string().min(1).optional(),
  undo: Undo.optional(),
  limit: list(rate).optional(),
  budget: list(budget).optional(),
  earned: Earned.optional(),
  acknowledge: list(category).optional(),
  mode: mode.optional(),
  until: until.optional(),
  tell: line.optional(),
  suggest: line.optional(),
  why: line.optional(),
})
export type RuleEntry = z.infer<typeof RuleEntry>

/** Phases of a roll-out. */
export const Phase = z.enum(['assisted', 'selective', 'expanded'])
export type Phase = z.infer<typeof Phase>

export const PolicyFile = z.strictObject({
  version: z.literal(1),
  mode: mode.default('enforce'),
  /** `assisted`: a person decides every execute step. `selective`: only what can be undone or has been
   * earned goes by rule. `expanded`: whatever the rules allow. */
  phase: Phase.default('expanded'),
  scope: z.string().trim().max(2000).optional(),
  sites: z.array(Site).min(1).optional(),
  side_effects: list(url).optional(),
  rules: z.array(RuleEntry).default([]),
  limits: z.array(Limit).max(200).default([]),
  ceilings: Ceilings.default({}),
  duplicates: Duplicates.optional(),
  breaker: BreakerRule.optional(),
  sandbox: Sandbox.default({}),
  approvers: Approvers.default({}),
  people: People.optional(),
  context: ContextProviders.default({}),
  undo: UndoRecipes.default({}),
  review: Review.optional(),
  holds: z
    .strictObject({
      expire: duration.optional(),
      /** How long a hold waits that a used-up limit put into a batch. */
      batch: duration.optional(),
    })
    .default({}),
  audit: z
    .strictObject({ keep: duration.optional(), acknowledge_short: z.boolean().optional() })
    .default({}),
})
export type PolicyFile = z.infer<typeof PolicyFile>

export type { On } from './schema-on.ts'

/** Words that later versions know, by the place they stand in: refused, with the reason. */
const later = { audit: ['screenshots'] }

/** Known words by the place they stand in, for "did you mean". */
const known = {
  '': Object.keys(PolicyFile.shape),
  sites: ['url', 'mode', 'until'],
  rules: Object.keys(RuleEntry.shape),
  'rules.on': Object.keys(On.shape),
  'rules.on.amount': ['max', 'min'],
  'rules.on.recipient_count': ['max', 'min'],
  'rules.on.rows': ['max', 'min'],
  'rules.on.bytes': ['max', 'min'],
  'rules.undo': Object.keys(Undo.shape),
  'rules.earned': Object.keys(Earned.shape),
  limits: Object.keys(Limit.shape),
  'limits.on': Object.keys(On.shape),
  ceilings: Object.keys(Ceilings.shape),
  'ceilings.day': ['all', 'capability', 'category'],
  duplicates: Object.keys(Duplicates.shape),
  breaker: Object.keys(BreakerRule.shape),
  review: Object.keys(Review.shape),
  approvers: Category.options,
  holds: ['expire', 'batch'],
  audit: ['keep', 'acknowledge_short'],
}

export const vocabulary: Vocabulary = { known, later }
