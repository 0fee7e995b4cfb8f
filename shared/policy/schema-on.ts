import * as z from 'zod'
import { Capability, Door, Effect, Gesture, Provenance } from '#shared/protocol/words.ts'
import { bounds, bytes, category, glob, list, money, url } from './schema-parts.ts'

/** What an action has to be for a rule, or a limit, to be about it. */
export const On = z.strictObject({
  capability: list(z.enum(Capability.options)).optional(),
  category: list(category).optional(),
  verb: list(z.string().min(1).max(60)).optional(),
  effect: list(z.enum(Effect.options)).optional(),
  reversible: z.boolean().optional(),
  url: list(url).optional(),
  request: list(url).optional(),
  role: list(z.string().min(1).max(60)).optional(),
  name: list(glob).optional(),
  /** Labels of the fields that may differ from what the page came with, and only those. */
  fields: list(glob).optional(),
  /** Workflows that a run was started for. */
  tag: list(glob).optional(),
  provenance: list(z.enum(Provenance.options)).optional(),
  door: list(z.enum(Door.options)).optional(),
  gesture: list(z.enum(Gesture.options)).optional(),
  amount: z.strictObject({ max: list(money).optional(), min: list(money).optional() }).optional(),
  recipients: list(glob).optional(),
  recipient_count: bounds.optional(),
  rows: bounds.optional(),
  bytes: z.strictObject({ max: bytes.optional(), min: bytes.optional() }).optional(),
})
export type On = z.infer<typeof On>
