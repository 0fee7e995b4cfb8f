import type { Decision, Pattern } from '#shared/protocol/decision.ts'
import { decision } from './decision.ts'
import type { History } from './history.ts'
import type { Policy } from './policy.ts'
import { productionOf, productionTerms } from './staged.ts'
import type { Subject } from './subject.ts'

/** Holds by which the policy leaves a step to a person; the promotion is that person's word. A step
 * that is held for another cause, such as an open breaker, stays held. */
const LEFT_TO_A_PERSON: ReadonlySet<Pattern> = new Set<Pattern>([
  'review-gate',
  'reversible-only',
  'threshold',
  'never-collapse',
  'condition-error',
  'context',
  'phase',
])

/** What becomes of a step on production where the policy has a sandbox: held, unless a person has
 * promoted exactly these terms. Null for a step elsewhere, and for one that no promotion can lift. */
export function onProduction(
  policy: Policy,
  given: Decision,
  subject: Subject,
  history: History,
): { decision: Decision; promotion: string | null } | null {
  const [origin] = productionOf(policy, subject)
  if (origin === undefined) return null
  if (given.kind !== 'allow' && !LEFT_TO_A_PERSON.has(given.pattern)) return null
  const promotion = history.promoted(productionTerms(subject.d, subject.c))
  if (promotion !== null) {
    const reason = 'A person has reviewed this on staging and promoted it, for once'
    const made = decision(subject, 'allow', 'sandbox', given.mode, reason)
    return { decision: kept(made, given), promotion }
  }
  const staging = policy.sandbox.get(origin) ?? ''
  // A hold rule's own words say more.
  if (given.kind === 'hold' && given.rules.length > 0) return null
  const reason = `Steps on ${origin} are first taken on ${staging}, so a person decides`
  const made = decision(subject, 'hold', 'sandbox', given.mode, reason)
  made.wouldNeed.push(`the same step on ${staging}, reviewed and promoted by a person`)
  made.suggest = given.suggest ?? `Do it on ${staging}; a person promotes what was reviewed there.`
  if (given.tell !== undefined) made.tell = given.tell
  return { decision: kept(made, given), promotion: null }
}

/** The way back is the one that is known already. */
function kept(made: Decision, { undo }: Decision): Decision {
  return undo === undefined ? made : { ...made, undo }
}
