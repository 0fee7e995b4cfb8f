import { ceilingRates } from './ceilings.ts'
import { ordinalOf } from './duplicates.ts'
import { showDuration } from './duration.ts'
import { either } from './either.ts'
import type { Limit, Policy, Rule } from './policy.ts'
import { showWindow } from './rate.ts'

/** What else a rule asks, in the words of its sentence. */
export function ruleRestraints(rule: Rule): string[] {
  const { earned, verifiedMs, recipe, limits, budgets, suggest } = rule
  return [
    ...limits.map(({ max, window }) => `at most ${max} in ${showWindow(window)}`),
    ...budgets.map(
      ({ money, window }) => `at most ${money.text} in ${showWindow(window)} together`,
    ),
    ...(verifiedMs === null
      ? []
      : [
          `only while undo recipe ${recipe ?? ''} was tried out within ${showDuration(verifiedMs)}`,
        ]),
    ...(earned === null
      ? []
      : [
          `a person decides until ${earned.reviews} reviews are there with at most ${earned.errors} errors${earned.promote === 'auto' ? '' : ', and a person accepts that'}`,
        ]),
    ...(suggest === null ? [] : [`the agent may instead: ${suggest}`]),
  ]
}

const PHASES = {
  assisted: 'In this phase of the roll-out (assisted) a person decides about every execute step.',
  selective:
    'In this phase of the roll-out (selective) a rule lets go only what can be undone or what it has earned.',
} as const

/** What the policy as a whole asks of whatever a rule allows, a sentence each. */
export function policyRestraints(policy: Policy): string[] {
  const { phase, ceilings, duplicates, breaker, sandbox } = policy
  return [
    ...(phase === 'expanded' ? [] : [PHASES[phase]]),
    ...[...sandbox].map(
      ([production, staging]) =>
        `Steps for ${production} are taken on ${staging}; on ${production} itself only what a person has promoted goes ahead.`,
    ),
    ...policy.limits.map(limitSays),
    ...ceilingSays(ceilings),
    ...(duplicates === null
      ? []
      : [
          `The ${ordinalOf(duplicates.max)} action nearly the same within ${showDuration(duplicates.within)} waits for a person.`,
        ]),
    ...(breaker === null
      ? []
      : [
          `Everything waits for a person after ${breaker.errors.share === null ? breaker.errors.errors : `${Number((breaker.errors.share * 100).toFixed(1))} %`} errors of the last ${breaker.of_last}, until a person resets the breaker.`,
        ]),
  ]
}

function limitSays({ rates, by, says }: Limit): string {
  const most = rates.map(({ max, window }) => `${max} in ${showWindow(window)}`)
  const apart = by === 'all' ? '' : ` for each ${by}`
  return `At most ${most.join(' and ')} of ${says}${apart}; the rest waits for a person.`
}

function ceilingSays(ceilings: Policy['ceilings']): string[] {
  const rates = ceilingRates(ceilings).map(
    ({ of, rate }) => `${rate.max} ${of} in ${showWindow(rate.window)}`,
  )
  const budgets = [...ceilings.budgets].map(
    ([capability, all]) => `${either(all.map(({ text }) => text))} for ${capability} steps`,
  )
  const all = [...rates, ...budgets]
  return all.length === 0 ? [] : [`Never more without a person than ${all.join(', ')}.`]
}
