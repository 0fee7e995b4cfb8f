import * as z from 'zod'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Amount, Descriptor } from '#shared/protocol/descriptor.ts'
import { Capability, Category, Door, Effect, Gesture, Provenance } from '#shared/protocol/words.ts'
import { parseMoney } from './currency.ts'
import { bytes } from './schema-parts.ts'

const text = z.string().max(500)

/** One action in a few words, for the cases of `holdpoint policy test`: what is left out is plain,
 * an irreversible change by an agent on https://app.example.com/. */
export const Action = z.strictObject({
  capability: z.enum(Capability.options).default('update'),
  category: z.enum(Category.options).default('other'),
  effect: z.enum(Effect.options).default('irreversible'),
  verb: text.optional(),
  undo: text.optional(),
  url: text.default('https://app.example.com/'),
  top_url: text.optional(),
  role: text.default('button'),
  name: text.default('Save'),
  row: text.optional(),
  provenance: z.enum(Provenance.options).default('agent'),
  door: z.enum(Door.options).default('extension'),
  gesture: z.enum(Gesture.options).default('click'),
  /** `30 USD`; any other text is an amount that could not be read. */
  amount: z.union([text.transform((one) => [one]), z.array(text)]).default([]),
  recipients: z.array(text).default([]),
  rows: z.int().min(0).nullable().default(null),
  /** Size of what would leave the browser: `2 MB`, `unknown`, or none at all. */
  bytes: z.union([z.literal('unknown').transform(() => null), bytes]).optional(),
  /** Form fields by label. */
  fields: z.record(text, text).optional(),
  /** Labels of those that differ from what the page came with; without it nobody knows. */
  changed: z.array(text).optional(),
  /** Where the form posts to; the page itself where it is left out. */
  form_action: text.optional(),
  link: text.optional(),
  /** A request that is judged by itself, as `POST https://app.example.com/log`. */
  request: z
    .string()
    .regex(/^[A-Z]+ \S+$/, 'expected a method and an address, as `POST https://…`')
    .optional(),
  run: text.optional(),
  agent: text.optional(),
  /** The workflow that the run is for. */
  tag: text.optional(),
})
export type Action = z.infer<typeof Action>

/** The Descriptor and the Classification that an action stands for. */
export function actionOf(action: Action): {
  descriptor: Descriptor
  classification: Classification
} {
  const { capability, category, effect, verb, undo } = action
  return {
    descriptor: descriptorOf(action),
    classification: {
      capability,
      category,
      effect,
      signals: [],
      ...(verb === undefined ? {} : { verb }),
      ...(undo === undefined ? {} : { undo: { path: undo } }),
    },
  }
}

function descriptorOf(action: Action): Descriptor {
  const { url, top_url: topUrl, role, name, row, door, provenance, gesture, link } = action
  return {
    door,
    provenance,
    gesture,
    page: {
      url,
      title: '',
      top: topUrl === undefined,
      ...(topUrl === undefined ? {} : { topUrl }),
    },
    target: {
      role,
      name,
      tag: 'button',
      path: 'button',
      hints: [],
      ...(row === undefined ? {} : { row }),
    },
    ...(link === undefined ? {} : { link: { href: link, scheme: link.split(':')[0] ?? '' } }),
    ...form(action),
    ...request(action.request),
    ...run(action),
    terms: {
      amounts: action.amount.map(amount),
      recipients: action.recipients,
      rows: action.rows,
      ...(action.bytes === undefined
        ? {}
        : { bytes: action.bytes === null ? null : action.bytes.bytes }),
    },
  }
}

function run({ run: id, agent, tag }: Action): Pick<Descriptor, 'run'> {
  if (id === undefined && agent === undefined && tag === undefined) return {}
  return { run: { id: id ?? 'run_1', ...(agent && { agent }), ...(tag && { tag }) } }
}

function form({ fields, changed, form_action: action, url }: Action): Pick<Descriptor, 'form'> {
  if (fields === undefined && action === undefined) return {}
  const filled = Object.entries(fields ?? {}).map(([label, value]) => ({
    label,
    name: label,
    type: 'text',
    value,
    secret: false,
    ...(changed && { changed: changed.includes(label) }),
  }))
  return { form: { method: 'post', action: action ?? url, fields: filled } }
}

function request(text: string | undefined): Pick<Descriptor, 'request'> {
  const [method, url] = text?.split(' ') ?? []
  return method && url ? { request: { method, url, kind: 'fetch' } } : {}
}

function amount(text: string): Amount {
  const money = parseMoney(text)
  return typeof money === 'string'
    ? { currency: null, minor: null, text }
    : { currency: money.currency, minor: money.minor, text }
}
