import type { Category } from '#shared/protocol/words.ts'
import type { Path, Report } from './check.ts'
import { checkOn } from './check-on.ts'
import { mayCollapse, NEVER_ALLOWED } from './never-collapse.ts'
import type { PolicyFile, RuleEntry } from './schema.ts'

/** Mistakes within one rule. */
export function checkRule(file: PolicyFile, rule: RuleEntry, at: Path, report: Report): void {
  checkOpening(rule, at, report)
  checkOn(rule.on, rule.effect === 'allow', [...at, 'on'], report)
  checkOnlyAllow(rule, at, report)
  checkBudget(rule, at, report)
  noteOpening(rule, at, report)
  noteSites(file, rule, at, report)
}

/** Allow rules, and rules in observe mode, which let things go ahead just the same. */
function opens(rule: RuleEntry): boolean {
  return rule.effect === 'allow' || rule.mode === 'observe'
}

function checkOpening(rule: RuleEntry, at: Path, { problem }: Report): void {
  const acknowledged = new Set(rule.acknowledge)
  for (const category of acknowledged)
    if (NEVER_ALLOWED.has(category))
      problem([...at, 'acknowledge'], 'never-allowed', never(category))
  if (!opens(rule)) return
  const how = rule.effect === 'allow' ? 'allowing' : 'only observing'
  for (const category of rule.on.category ?? [])
    if (NEVER_ALLOWED.has(category))
      problem([...at, 'on', 'category'], 'never-allowed', never(category))
    else if (!mayCollapse(category, acknowledged))
      problem(
        [...at, 'on', 'category'],
        'not-acknowledged',
        `${how} category \`${category}\` needs \`acknowledge: [${category}]\` in the rule`,
      )
}

function never(category: Category): string {
  return `category \`${category}\` always needs a person; no rule can allow it, nor earn it`
}

/** A limit on what is held or denied anyway says something that nobody means. */
function checkOnlyAllow(rule: RuleEntry, at: Path, { problem }: Report): void {
  if (rule.effect === 'allow') return
  for (const word of ['limit', 'budget', 'earned'] as const)
    if (rule[word] !== undefined)
      problem(
        [...at, word],
        'only-allow',
        `\`${word}\` is for allow rules, and this is a ${rule.effect} rule; write \`effect: allow\` or leave \`${word}\` out`,
      )
}

function checkBudget({ on, budget = [], limit = [] }: RuleEntry, at: Path, { note }: Report): void {
  for (const { max, text } of limit)
    if (max === 0) note([...at, 'limit'], 'never-allows', `\`${text}\` never lets anything go`)
  if (budget.length === 0) return
  const money =
    on.amount ||
    (!on.capability && !on.category) ||
    on.capability?.includes('transact') ||
    on.category?.includes('financial')
  if (!money)
    note(
      [...at, 'budget'],
      'no-amounts',
      'what this rule is about mostly has no amounts, and a budget does not limit it; write `limit` for a number of steps',
    )
  const currencies = new Set(budget.map(({ money: { currency } }) => currency))
  for (const { currency, text } of on.amount?.max ?? [])
    if (!currencies.has(currency))
      note(
        [...at, 'budget'],
        'no-budget',
        `there is no budget in ${currency}, so \`max: ${text}\` never applies`,
      )
}

/** Categories that the actions of a capability normally fall into. */
const USUAL: Readonly<Record<string, Category>> = {
  send: 'communication',
  transact: 'financial',
  delete: 'deletion',
}

function noteOpening(rule: RuleEntry, at: Path, { note }: Report): void {
  if (!opens(rule) || rule.on.category) return
  for (const capability of rule.on.capability ?? []) {
    const category = USUAL[capability]
    if (category && !(rule.acknowledge ?? []).includes(category))
      note(
        [...at, 'on', 'capability'],
        'not-acknowledged',
        `\`${capability}\` is mostly of category \`${category}\`, to which this rule does not apply without \`acknowledge: [${category}]\``,
      )
  }
}

function noteSites(file: PolicyFile, rule: RuleEntry, at: Path, { note }: Report): void {
  if (rule.effect !== 'allow' || !file.sites) return
  const staged = Object.values(file.sandbox)
  for (const url of rule.on.url ?? []) {
    if (!('exact' in url.host)) continue
    const start = url.text.match(/^https?:\/\/[^/?]+/)?.[0] ?? ''
    if (staged.includes(start)) continue
    if (!file.sites.some((site) => site.url.text.startsWith(start) || !('exact' in site.url.host)))
      note(
        [...at, 'on', 'url'],
        'outside-sites',
        `\`${url.text}\` is on none of the \`sites\`, so this rule never applies`,
      )
  }
}
