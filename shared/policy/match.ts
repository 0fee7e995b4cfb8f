import type { Rule, Test } from './policy.ts'
import type { Subject } from './subject.ts'
import { lasts } from './until.ts'

/** How a rule met an action. `error`: every field fits, and the condition could not be evaluated. */
export type Match = 'matched' | 'missed' | 'error'

/** Judges one rule by all its fields, cheap ones first, its condition last. */
export function match(rule: Rule, subject: Subject): Match {
  return judge(rule, rule.tests, subject)
}

/** Judges a rule that the index found, whose capability and category therefore fit. */
export function matchFound(rule: Rule, subject: Subject): Match {
  return judge(rule, rule.unsettled, subject)
}

function judge(rule: Rule, tests: readonly Test[], subject: Subject): Match {
  if (expired(rule, subject.facts.now)) return 'missed'
  for (const test of tests) if (!test.passes(subject)) return 'missed'
  if (rule.condition === null) return 'matched'
  const result = rule.condition.evaluate(subject)
  return result === 'error' ? 'error' : result ? 'matched' : 'missed'
}

/** An `until` in the past ends an allow rule, and a hold or deny rule without a mode. Where a hold
 * or deny rule has a mode, its trial ends and the rule itself stays. */
export function expired(rule: Rule, now: number): boolean {
  if (rule.until === null || lasts(rule.until, now)) return false
  if (rule.effect === 'allow') return true
  // An unreadable clock ends no restriction.
  return rule.mode === null && now >= rule.until.end
}
