import * as z from 'zod'
import {
  Capability,
  Category,
  Door,
  Effect,
  Gesture,
  Mode,
  Provenance,
} from '#shared/protocol/words.ts'
import { parseMoney } from './currency.ts'
import { parseDuration } from './duration.ts'
import type { Vocabulary } from './mistakes.ts'
import { GLOB_LIMIT } from './text-glob.ts'
import { parseUntil } from './until.ts'
import { urlGlob } from './url-glob.ts'

/** The shape of holdpoint.yaml, version 1. Unknown words are errors everywhere. Parsed values carry
 * what was read from the text: amounts, periods and URL patterns are already compiled. */

/** Text that `parse` understands; a message from it becomes an issue with the given code. */
function read<T>(code: string, example: string, parse: (text: string) => T | string) {
  return z.string({ error: `expected text as in \`${example}\`` }).transform((text, context): T => {
    const value = parse(text)
    if (typeof value !== 'string') return value
    context.addIssue({ code: 'custom', message: value, params: { code } })
    return z.NEVER
  })
}

/** One item or a list of them; always a list once parsed. */
function list<T extends z.ZodType>(item: T) {
  return z.union([item.transform((one) => [one]), z.array(item).min(1).max(1000)])
}

const line = z.string().trim().min(1).max(500)
const glob = z.string().min(1).max(GLOB_LIMIT)
const count = z.int().min(0)
const mode = z.enum(Mode.options)
const category = z.enum(Category.options)
const url = read('bad-url', 'https://crm.example.com/**', urlGlob)
const money = read('bad-amount', '50 USD', parseMoney)
const duration = read('bad-duration', '10m', parseDuration)
const period = z.string().superRefine((text, context) => {
  const value = parseDuration(text)
  if (typeof value === 'string')
    context.addIssue({ code: 'custom', message: value, params: { code: 'bad-duration' } })
})
const until = read('bad-date', '2027-01-31', parseUntil)
const bounds = z.strictObject({ max: count.optional(), min: count.optional() })

const Site = z.union([
  url.transform((pattern) => ({ url: pattern, mode: undefined, until: undefined })),
  z.strictObject({ url, mode: mode.optional(), until: until.optional() }),
])

const On = z.strictObject({
  capability: list(z.enum(Capability.options)).optional(),
  category: list(category).optional(),
  verb: list(z.string().min(1).max(60)).optional(),
  effect: list(z.enum(Effect.options)).optional(),
  reversible: z.boolean().optional(),
  url: list(url).optional(),
  request: list(url).optional(),
  role: list(z.string().min(1).max(60)).optional(),
  name: list(glob).optional(),
  provenance: list(z.enum(Provenance.options)).optional(),
  door: list(z.enum(Door.options)).optional(),
  gesture: list(z.enum(Gesture.options)).optional(),
  amount: z.strictObject({ max: list(money).optional(), min: list(money).optional() }).optional(),
  recipients: list(glob).optional(),
  recipient_count: bounds.optional(),
  rows: bounds.optional(),
})
export type On = z.infer<typeof On>

const RuleEntry = z.strictObject({
  id: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,59}$/i,
      'an id has letters, digits, `-`, `_` or `.`, at most 60',
    ),
  effect: z.enum(['allow', 'hold', 'deny']),
  on: On.default({}),
  if: z.string().min(1).optional(),
  undo: z.strictObject({ path: line, within: period.optional() }).optional(),
  acknowledge: list(category).optional(),
  mode: mode.optional(),
  until: until.optional(),
  tell: line.optional(),
  why: line.optional(),
})
export type RuleEntry = z.infer<typeof RuleEntry>

const Approvers = z.strictObject({
  communication: line.optional(),
  financial: line.optional(),
  personnel: line.optional(),
  legal: line.optional(),
  deletion: line.optional(),
  other: line.optional(),
})

export const PolicyFile = z.strictObject({
  version: z.literal(1),
  mode: mode.default('enforce'),
  scope: z.string().trim().max(2000).optional(),
  sites: z.array(Site).min(1).optional(),
  side_effects: list(url).optional(),
  rules: z.array(RuleEntry).default([]),
  approvers: Approvers.default({}),
  holds: z.strictObject({ expire: duration.optional() }).default({}),
  audit: z
    .strictObject({ keep: duration.optional(), acknowledge_short: z.boolean().optional() })
    .default({}),
})
export type PolicyFile = z.infer<typeof PolicyFile>

/** Words that later versions know, by the place they stand in: refused, with the reason. */
const later = {
  '': ['ceilings', 'duplicates', 'breaker', 'sandbox', 'review', 'context'],
  rules: ['limit', 'earned'],
  audit: ['screenshots'],
}

/** Known words by the place they stand in, for "did you mean". */
const known = {
  '': Object.keys(PolicyFile.shape),
  sites: ['url', 'mode', 'until'],
  rules: Object.keys(RuleEntry.shape),
  'rules.on': Object.keys(On.shape),
  'rules.on.amount': ['max', 'min'],
  'rules.on.recipient_count': ['max', 'min'],
  'rules.on.rows': ['max', 'min'],
  'rules.undo': ['path', 'within'],
  approvers: Category.options,
  holds: ['expire'],
  audit: ['keep', 'acknowledge_short'],
}

export const vocabulary: Vocabulary = { known, later }
