import { isSeq } from 'yaml'
import type * as z from 'zod'
import { hint } from './did-you-mean.ts'
import { position } from './locate.ts'
import type { Problem } from './problem.ts'
import type { YamlText } from './read-yaml.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** Words by the place they stand in: the keys above, joined by dots, without list indices. */
export interface Vocabulary {
  readonly known: Readonly<Record<string, readonly string[]>>
  readonly later: Readonly<Record<string, readonly string[]>>
}

/** What a schema found wrong, in words, each at its place in the text. */
export function mistakes(
  yaml: YamlText,
  issues: readonly Issue[],
  vocabulary: Vocabulary,
): Problem[] {
  return issues.flatMap((issue) => explained(yaml, issue, [], vocabulary))
}

function explained(yaml: YamlText, issue: Issue, above: Path, vocabulary: Vocabulary): Problem[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union') {
    const branch = closest(issue.errors)
    if (branch) return branch.flatMap((inner) => explained(yaml, inner, path, vocabulary))
  }
  if (issue.code === 'unrecognized_keys' || issue.code === 'invalid_key')
    return unknownWords(yaml, path, issue, vocabulary)
  const value = yaml.document.getIn(path)
  if (value === undefined && issue.code !== 'custom') return [missing(yaml, path)]
  const [code, message] = wording(issue, value)
  return [{ code, message, ...position(yaml, path, 'value') }]
}

/** The branch of a union that the author meant: the one that got furthest into the value, and of
 * two the one that did not stop at its type. */
function closest(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const score = (branch: readonly Issue[]) =>
    Math.max(...branch.map(({ path, code }) => path.length * 2 + (code === 'invalid_type' ? 0 : 1)))
  return [...branches].sort((a, b) => score(b) - score(a))[0]
}

function place(path: Path): string {
  return path.filter((key) => typeof key === 'string').join('.')
}

function unknownWords(yaml: YamlText, path: Path, issue: Issue, vocabulary: Vocabulary): Problem[] {
  const inKey = issue.code === 'invalid_key'
  const words = issue.code === 'unrecognized_keys' ? issue.keys : [String(path[path.length - 1])]
  const map = inKey ? path.slice(0, -1) : path
  const where = place(map)
  const known = vocabulary.known[where] ?? []
  return words.map((word) => {
    const later = (vocabulary.later[where] ?? []).includes(word)
    const message = later
      ? `\`${word}\` is not supported by this version`
      : `unknown word \`${word}\`${hint(word, known) || `; expected ${listed(known)}`}`
    const code = later ? 'later-version' : 'unknown-word'
    return { code, message, ...position(yaml, [...map, word], 'key') }
  })
}

function missing(yaml: YamlText, path: Path): Problem {
  const message =
    path.length === 0 ? 'the file is empty' : `\`${String(path[path.length - 1])}\` is missing`
  return { code: 'missing-word', message, ...position(yaml, path.slice(0, -1), 'value') }
}

function wording(issue: Issue, value: unknown): [code: string, message: string] {
  const is = shown(value)
  switch (issue.code) {
    case 'invalid_value': {
      const known = issue.values.map(String)
      const near = typeof value === 'string' ? hint(value, known) : ''
      return ['wrong-value', `${is} is not one of ${listed(known)}${near}`]
    }
    case 'invalid_type':
      return ['wrong-type', wrongType(issue, value)]
    case 'too_small':
      return ['wrong-value', `${is} is too small; expected at least ${String(issue.minimum)}`]
    case 'too_big':
      return ['wrong-value', `${is} is too large; expected at most ${String(issue.maximum)}`]
    case 'custom':
      return [String(issue.params?.code ?? 'wrong-value'), issue.message]
    default:
      return ['wrong-value', `${is} does not fit: ${issue.message}`]
  }
}

/** Names of the schema's types as a person would say them. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  int: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
}

function wrongType(issue: Issue & { code: 'invalid_type' }, value: unknown): string {
  // Types whose text has a form of its own say in the schema what they look like.
  if (issue.message.startsWith('expected ')) return `${issue.message}, found ${shown(value)}`
  const wanted = TYPES[issue.expected] ?? issue.expected
  const text = issue.expected === 'string' && value !== null && typeof value !== 'object'
  return `expected ${wanted}, found ${shown(value)}${text ? `; write \`"${value}"\`` : ''}`
}

function shown(value: unknown): string {
  if (value === null) return 'nothing'
  if (isSeq(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  const text = String(value)
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``
}

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ')
}
