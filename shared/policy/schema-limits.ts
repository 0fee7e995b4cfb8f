import * as z from 'zod'
import { Capability, type Category } from '#shared/protocol/words.ts'
import { On } from './schema-on.ts'
import {
  budget,
  category,
  count,
  duration,
  line,
  list,
  money,
  name,
  period,
  rate,
} from './schema-parts.ts'

/** The parts of holdpoint.yaml that look at more than one action. */

/** A rate over everything of one kind, whichever rules let it go. */
export const Limit = z.strictObject({
  max: list(rate),
  /** Counted apart for each of these; one count for all without it. */
  by: z.enum(['all', 'category', 'capability', 'site', 'run', 'agent']).default('all'),
  on: On.default({}),
  tell: line.optional(),
  suggest: line.optional(),
})
export type Limit = z.infer<typeof Limit>

const byCapability = z.partialRecord(z.enum(Capability.options), count)
const byCategory = z.partialRecord(category, count)

/** Most execute steps, whoever let them go. */
export const Ceilings = z.strictObject({
  run: count.optional(),
  hour: count.optional(),
  day: z
    .union([
      count.transform((all) => ({ all, capability: undefined, category: undefined })),
      z.strictObject({
        all: count.optional(),
        capability: byCapability.optional(),
        category: byCategory.optional(),
      }),
    ])
    .optional(),
  budget: z.partialRecord(z.enum(Capability.options), list(budget)).optional(),
  /** Why the ceilings are as high as they are; raising one needs other words here. */
  evidence: line.optional(),
})
export type Ceilings = z.infer<typeof Ceilings>

export const Duplicates = z.strictObject({
  within: duration.default(3_600_000),
  /** The action of this number that is nearly the same within the time waits for a person, as does each
   * after it. */
  max: z.int().min(2).max(1000).default(3),
})
export type Duplicates = z.infer<typeof Duplicates>

const share = z.union([
  count.min(1).transform((errors) => ({ errors, share: null })),
  z
    .string()
    .regex(/^\d{1,2}(?:\.\d)?%$/, 'expected a number of errors, or a share as in `5%`')
    .transform((text) => ({ errors: null, share: Number(text.slice(0, -1)) / 100 })),
])

/** What counts as an error: a person's denial, an action taken back, one that failed, one of which
 * nobody knows what came of it, and an attempt to approve by something that is no person. */
export const ErrorKind = z.enum(['denied', 'undone', 'failed', 'unknown', 'forgery'])
export type ErrorKind = z.infer<typeof ErrorKind>

export const BreakerRule = z.strictObject({
  errors: share,
  of_last: z.int().min(1).max(10_000).default(50),
  at_least: z.int().min(1).max(10_000).default(20),
  within: duration.optional(),
  /** It opens for a rule or a site alone, or for everything. */
  per: list(z.enum(['policy', 'rule', 'site'])).default(['policy']),
  counts: list(ErrorKind).default([...ErrorKind.options]),
})
export type BreakerRule = z.infer<typeof BreakerRule>

const origin = z
  .string()
  .regex(
    /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/,
    'expected an origin in lower case and without a path, as in `https://crm.example.com`',
  )

/** Origins of production, each with the staging origin that stands in for it. */
export const Sandbox = z.record(origin, origin)

const Step = z.strictObject({
  above: money.optional(),
  role: line,
  people: z.int().min(1).max(9).default(1),
})
const approver = z.union([
  line.transform((role) => [{ above: undefined, role, people: 1 }]),
  z.array(Step).min(1).max(20),
])
/** By category, a role, or steps by amount: of those that apply the highest counts. */
export const Approvers = z.strictObject({
  communication: approver.optional(),
  financial: approver.optional(),
  personnel: approver.optional(),
  legal: approver.optional(),
  deletion: approver.optional(),
  other: approver.optional(),
} satisfies Record<Category, unknown>)
export type ApproverStep = z.infer<typeof Step>

/** Who may approve what. `name` is the name of the person's token. */
export const Person = z.strictObject({ name: line, roles: list(line) })
export type Person = z.infer<typeof Person>
/** Or a YAML file with that list, beside the policy. */
export const People = z.union([
  z.array(Person).min(1).max(1000),
  z.strictObject({ file: z.string().min(1).max(500) }),
])

const gives = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,59}$/, 'a fact has letters, digits and `_`'),
  z.enum(['string', 'int', 'double', 'bool', 'list']),
)
const provider = { gives, timeout: duration.optional(), cache: duration.optional() }

/** Where facts come from that a page cannot know; in conditions `context.NAME.FACT`. Texts may hold
 * `{page.host}`, `{page.url}`, `{run.id}`, `{run.agent}`, `{target.name}`, `{target.row}`,
 * `{field.LABEL}`, `{recipient}`. */
export const Provider = z.union([
  z.strictObject({ file: z.string().min(1).max(500), key: line.optional(), ...provider }),
  z.strictObject({ http: z.string().min(1).max(2000), auth: line.optional(), ...provider }),
  z.strictObject({ code: name, ...provider }),
])
export type Provider = z.infer<typeof Provider>
export const ContextProviders = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,59}$/, 'a name has letters, digits and `_`'),
  Provider,
)

const control = z.union([
  line.transform((named) => ({ role: undefined, name: named })),
  z.strictObject({ role: line.optional(), name: line }),
])
const field = z.strictObject({ label: line, value: z.string().max(2000) })
const Act = z.union([
  z.strictObject({ open: z.string().min(1).max(2000) }),
  z.strictObject({ click: control }),
  z.strictObject({ fill: field }),
  z.strictObject({ choose: field }),
  z.strictObject({ press: line }),
  /** Text that has to be on the page then. */
  z.strictObject({ expect: line }),
])
export type Act = z.infer<typeof Act>

/** How something is taken back, so that a program can do it. Texts may hold the same `{...}` as a
 * provider's. */
export const UndoRecipe = z.strictObject({
  url: z.string().min(1).max(2000),
  steps: z.array(Act).min(1).max(50),
  within: period.optional(),
  /** Where it is tried out: the staging host of `url` without it. */
  sandbox: z.string().min(1).max(2000).optional(),
})
export type UndoRecipe = z.infer<typeof UndoRecipe>
export const UndoRecipes = z.record(name, UndoRecipe)

export const Review = z.strictObject({
  every: duration.optional(),
  after: list(z.enum(['incident'])).optional(),
  role: line.optional(),
})
export type Review = z.infer<typeof Review>
