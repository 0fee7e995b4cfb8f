import type { Decision } from '#shared/protocol/decision.ts'
import { showMoney } from './currency.ts'
import type { Policy } from './policy.ts'
import type { ApproverStep } from './schema-limits.ts'
import type { Subject } from './subject.ts'

/** Says who has to approve a held action, where the policy names somebody for its category. */
export function putApprover(policy: Policy, subject: Subject, made: Decision): void {
  const steps = policy.approvers[subject.c.category]
  const step = steps && highest(steps, subject)
  if (!step) return
  made.approver = step.role
  if (step.people > 1) made.people = step.people
  if (step.above)
    made.wouldNeed.push(
      `at most ${showMoney(step.above.minor, step.above.currency)}, for another approver`,
    )
}

/** Of the steps that apply, the one with the highest amount. An amount that nobody could read, or in a
 * currency without a step, is above every step. */
function highest(steps: readonly ApproverStep[], subject: Subject): ApproverStep | undefined {
  const applies = steps.filter(({ above }) => above === undefined || isAbove(above, steps, subject))
  return applies.reduce<ApproverStep | undefined>((best, step) => {
    if (best === undefined) return step
    const [one, other] = [step.above?.minor ?? -1, best.above?.minor ?? -1]
    return one > other || (one === other && step.people > best.people) ? step : best
  }, undefined)
}

function isAbove(
  limit: NonNullable<ApproverStep['above']>,
  steps: readonly ApproverStep[],
  subject: Subject,
): boolean {
  const amounts = subject.amounts()
  if (typeof amounts === 'string') return amounts === 'unknown'
  for (const [currency, minor] of amounts) {
    const own = steps.some(({ above }) => above?.currency === currency)
    if (!own || (currency === limit.currency && minor > limit.minor)) return true
  }
  return false
}
