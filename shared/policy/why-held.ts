import type { Decision } from '#shared/protocol/decision.ts'
import type { Mode } from '#shared/protocol/words.ts'
import { decision } from './decision.ts'
import { candidates, expired } from './match.ts'
import { mayCollapse, NEVER_ALLOWED } from './never-collapse.ts'
import type { Policy, Rule, Test } from './policy.ts'
import type { Subject } from './subject.ts'

/** Allow rules that would have matched but for one thing. */
export interface Missed {
  /** The category never collapses, and the rule does not acknowledge it. */
  readonly unacknowledged: Rule[]
  /** The condition could not be evaluated. */
  readonly erring: Rule[]
}

/** The hold that follows where no rule allows: why, and what would have had to be true. */
export function whyHeld(policy: Policy, subject: Subject, missed: Missed, place: Mode): Decision {
  const { category } = subject.c
  const blocked = least(missed.unacknowledged)
  if (blocked) {
    const never = NEVER_ALLOWED.has(category)
    const reason = never
      ? `A person always decides in category \`${category}\`, whatever rule \`${blocked.id}\` says`
      : `Rule \`${blocked.id}\` does not acknowledge category \`${category}\`, so a person decides`
    const made = decision(subject, 'hold', 'never-collapse', place, reason)
    return { ...made, wouldNeed: never ? [] : [acknowledgement(blocked, category)] }
  }
  const erring = least(missed.erring)
  if (erring) {
    const source = erring.condition?.source ?? ''
    const reason = `Rule \`${erring.id}\` does not apply because its condition \`${source}\` could not be evaluated, so a person decides`
    const made = decision(subject, 'hold', 'condition-error', place, reason)
    return { ...made, wouldNeed: [`\`${source}\` to be true`] }
  }
  return byDefault(policy, subject, place)
}

function byDefault(policy: Policy, subject: Subject, place: Mode): Decision {
  const near = nearest(policy, subject)
  const onlyUndo = near?.failed.every(({ field }) => field === 'reversible' || field === 'undo')
  if (near && onlyUndo && near.rule.reversibleOnly) {
    const reason = `Rule \`${near.rule.id}\` allows only what can be undone, so a person decides`
    const made = decision(subject, 'hold', 'reversible-only', place, reason)
    return { ...made, wouldNeed: needs(near, subject) }
  }
  const made = decision(
    subject,
    'hold',
    'review-gate',
    place,
    'No rule allows this, so a person decides',
  )
  return { ...made, wouldNeed: near ? needs(near, subject) : general(subject) }
}

/** An allow rule and what keeps it from matching. */
interface Near {
  readonly rule: Rule
  readonly failed: readonly Test[]
}

/** The allow rule for this place and kind of action that fails on the fewest fields; of several the
 * first by id. Personnel and legal have none. */
function nearest(policy: Policy, subject: Subject): Near | null {
  if (NEVER_ALLOWED.has(subject.c.category)) return null
  let best: Near | null = null
  for (const rules of candidates(policy.index.allow, subject, 'allow'))
    for (const rule of rules) {
      if (expired(rule, subject.facts.now)) continue
      const failed = failing(rule, subject, best?.failed.length ?? 3)
      if (failed === null) continue
      const better = best === null || failed.length < best.failed.length
      if (better || (failed.length === best?.failed.length && rule.id < best.rule.id))
        best = { rule, failed }
    }
  return best
}

/** Fields that fail; null where there are more than `limit`, for such a rule is about other things. */
function failing(rule: Rule, subject: Subject, limit: number): Test[] | null {
  const failed: Test[] = []
  for (const test of rule.tests) {
    if (test.passes(subject)) continue
    if (failed.length === limit) return null
    failed.push(test)
  }
  return failed
}

function needs({ rule, failed }: Near, subject: Subject): string[] {
  const wants = failed.map((test) => `${test.wants} (is ${test.is(subject)})`)
  if (rule.condition && rule.condition.evaluate(subject) !== true)
    wants.push(`\`${rule.condition.source}\` to be true`)
  if (!mayCollapse(subject.c.category, rule.acknowledge))
    wants.push(acknowledgement(rule, subject.c.category))
  return wants
}

function acknowledgement(rule: Rule, category: string): string {
  return `\`acknowledge: [${category}]\` in rule \`${rule.id}\``
}

function general({ c }: Subject): string[] {
  if (NEVER_ALLOWED.has(c.category)) return []
  const acknowledged = mayCollapse(c.category, new Set())
    ? ''
    : ` and \`acknowledge: [${c.category}]\``
  return [
    `a rule that allows \`${c.capability}\` here, in category \`${c.category}\`${acknowledged}`,
  ]
}

function least(rules: readonly Rule[]): Rule | undefined {
  return rules.toSorted((a, b) => (a.id < b.id ? -1 : 1))[0]
}
