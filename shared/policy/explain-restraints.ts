import { ceilingsFor } from './ceilings.ts'
import { showMoney } from './currency.ts'
import { ordinalOf, repeatedIn } from './duplicates.ts'
import { showDuration } from './duration.ts'
import { earningOf, showEarning } from './earned.ts'
import { keys } from './history.ts'
import { showLimited } from './limits.ts'
import type { Meter } from './meter.ts'
import type { Policy, Rule } from './policy.ts'
import { type Budget, type Rate, showWindow } from './rate.ts'
import { unverified } from './restrain-rules.ts'
import { productionOf, productionTerms } from './staged.ts'
import { fits, limitKey } from './step.ts'

/** What may hold an action that a rule allows, and how near it is to that. */
export interface RestraintExplanation {
  readonly kind:
    | 'limit'
    | 'budget'
    | 'ceiling'
    | 'duplicate'
    | 'earned'
    | 'undo'
    | 'sandbox'
    | 'phase'
  /** The rule that it belongs to; null where it is the whole policy's. */
  readonly rule: string | null
  /** `25 in an hour; 3 have gone`. */
  readonly says: string
  /** It holds this action now. */
  readonly holds: boolean
}

type Explained = Omit<RestraintExplanation, 'rule'>

/** What else than the rules' own words decides about an action: of the allow rules that match it, and
 * of the policy as a whole. */
export function restraintsOn(
  policy: Policy,
  matching: readonly Rule[],
  meter: Meter,
): RestraintExplanation[] {
  const whole = [
    ...phase(policy, matching),
    ...sandbox(policy, meter),
    ...ceilings(policy, meter),
    ...limits(policy, meter),
    ...duplicates(policy, meter),
  ]
  return [
    ...matching.flatMap((rule) =>
      ofRule(policy, rule, meter).map((one) => ({ ...one, rule: rule.id })),
    ),
    ...whole.map((one) => ({ ...one, rule: null })),
  ]
}

function ofRule(policy: Policy, rule: Rule, meter: Meter): Explained[] {
  const key = keys.rule(rule.id)
  const earning = earningOf(rule, meter.history, meter.subject.facts.now)
  return [
    ...(earning
      ? [
          {
            kind: 'earned' as const,
            says: `${showEarning(earning.progress)}${earning.progress.proposed ? '; waits for a person to accept it' : ''}`,
            holds: !earning.earned,
          },
        ]
      : []),
    ...(rule.verifiedMs === null
      ? []
      : [
          {
            kind: 'undo' as const,
            says: `recipe \`${rule.recipe ?? ''}\` tried out within ${showDuration(rule.verifiedMs)}`,
            holds: unverified(policy, rule, meter) !== null,
          },
        ]),
    ...rule.limits.map((rate) => counted('limit', key, rate, meter)),
    ...rule.budgets.map((budget) => spent(key, budget, rule.budgets, meter)),
  ]
}

function counted(
  kind: 'limit' | 'ceiling',
  key: string,
  rate: Rate,
  meter: Meter,
  what = '',
): Explained {
  const gone = meter.gone(key, rate.window)
  const has = gone === 1 ? '1 has gone' : `${gone} have gone`
  return {
    kind,
    says: `${rate.max}${what} in ${showWindow(rate.window)}; ${has}`,
    holds: gone >= rate.max,
  }
}

function spent(key: string, budget: Budget, budgets: readonly Budget[], meter: Meter): Explained {
  const { money, window } = budget
  const gone = meter.spent(key, budget)
  const has =
    gone === null
      ? 'nobody can tell how much has gone'
      : `${showMoney(gone, money.currency)} has gone`
  return {
    kind: 'budget',
    says: `${showMoney(money.minor, money.currency)} in ${showWindow(window)}; ${has}`,
    holds: meter.overspent(key, beside(budget, budgets))?.text === budget.text,
  }
}

/** A budget and those in other currencies: an amount in one of theirs is none of its business. */
function beside(budget: Budget, budgets: readonly Budget[]): Budget[] {
  return budgets.filter((one) => one === budget || one.money.currency !== budget.money.currency)
}

function phase({ phase: now }: Policy, matching: readonly Rule[]): Explained[] {
  if (now === 'expanded') return []
  const open = matching.some((rule) => rule.reversibleOnly || rule.earned !== null)
  return [
    {
      kind: 'phase',
      says:
        now === 'assisted'
          ? 'assisted: a person decides about every execute step'
          : 'selective: only what can be undone or what a rule has earned goes by rule',
      holds: now === 'assisted' || !open,
    },
  ]
}

function sandbox(policy: Policy, { subject, history }: Meter): Explained[] {
  return productionOf(policy, subject).map((origin) => ({
    kind: 'sandbox',
    says: `steps on ${origin} are first taken on ${policy.sandbox.get(origin) ?? ''}`,
    holds: history.promoted(productionTerms(subject.d, subject.c)) === null,
  }))
}

function ceilings({ ceilings: all }: Policy, meter: Meter): Explained[] {
  const { capability } = meter.subject.c
  const rates = ceilingsFor(all, meter).map(({ of, key, rate }) =>
    counted('ceiling', key, rate, meter, ` ${of}`),
  )
  const budgets = all.budgets.get(capability) ?? []
  return [
    ...rates,
    ...budgets.map((budget) => spent(keys.capability(capability), budget, budgets, meter)),
  ]
}

function limits({ limits: all }: Policy, meter: Meter): Explained[] {
  return all
    .filter((limit) => fits(limit, meter.subject))
    .flatMap((limit) =>
      limit.rates.map((rate) =>
        counted(
          'limit',
          limitKey(limit, meter.subject),
          rate,
          meter,
          ` of ${limit.says}${showLimited(limit, meter)}`,
        ),
      ),
    )
}

function duplicates({ duplicates: words }: Policy, meter: Meter): Explained[] {
  if (words === null) return []
  const ordinal = repeatedIn(words, meter)?.ordinal ?? 1
  const before = ordinal - 1
  return [
    {
      kind: 'duplicate',
      says: `${before === 0 ? 'nothing' : before} like it within ${showDuration(words.within)}; from the ${ordinalOf(words.max)} on a person decides`,
      holds: ordinal >= words.max,
    },
  ]
}
