import * as z from 'zod/mini'
import { Capability, Category, Effect } from './words.ts'

/** One reason to believe something about a Descriptor. `says` is a short sentence for people. */
export const Signal = z.strictObject({
  id: z.string(),
  says: z.string(),
})
export type Signal = z.infer<typeof Signal>

/** How an effect can be taken back: where to click, and for how long that works (`30d`). */
export const Undo = z.strictObject({
  path: z.string(),
  within: z.optional(z.string()),
  /** Name of the policy's recipe by which a program can take it back. */
  recipe: z.optional(z.string()),
})
export type Undo = z.infer<typeof Undo>

/** The classifier's judgement. `read` with effect `none` passes; everything else is an execute step.
 * Effect `unknown` means signs of an effect without knowing which, and is held. */
export const Classification = z.strictObject({
  capability: Capability,
  category: Category,
  effect: Effect,
  /** The word that decided, normalised to English (`refund`, `send`), where words decided. */
  verb: z.optional(z.string()),
  undo: z.optional(Undo),
  signals: z.array(Signal),
})
export type Classification = z.infer<typeof Classification>
