import * as z from 'zod/mini'
import { Mode } from './words.ts'

const amounts = z.nullable(z.record(z.string(), z.number()))

export const Keys = z.array(z.string())

/** What is stored of a step besides its number and its time; see shared/policy/history.ts. */
export const StepDoc = z.strictObject({
  mode: Mode,
  keys: Keys,
  amounts,
  likeness: z.strictObject({ kind: z.string(), recipients: z.array(z.string()), text: z.string() }),
})
export type StepDoc = z.infer<typeof StepDoc>

/** What went wrong with an action, or was denied by a person. */
export const FaultKind = z.enum(['denied', 'undone', 'failed', 'unknown', 'forgery'])
export type FaultKind = z.infer<typeof FaultKind>
