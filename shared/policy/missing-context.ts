import type { Rule } from './policy.ts'
import type { Subject } from './subject.ts'

/** `context.NAME` of the first provider that a rule's condition asks and that has no answer now; null
 * where that is not why the condition could not be evaluated. */
export function missingContext(rule: Rule | undefined, { facts }: Subject): string | null {
  const context = facts.context ?? {}
  const name = rule?.condition?.providers.find((provider) => !Object.hasOwn(context, provider))
  return name === undefined ? null : `context.${name}`
}
