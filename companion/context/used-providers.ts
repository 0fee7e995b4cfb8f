import type { Policy } from '#shared/policy/policy.ts'
import type { Provider } from '#shared/policy/schema-limits.ts'

/** The providers of a policy that some condition reads, by name. The others are never asked. */
export function usedProviders({ context, rules }: Policy): ReadonlyMap<string, Provider> {
  const read = new Set(rules.flatMap(({ condition }) => condition?.providers ?? []))
  return new Map([...context].filter(([name]) => read.has(name)))
}
