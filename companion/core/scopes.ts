import { keys } from '#shared/policy/history.ts'
import { siteOf } from '#shared/policy/likeness.ts'
import { subjectOf } from '#shared/policy/staged.ts'
import type { Considered } from './judge.ts'

/** The scope of everything. */
export const EVERYTHING = 'policy'

/** The rules and the site that an action is about, as scopes of a breaker and as the keys that its step
 * has: `rule ID`, `site HOST`. */
export function scopesOf({ judgement, policy, facts }: Considered): string[] {
  const { descriptor, classification, decision } = judgement
  const rules = new Set(decision.rules)
  if (decision.earning) rules.add(decision.earning.rule)
  const site = siteOf(subjectOf(policy, descriptor, classification, facts))
  return [...[...rules].map(keys.rule), ...(site === '' ? [] : [keys.site(site)])]
}

/** The scope that a step's key is; null for a key that is none. */
export function scopeOfKey(key: string): string | null {
  if (key === keys.all) return EVERYTHING
  return /^(?:rule|site) \S+$/.test(key) ? key : null
}

/** The key that a scope's steps are counted by. */
export function keyOfScope(scope: string): string {
  return scope === EVERYTHING ? keys.all : scope
}
