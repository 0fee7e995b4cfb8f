import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { defaultPolicy } from '#shared/policy/default-policy.ts'
import { type JsonSchema, policyJsonSchema } from '#shared/policy/json-schema.ts'
import { meanings } from '#shared/policy/meanings/meanings.ts'
import { readYaml } from '#shared/policy/read-yaml.ts'
import { policyReference } from '#shared/policy/reference.ts'
import { Capability, Category } from '#shared/protocol/words.ts'

const root = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const schema: JsonSchema = JSON.parse(read('shared/policy/holdpoint.schema.json'))
const ajv = new Ajv2020({ allErrors: true, strictTypes: false })
const valid = ajv.addSchema(schema, 'policy').compile({ $ref: 'policy' })

/** A policy as plain values; undefined where it is no YAML at all. */
function parsed(text: string): unknown {
  const yaml = readYaml(text)
  return yaml.ok ? yaml.yaml.value : undefined
}

/** Every word of the schema: the place it stands in, and where in the schema. */
function words(one: JsonSchema, pointer: string, place: string): [string, JsonSchema, string][] {
  const forms = (one.anyOf ?? []).map((form, index) => [form, `/anyOf/${index}`] as const)
  const inside = [
    ...forms,
    ...(one.items ? [[one.items, '/items'] as const] : []),
    ...(one.additionalProperties
      ? [[one.additionalProperties, '/additionalProperties'] as const]
      : []),
  ]
  return [
    ...Object.entries(one.properties ?? {}).flatMap(([word, value]) => {
      const at = `${pointer}/properties/${word}`
      const named = value.description === undefined && VOCABULARY.has(word)
      const path = named ? place : place === '' ? word : `${place}.${word}`
      const below = words(value, at, path)
      return named ? below : [[path, value, at] satisfies [string, JsonSchema, string], ...below]
    }),
    ...inside.flatMap(([form, at]) => words(form, `${pointer}${at}`, place)),
  ]
}
const VOCABULARY = new Set<string>([...Capability.options, ...Category.options])
const all = words(schema, 'policy#', '')

describe('what is published about the policy file', () => {
  const stale = 'run `node scripts/generate-policy-docs.mjs`'
  it('is the schema in force', () => {
    expect(schema, stale).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())))
    expect(read('shared/policy/reference.md'), stale).toBe(policyReference())
  })

  it('says of every word what it means, and of no other', () => {
    const bare = all.filter(([, { description, examples }]) => !description || !examples)
    expect(bare.map(([path]) => path)).toEqual([])
    const known = new Set(all.map(([path]) => path))
    expect(Object.keys(meanings).filter((path) => !known.has(path))).toEqual([])
  })

  it('gives examples that may stand where they are', () => {
    const wrong = all.flatMap(([path, { examples }, at]) => {
      const fits = ajv.compile({ $ref: at })
      return Array.isArray(examples) && examples.every((one) => fits(one)) ? [] : [path]
    })
    expect(wrong).toEqual([])
  })

  it('names every word in the reference', () => {
    const page = read('shared/policy/reference.md')
    const missing = all.filter(([path]) => !page.includes(`\n| \`${path.split('.').at(-1)}\` |`))
    expect(missing).toEqual([])
  })
})

/** Policies of a folder and the folders below it, by path. */
function policies(folder: string): [string, string][] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.cases.yaml'))
    .map((name): [string, string] => [name, read(join(folder, name))])
}

describe('the JSON Schema', () => {
  const good = policies('test/policies').filter(([name]) => !name.startsWith('bad'))
  for (const [name, text] of [...good, ['the default policy', defaultPolicy] as const])
    it(`takes ${name}`, () => {
      valid(parsed(text))
      expect(valid.errors ?? []).toEqual([])
    })

  /** Mistakes that a schema can tell; the others stand in the meaning of texts or between words. */
  const STRUCTURAL = new Set(['unknown-word', 'later-version', 'wrong-type', 'missing-word'])
  const bad = policies('test/policies/bad')
    .map(([name, text]) => ({ name, value: parsed(text), text }))
    .filter(({ value }) => value !== undefined)
    .filter(({ text }) =>
      [...text.matchAll(/^# expect \S+ (\S+)/gm)].some(([, code]) => STRUCTURAL.has(code ?? '')),
    )
  for (const { name, value } of bad) it(`refuses ${name}`, () => expect(valid(value)).toBe(false))

  it('is tried on several', () => {
    expect(good.length).toBeGreaterThan(3)
    expect(bad.length).toBeGreaterThan(3)
  })
})
