import type { Decision, Pattern } from '#shared/protocol/decision.ts'
import type { Mode } from '#shared/protocol/words.ts'
import { decision } from './decision.ts'
import { expired } from './match.ts'
import { missingContext } from './missing-context.ts'
import { mayCollapse, NEVER_ALLOWED, NEVER_COLLAPSE } from './never-collapse.ts'
import type { Rule, Test } from './policy.ts'
import type { Subject } from './subject.ts'

/** Allow rules that would have matched but for one thing. */
export interface Missed {
  /** The category never collapses, and the rule does not acknowledge it. */
  readonly unacknowledged: Rule[]
  /** The condition could not be evaluated. */
  readonly erring: Rule[]
}

/** The hold that follows where none of the offered rules allows: why, and what would have had to be
 * true. */
export function whyHeld(
  offered: readonly Rule[],
  subject: Subject,
  missed: Missed,
  place: Mode,
): Decision {
  const { category } = subject.c
  const blocked = least(missed.unacknowledged)
  if (blocked) {
    const never = NEVER_ALLOWED.has(category)
    const reason = never
      ? `A person always decides in category \`${category}\`, whatever rule \`${blocked.id}\` says`
      : `Rule \`${blocked.id}\` does not acknowledge category \`${category}\`, so a person decides`
    const made = fallingShort(blocked, subject, 'never-collapse', place, reason)
    if (!never) made.wouldNeed.push(acknowledgement(blocked, category))
    return made
  }
  const erring = least(missed.erring)
  if (erring) return notEvaluated(erring, subject, place)
  return byDefault(offered, subject, place)
}

function notEvaluated(rule: Rule, subject: Subject, place: Mode): Decision {
  const source = rule.condition?.source ?? ''
  const missing = missingContext(rule, subject)
  const [pattern, because] =
    missing === null
      ? (['condition-error', `its condition \`${source}\` could not be evaluated`] as const)
      : (['context', `\`${missing}\` is not known now`] as const)
  const reason = `Rule \`${rule.id}\` does not apply because ${because}, so a person decides`
  const made = fallingShort(rule, subject, pattern, place, reason)
  if (missing !== null) made.wouldNeed.push(`\`${missing}\` to be known`)
  made.wouldNeed.push(`\`${source}\` to be true`)
  return made
}

function byDefault(offered: readonly Rule[], subject: Subject, place: Mode): Decision {
  const near = nearest(offered, subject)
  const made = (near && byNearest(near, subject, place)) ?? unruled(subject, place)
  made.wouldNeed = near ? needs(near, subject) : general(subject)
  return made
}

/** Where one rule is about this action but for a bound, or but for the way back, that is why. */
function byNearest({ rule, failed }: Near, subject: Subject, place: Mode): Decision | null {
  const onlyUndo = failed.every(({ field }) => field === 'reversible' || field === 'undo')
  if (onlyUndo && rule.reversibleOnly) {
    const reason = `Rule \`${rule.id}\` allows only what can be undone, so a person decides`
    return fallingShort(rule, subject, 'reversible-only', place, reason)
  }
  const [beyond] = failed.map((test) => test.beyond?.(subject))
  if (beyond === undefined || !failed.every((test) => test.beyond)) return null
  if (!mayCollapse(subject.c.category, rule.acknowledge)) return null
  if (rule.condition && rule.condition.evaluate(subject) !== true) return null
  const reason = `${beyond} that rule \`${rule.id}\` allows, so a person decides`
  return fallingShort(rule, subject, 'threshold', place, reason)
}

/** Held because of what one allow rule lacks; what it says to the agent counts. */
function fallingShort(
  rule: Rule,
  subject: Subject,
  pattern: Pattern,
  place: Mode,
  reason: string,
): Decision {
  const made = decision(subject, 'hold', pattern, place, reason)
  if (rule.tell !== null) made.tell = rule.tell
  if (rule.suggest !== null) made.suggest = rule.suggest
  return made
}

function unruled(subject: Subject, place: Mode): Decision {
  return decision(subject, 'hold', 'review-gate', place, UNRULED)
}

const UNRULED = 'No rule allows this, so a person decides'

/** An allow rule and what keeps it from matching. */
interface Near {
  readonly rule: Rule
  readonly failed: readonly Test[]
}

/** Most fields on which a rule may fail and still be about this action. */
const FAR = 3

/** The allow rule for this place and kind of action that fails on the fewest fields; of several the
 * first by id. Personnel and legal have none. */
function nearest(offered: readonly Rule[], subject: Subject): Near | null {
  if (NEVER_ALLOWED.has(subject.c.category)) return null
  let best: Rule | null = null
  let fewest = FAR
  for (const rule of offered) {
    if (expired(rule, subject.facts.now)) continue
    const failed = failures(rule, subject, fewest)
    if (failed > fewest || (failed === fewest && best !== null && best.id < rule.id)) continue
    best = rule
    fewest = failed
  }
  if (best === null) return null
  return { rule: best, failed: best.tests.filter((test) => !test.passes(subject)) }
}

/** How many fields fail, counted no further than one above `limit`. */
function failures(rule: Rule, subject: Subject, limit: number): number {
  let failed = 0
  for (const test of rule.unsettled) {
    if (test.passes(subject)) continue
    failed++
    if (failed > limit) break
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
  const acknowledged = NEVER_COLLAPSE.has(c.category) ? ` and \`acknowledge: [${c.category}]\`` : ''
  return [
    `a rule that allows \`${c.capability}\` here, in category \`${c.category}\`${acknowledged}`,
  ]
}

function least(rules: readonly Rule[]): Rule | undefined {
  return rules.length < 2 ? rules[0] : rules.toSorted((a, b) => (a.id < b.id ? -1 : 1))[0]
}
