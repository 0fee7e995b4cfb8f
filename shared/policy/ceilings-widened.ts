import { showMoney } from './currency.ts'
import type { Ceilings } from './policy.ts'
import type { Budget } from './rate.ts'

/** What a new version of the policy raises or removes of the ceilings of the one before, a sentence
 * each. Empty where the new ones let go no more than those before. */
export function ceilingsWidened(before: Ceilings, after: Ceilings): string[] {
  const { day: was } = before
  const { day: is } = after
  return [
    ...raised('the ceiling per run', before.run, after.run),
    ...raised('the ceiling per hour', before.hour, after.hour),
    ...raised('the ceiling per day', was.all, is.all),
    ...each('capability', was.capability, is.capability),
    ...each('category', was.category, is.category),
    ...[...before.budgets].flatMap(([capability, budgets]) =>
      spentMore(capability, budgets, after.budgets.get(capability) ?? []),
    ),
  ]
}

function raised(what: string, before: number | null, after: number | null | undefined): string[] {
  if (before === null) return []
  if (after === null || after === undefined) return [`${what} of ${before} steps is removed`]
  return after > before ? [`${what} is raised from ${before} to ${after} steps`] : []
}

function each(
  kind: string,
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): string[] {
  return [...before].flatMap(([word, max]) =>
    raised(`the ceiling per day of ${kind} \`${word}\``, max, after.get(word)),
  )
}

/** Each budget before has to be there still, for the same window and currency and no higher; and an
 * amount in a currency without a budget was above all of them. */
function spentMore(
  capability: string,
  before: readonly Budget[],
  after: readonly Budget[],
): string[] {
  const widened: string[] = []
  for (const { money, window, text } of before) {
    const same = after.filter(
      (budget) => budget.window === window && budget.money.currency === money.currency,
    )
    const least = Math.min(...same.map((budget) => budget.money.minor))
    const what = `the budget of ${text} for \`${capability}\``
    if (same.length === 0) widened.push(`${what} is removed`)
    else if (least > money.minor)
      widened.push(`${what} is raised to ${showMoney(least, money.currency)}`)
  }
  const known = new Set(before.map(({ money }) => money.currency))
  const opened = new Set(after.map(({ money }) => money.currency).filter((one) => !known.has(one)))
  for (const currency of before.length > 0 ? opened : [])
    widened.push(
      `the budget for \`${capability}\` takes ${currency} too, which was above it before`,
    )
  return widened
}
