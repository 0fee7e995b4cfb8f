import { limitMeanings } from './limits.ts'
import { onMeanings } from './on.ts'
import { partMeanings } from './parts.ts'
import { ruleMeanings } from './rules.ts'

/** What a word of holdpoint.yaml means, and its value in an example, as YAML. */
export type Meaning = readonly [says: string, example: string]

/** By the place a word stands in: the words above it, joined by dots. The published JSON Schema and the
 * reference are made of these and of the schema itself. */
export const meanings: Readonly<Record<string, Meaning>> = {
  ...partMeanings,
  ...ruleMeanings,
  ...onMeanings,
  ...limitMeanings,
}
