import type { CelInput } from '@bufbuild/cel'
import type { Providers } from './condition-context.ts'
import type { Provider } from './schema-limits.ts'

type FactType = Provider['gives'][string]

/** What is known from context providers, as a condition reads it. A provider without an answer, a fact
 * that it did not give and one of another type than it said are left out: reading them is an error. */
export function contextValue(
  context: Readonly<Record<string, unknown>> | undefined,
  providers: Providers,
): CelInput {
  const known = new Map<string, CelInput>()
  for (const [name, { gives }] of providers) {
    const answer = context !== undefined && Object.hasOwn(context, name) ? context[name] : undefined
    if (typeof answer !== 'object' || answer === null) continue
    const facts = new Map<string, CelInput>()
    for (const [fact, given] of Object.entries(answer)) {
      const type = Object.hasOwn(gives, fact) ? gives[fact] : undefined
      const value = type && typed(type, given)
      if (value !== undefined) facts.set(fact, value)
    }
    known.set(name, facts)
  }
  return known
}

function typed(type: FactType, value: unknown): CelInput | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'bool':
      return typeof value === 'boolean' ? value : undefined
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'int':
      return Number.isSafeInteger(value) && typeof value === 'number' ? BigInt(value) : undefined
    case 'list':
      return Array.isArray(value) && value.every(isPlain) ? value : undefined
  }
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}
