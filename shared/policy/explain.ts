import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { decide } from './decide.ts'
import { type RestraintExplanation, restraintsOn } from './explain-restraints.ts'
import { type History, noHistory } from './history.ts'
import { expired, match } from './match.ts'
import { Meter } from './meter.ts'
import { mayCollapse } from './never-collapse.ts'
import type { Facts, Policy, Rule, RuleEffect } from './policy.ts'
import { restrain } from './restrain.ts'
import { subjectOf } from './staged.ts'
import { isRead, type Subject } from './subject.ts'

/** Why a decision came out as it did: every rule of the policy, and where each one failed. */
export interface Explanation {
  readonly decision: Decision
  readonly rules: readonly RuleExplanation[]
  /** What else may hold it, and how near it is to that. */
  readonly restraints: readonly RestraintExplanation[]
}

export interface RuleExplanation {
  readonly id: string
  readonly effect: RuleEffect
  readonly line: number
  readonly says: string
  /** All fields fit and the condition holds, or counts as holding. */
  readonly matched: boolean
  /** Why a matching rule did not count, or why it counted without being evaluated. */
  readonly note: string | null
  /** What the rule wants and the action is not. */
  readonly failed: readonly {
    readonly field: string
    readonly wants: string
    readonly is: string
  }[]
}

/** Judges every rule, without the index, beside the decision itself. Without a `history` everything is
 * as if nothing had happened before. */
export function explain(
  policy: Policy,
  d: Descriptor,
  c: Classification,
  facts: Facts,
  history: History = noHistory,
): Explanation {
  const subject = subjectOf(policy, d, c, facts)
  const decided = decide(policy, d, c, facts)
  const { decision } = restrain(policy, decided, d, c, facts, history)
  const rules = policy.rules.map((rule) => explained(rule, subject))
  const open = policy.rules.filter(
    (rule, index) => rule.effect === 'allow' && rules[index]?.matched && rules[index].note === null,
  )
  const meter = new Meter(history, subject)
  const restraints = isRead(c) ? [] : restraintsOn(policy, open, meter)
  return { decision, rules, restraints }
}

function explained(rule: Rule, subject: Subject): RuleExplanation {
  const { id, effect, line, says } = rule
  const own = match(rule, subject)
  // An action on staging is judged by what is written for production too.
  const at = own === 'missed' && subject.twin !== null ? subject.twin : subject
  const result = at === subject ? own : match(rule, at)
  const matched = result === 'matched' || (result === 'error' && effect !== 'allow')
  const head = { id, effect, line, says, matched, note: noteOn(rule, at, result) }
  return { ...head, failed: failures(rule, at, result) }
}

function noteOn(rule: Rule, subject: Subject, result: ReturnType<typeof match>): string | null {
  if (isRead(subject.c)) return 'reads pass; no rule is asked'
  if (expired(rule, subject.facts.now)) return `ended (until ${rule.until?.text ?? ''})`
  if (result === 'error')
    return rule.effect === 'allow'
      ? 'its condition could not be evaluated, so it does not apply'
      : 'its condition could not be evaluated, so it counts as matched'
  const { category } = subject.c
  if (result === 'matched' && rule.effect === 'allow' && !mayCollapse(category, rule.acknowledge))
    return `it does not open category \`${category}\``
  return null
}

function failures(rule: Rule, subject: Subject, result: ReturnType<typeof match>) {
  const failed = rule.tests
    .filter((test) => !test.passes(subject))
    .map((test) => ({ field: test.field, wants: test.wants, is: test.is(subject) }))
  if (result === 'missed' && rule.condition && rule.condition.evaluate(subject) === false)
    failed.push({ field: 'if', wants: `\`${rule.condition.source}\` to be true`, is: 'false' })
  return failed
}
