import { parse } from 'yaml'
import * as z from 'zod'
import { meanings } from './meanings/meanings.ts'
import { PolicyFile } from './schema.ts'

/** A JSON Schema, as far as it is looked into here. */
export interface JsonSchema {
  [word: string]: unknown
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  anyOf?: JsonSchema[]
  additionalProperties?: JsonSchema | false
  propertyNames?: JsonSchema
}

/** The JSON Schema of holdpoint.yaml (draft 2020-12), for editors: what may be written, with what it
 * means and an example at every word. It takes everything that `load` takes; what it cannot say (two
 * rules of one id, a pattern that does not parse) only `load` refuses. */
export function policyJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(PolicyFile, { io: 'input' })
  return { $schema, title: 'Holdpoint policy', ...explained(schema, '') }
}

function explained(schema: object, place: string): JsonSchema {
  return walk(JSON.parse(JSON.stringify(schema)), place)
}

/** `limits` take the same `on` as rules; it stands there once. */
const SAME: Readonly<Record<string, string>> = {
  'limits.on': '#/properties/rules/items/properties/on',
}

/** The schema with the meaning of every word below `place`. Lists, alternatives and maps with names of
 * the author's own are no places of their own. */
function walk(schema: JsonSchema, place: string): JsonSchema {
  const { properties, items, anyOf, additionalProperties, propertyNames, ...rest } = schema
  const names = z.array(z.string()).safeParse(propertyNames?.enum)
  if (names.success && additionalProperties)
    return {
      ...rest,
      properties: Object.fromEntries(
        names.data.map((name) => [name, walk(additionalProperties, place)]),
      ),
      additionalProperties: false,
    }
  return {
    ...rest,
    ...(anyOf ? { anyOf: anyOf.map((one) => walk(one, place)) } : {}),
    ...(items ? { items: walk(items, place) } : {}),
    ...(properties ? { properties: each(properties, place) } : {}),
    ...(propertyNames ? { propertyNames } : {}),
    ...(additionalProperties ? { additionalProperties: walk(additionalProperties, place) } : {}),
    ...(additionalProperties === false ? { additionalProperties } : {}),
  }
}

function each(properties: Record<string, JsonSchema>, place: string): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(properties).map(([word, schema]) => {
      const path = place === '' ? word : `${place}.${word}`
      // A word without a meaning is one of a vocabulary, such as a category: no place of its own.
      return [word, { ...meant(path), ...below(schema, meanings[path] ? path : place) }]
    }),
  )
}

function meant(path: string): JsonSchema {
  const meaning = meanings[path]
  if (meaning === undefined) return {}
  return { description: meaning[0], examples: [parse(meaning[1])] }
}

function below(schema: JsonSchema, path: string): JsonSchema {
  const same = SAME[path]
  return same === undefined ? walk(schema, path) : { $ref: same, default: {} }
}
