import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { allowedBy } from './allowed.ts'
import { putApprover } from './approver.ts'
import { aboveCeilings } from './ceilings.ts'
import { decision } from './decision.ts'
import { duplicate, type Repeated, repeatedIn } from './duplicates.ts'
import type { History } from './history.ts'
import { aboveLimits } from './limits.ts'
import { Meter } from './meter.ts'
import type { Facts, Policy } from './policy.ts'
import { standing } from './restrain-rules.ts'
import { onProduction } from './sandbox.ts'
import type { Shortfall } from './shortfall.ts'
import { subjectOf } from './staged.ts'
import type { Subject } from './subject.ts'

/** A decision with what has happened before taken into account. */
export interface Restrained {
  readonly decision: Decision
  /** Audit id of the promotion that lets it go, to be spent with it. */
  readonly promotion: string | null
}

/** Takes into account what `decide` cannot know: limits, budgets, ceilings, duplicates, what a rule has
 * earned, staging first. Pure, and only ever tightens, except that a promotion lets go on production
 * what a person has reviewed on staging. `history` is that of the decision's mode. */
export function restrain(
  policy: Policy,
  given: Decision,
  d: Descriptor,
  c: Classification,
  facts: Facts,
  history: History,
): Restrained {
  if (!policy.restrains || given.pattern === 'read' || given.kind === 'deny')
    return { decision: given, promotion: null }
  const subject = subjectOf(policy, d, c, facts)
  const made = onProduction(policy, given, subject, history)
  if (made?.promotion) return made
  const meter = new Meter(history, subject)
  const repeated = policy.duplicates && repeatedIn(policy.duplicates, meter)
  const held = made?.decision ?? (given.kind === 'hold' ? given : null)
  if (held === null) return { decision: byHistory(policy, given, meter, repeated), promotion: null }
  if (made) putApprover(policy, subject, held)
  return { decision: remarked(held, repeated), promotion: null }
}

/** An allow, or the hold that follows from what went before. */
function byHistory(
  policy: Policy,
  given: Decision,
  meter: Meter,
  repeated: Repeated | null,
): Decision {
  const { subject } = meter
  const { rules, short } = standing(policy, given.rules, meter)
  const [first] = rules
  // Where no rule stands, what they lack comes first: the rest may be otherwise by then.
  const lacks = first === undefined ? short : []
  const always = [
    ...aboveCeilings(policy.ceilings, meter),
    ...aboveLimits(policy, meter),
    ...(policy.duplicates ? duplicate(policy.duplicates, repeated) : []),
  ]
  const [main] = [...lacks, ...always]
  if (main !== undefined) {
    const made = held(policy, given, subject, main, { lacks, always })
    return main.like ? made : remarked(made, repeated)
  }
  if (first === undefined || rules.length === given.rules.length) return given
  // The mode was the most cautious of all rules that match, and stays.
  return allowedBy(first, rules, subject, given.mode)
}

interface Why {
  /** One for each rule that matches; it is enough that one of them is otherwise. */
  readonly lacks: readonly Shortfall[]
  /** All of these have to be otherwise. */
  readonly always: readonly Shortfall[]
}

function held(
  policy: Policy,
  given: Decision,
  subject: Subject,
  main: Shortfall,
  { lacks, always }: Why,
): Decision {
  const made = decision(subject, 'hold', main.pattern, given.mode, main.reason)
  made.rules = [...new Set(lacks.flatMap(({ rules }) => rules))].toSorted()
  made.wouldNeed = [...lacks, ...always].map(({ need }) => need)
  if (given.undo !== undefined) made.undo = given.undo
  if (main.tell !== null) made.tell = main.tell
  if (main.suggest !== null) made.suggest = main.suggest
  if (main.batch !== null) made.batch = main.batch
  if (main.earning !== undefined) made.earning = main.earning
  if (main.like !== undefined) made.like = [...main.like]
  const wait = waitFor(lacks, always)
  if (wait !== null) made.retryAfter = wait
  putApprover(policy, subject, made)
  return made
}

/** Seconds after which it goes if nothing else happens; null where waiting does not help. */
function waitFor(lacks: readonly Shortfall[], always: readonly Shortfall[]): number | null {
  const some = lacks.map(({ retryAfter }) => retryAfter).filter((wait) => wait !== null)
  const all = always.map(({ retryAfter }) => retryAfter)
  if (lacks.length > 0) all.push(some.length > 0 ? Math.min(...some) : null)
  return all.reduce<number | null>(
    (longest, wait) => (longest === null || wait === null ? null : Math.max(longest, wait)),
    0,
  )
}

/** A held step that repeats others says so to the person. */
function remarked(held: Decision, repeated: Repeated | null): Decision {
  if (repeated === null) return held
  return { ...held, reason: `${held.reason}; it is ${repeated.says}`, like: [...repeated.like] }
}
