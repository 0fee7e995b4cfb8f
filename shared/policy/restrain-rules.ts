import { showDuration } from './duration.ts'
import { earningOf, showEarning } from './earned.ts'
import { keys } from './history.ts'
import { longest, type Meter } from './meter.ts'
import type { Policy, Rule } from './policy.ts'
import type { Shortfall } from './shortfall.ts'

/** Which of the allow rules that match an action really allow it, after what happened before. */
export function standing(
  policy: Policy,
  ids: readonly string[],
  meter: Meter,
): { rules: Rule[]; short: Shortfall[] } {
  const rules: Rule[] = []
  const short: Shortfall[] = []
  for (const id of ids) {
    const rule = policy.byId.get(id)
    if (rule === undefined) continue
    const shortfall = fallsShort(policy, rule, meter)
    if (shortfall) short.push(shortfall)
    else rules.push(rule)
  }
  return { rules, short: short.sort((a, b) => rank(a) - rank(b)) }
}

/** Whatever passes by itself with time is said first. */
function rank({ pattern }: Shortfall): number {
  return ['rate-limit', 'budget', 'undo-unverified', 'earned'].indexOf(pattern)
}

/** What keeps a rule from allowing an action that it matches; null where nothing does. */
export function fallsShort(policy: Policy, rule: Rule, meter: Meter): Shortfall | null {
  return unverified(policy, rule, meter) ?? unearned(rule, meter) ?? usedUp(rule, meter)
}

function usedUp(rule: Rule, meter: Meter): Shortfall | null {
  const key = keys.rule(rule.id)
  const rate = meter.over(key, rule.limits)
  const budget = meter.overspent(key, rule.budgets)
  const exceeded = longest([rate, budget].filter((one) => one !== null))
  if (exceeded === null) return null
  const { allowed, is, text, retryAfter } = exceeded
  return {
    ...of(rule),
    pattern: exceeded === rate ? 'rate-limit' : 'budget',
    reason: `Rule \`${rule.id}\` allows ${allowed} and ${is}, so a person decides`,
    need: `no more than ${text} by rule \`${rule.id}\` (${is})`,
    retryAfter,
    batch: `limit ${rule.id}`,
  }
}

function unearned(rule: Rule, meter: Meter): Shortfall | null {
  const earning = earningOf(rule, meter.history, meter.subject.facts.now)
  if (earning === null || earning.earned) return null
  const { progress } = earning
  const why = progress.proposed
    ? `Rule \`${rule.id}\` has earned its effect (${showEarning(progress)}) and waits for a person to accept that`
    : `Rule \`${rule.id}\` has yet to earn its effect: ${showEarning(progress)}`
  return {
    ...of(rule),
    pattern: 'earned',
    reason: `${why}, so a person decides`,
    need: progress.proposed
      ? `a person to accept that rule \`${rule.id}\` has earned its effect`
      : `${progress.of} clean reviews of what rule \`${rule.id}\` allows, with at most ${progress.errorsAllowed} errors (is ${showEarning(progress)})`,
    retryAfter: null,
    batch: null,
    earning: progress,
  }
}

/** What a rule lacks whose way back has to have been tried out. */
export function unverified(
  policy: Policy,
  rule: Rule,
  { history, subject }: Meter,
): Shortfall | null {
  if (rule.recipe === null || rule.verifiedMs === null) return null
  const recipe = policy.undo.get(rule.recipe)
  const at = recipe === undefined ? null : history.verified(rule.recipe, recipe.text)
  const age = at === null ? Number.NaN : Math.abs(subject.facts.now - at)
  if (age <= rule.verifiedMs) return null
  const most = showDuration(rule.verifiedMs)
  const is = Number.isNaN(age) ? 'it never was' : `it was ${Math.floor(age / 86_400_000)} days ago`
  return {
    ...of(rule),
    pattern: 'undo-unverified',
    reason: `Rule \`${rule.id}\` wants undo recipe \`${rule.recipe}\` tried out with success within ${most} and ${is}, so a person decides`,
    need: `\`holdpoint policy verify-undo ${rule.recipe}\` to have succeeded within ${most} (${is})`,
    retryAfter: null,
    batch: null,
  }
}

function of({ id, tell, suggest }: Rule): Pick<Shortfall, 'rules' | 'tell' | 'suggest'> {
  return { rules: [id], tell, suggest }
}
