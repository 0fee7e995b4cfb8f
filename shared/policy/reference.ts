import { type JsonSchema, policyJsonSchema } from './json-schema.ts'
import { meanings } from './meanings/meanings.ts'

/** The reference of holdpoint.yaml as Markdown: every word of the schema, in its order. */
export function policyReference(): string {
  return [
    '# holdpoint.yaml: reference',
    '',
    '<!-- Written from the schema: node scripts/generate-policy-docs.mjs -->',
    '',
    'Every word of the policy file. [README.md](README.md) shows what they are for;',
    '[holdpoint.schema.json](holdpoint.schema.json) is the same for editors. Words that are not here are',
    'errors. Where a list may stand, one value may stand alone.',
    '',
    '| kind of value | as in |',
    '|---|---|',
    ...KINDS.map(([kind, example]) => `| ${kind} | ${example} |`),
    ...sections(policyJsonSchema(), ''),
    '',
  ].join('\n')
}

const KINDS = [
  [
    'URL pattern',
    '`https://crm.example.com/tasks/**`; `*` within one label or segment, `**` across',
  ],
  ['money', '`50 USD`: a number and a currency of ISO 4217'],
  ['duration', '`30s`, `10m`, `1h`, `90d`, `2w`'],
  ['rate, budget', '`25/hour`, `3/10m`, `50/run`; `2000 USD/day`'],
  ['size', '`500 kB`, `2 MB`'],
  ['date', '`2027-01-31` (that day included, UTC) or `2027-01-31T18:00:00Z`'],
]

/** A table for the words at a place, then those below it, in the order of the schema. */
function sections(schema: JsonSchema, place: string): string[] {
  const words = wordsOf(schema)
  if (words.length === 0) return []
  const rows = words.map(([word, value, required]) => row(place, word, value, required))
  return [
    '',
    place === '' ? '## At the top' : `${'#'.repeat(Math.min(4, depth(place) + 1))} ${place}`,
    '',
    '| word | value | without it | what it says | example |',
    '|---|---|---|---|---|',
    ...rows,
    ...words.flatMap(([word, value]) => sections(value, place === '' ? word : `${place}.${word}`)),
  ]
}

function depth(place: string): number {
  return place.split('.').length
}

/** `some`: needed in one of the forms that may stand at the place. */
type Word = readonly [word: string, value: JsonSchema, required: boolean | 'some']

/** The words that may stand at a place, through lists, alternatives and maps with names of one's own;
 * the same word of two alternatives once. */
function wordsOf(schema: JsonSchema): Word[] {
  const required: unknown = schema.required
  const own = Object.entries(namedByAuthor(schema) ? {} : (schema.properties ?? {})).map(
    ([word, value]): Word => [word, value, Array.isArray(required) && required.includes(word)],
  )
  const forms = schema.anyOf ?? []
  const below = [
    ...forms.filter(({ properties }) => properties === undefined),
    ...(schema.items ? [schema.items] : []),
    ...(schema.additionalProperties ? [schema.additionalProperties] : []),
    ...(namedByAuthor(schema) ? Object.values(schema.properties ?? {}).slice(0, 1) : []),
  ]
  const all = [...own, ...below.flatMap((one) => wordsOf(one)), ...wordsOfForms(forms)]
  return all.filter(([word], index) => all.findIndex(([other]) => other === word) === index)
}

/** Of several maps that may stand there each has its words. */
function wordsOfForms(forms: readonly JsonSchema[]): Word[] {
  const maps = forms.filter(({ properties }) => properties !== undefined)
  const everywhere = (word: string) => maps.every(({ properties }) => properties?.[word])
  return maps.flatMap((map) =>
    wordsOf(map).map(
      ([word, value, required]): Word => [
        word,
        value,
        required && !everywhere(word) ? 'some' : required,
      ],
    ),
  )
}

/** A map by capability or category: its words are values, not words of the language. */
function namedByAuthor({ properties }: JsonSchema): boolean {
  return Object.values(properties ?? {}).every(({ description }) => description === undefined)
}

function row(place: string, word: string, value: JsonSchema, required: Word[2]): string {
  const path = place === '' ? word : `${place}.${word}`
  const [says = '', example = ''] = meanings[path] ?? []
  const without = required ? NEEDED[String(required)] : fallback(value.default)
  return `| \`${word}\` | ${cell(typeOf(value))} | ${without} | ${cell(says)} | ${cell(`\`${example}\``)} |`
}

const NEEDED: Readonly<Record<string, string>> = { true: '(needed)', some: '(one of these)' }

function fallback(value: unknown): string {
  if (value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0))
    return ''
  return cell(`\`${typeof value === 'string' ? value : JSON.stringify(value)}\``)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

/** What may stand there, in a few words. */
function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return 'as in a rule'
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  if (schema.anyOf) return [...new Set(alternatives(schema.anyOf))].join(' or ')
  if (Array.isArray(schema.enum)) return schema.enum.map((word) => `\`${word}\``).join(', ')
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'values'}`
  if (schema.type === 'object') return 'map'
  return SCALARS[String(schema.type)] ?? String(schema.type)
}

/** A value or a list of the same is told once. */
function alternatives(schemas: readonly JsonSchema[]): string[] {
  const [first, second] = schemas
  if (first && second?.items && typeOf(first) === typeOf(second.items))
    return [typeOf(first), 'a list']
  return schemas.map(typeOf)
}

const SCALARS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
}
