import type { Provider } from '#shared/policy/schema-limits.ts'

/** Longest text, and most entries of a list, that one fact may be. */
const TEXT_LIMIT = 2000
const LIST_LIMIT = 200

/** Facts by name. */
export type Facts = Readonly<Record<string, unknown>>

/** The facts that a provider promises, checked, and nothing else of what it said. Throws where one is
 * missing or of another type: what is half known is unknown. */
export function checkFacts(gives: Provider['gives'], answer: unknown): Facts {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new Error('the answer is no JSON object with facts')
  const said = new Map<string, unknown>(Object.entries(answer))
  const facts = new Map<string, unknown>()
  for (const [name, type] of Object.entries(gives)) {
    const value = said.get(name)
    if (value === undefined || value === null) throw new Error(`the fact \`${name}\` is missing`)
    if (!fits[type](value)) throw new Error(`the fact \`${name}\` is no ${type}`)
    facts.set(name, value)
  }
  return Object.fromEntries(facts)
}

const fits: Readonly<Record<Provider['gives'][string], (value: unknown) => boolean>> = {
  string: isText,
  int: Number.isSafeInteger,
  double: Number.isFinite,
  bool: (value) => typeof value === 'boolean',
  list: (value) => Array.isArray(value) && value.length <= LIST_LIMIT && value.every(isPlain),
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= TEXT_LIMIT
}

function isPlain(value: unknown): boolean {
  return isText(value) || Number.isFinite(value) || typeof value === 'boolean'
}
