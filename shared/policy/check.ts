import type { Category } from '#shared/protocol/words.ts'
import { DAY } from './duration.ts'
import { position } from './locate.ts'
import { mayCollapse, NEVER_ALLOWED } from './never-collapse.ts'
import type { Problem } from './problem.ts'
import type { YamlText } from './read-yaml.ts'
import type { PolicyFile, RuleEntry } from './schema.ts'

/** Shortest time that the log is kept, unless the policy says that less is meant. */
export const SHORTEST_KEEP = 90 * DAY

type Report = (path: readonly PropertyKey[], code: string, message: string) => void

/** What the schema cannot say: rules that contradict themselves, that can never match, or that would
 * open what always needs a person. Notes are allowed and probably not meant. */
export function check(yaml: YamlText, file: PolicyFile): { problems: Problem[]; notes: Problem[] } {
  const problems: Problem[] = []
  const notes: Problem[] = []
  const to =
    (list: Problem[]): Report =>
    (path, code, message) =>
      list.push({ code, message, ...position(yaml, path, 'value') })
  const [problem, note] = [to(problems), to(notes)]
  const seen = new Map<string, number>()
  file.rules.forEach((rule, index) => {
    const first = seen.get(rule.id)
    if (first === undefined) seen.set(rule.id, index)
    else problem(['rules', index, 'id'], 'duplicate-rule', duplicate(yaml, rule.id, first))
    const at = ['rules', index]
    checkOpening(rule, at, problem)
    checkContradictions(rule, at, problem)
    noteOpening(rule, at, note)
    noteSites(file, rule, at, note)
  })
  const { keep, acknowledge_short: meant } = file.audit
  if (keep !== undefined && keep < SHORTEST_KEEP && meant !== true)
    problem(
      ['audit', 'keep'],
      'short-audit',
      'the log is kept for less than 90 days; write `90d` or more, or add `acknowledge_short: true`',
    )
  return { problems, notes }
}

function duplicate(yaml: YamlText, id: string, first: number): string {
  const { line } = position(yaml, ['rules', first, 'id'], 'value')
  return `rule \`${id}\` is already on line ${line}; every rule has an id of its own`
}

/** Allow rules, and rules in observe mode, which let things go ahead just the same. */
function opens(rule: RuleEntry): boolean {
  return rule.effect === 'allow' || rule.mode === 'observe'
}

function checkOpening(rule: RuleEntry, at: readonly PropertyKey[], problem: Report): void {
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
  return `category \`${category}\` always needs a person; no rule can allow it`
}

function checkContradictions(rule: RuleEntry, at: readonly PropertyKey[], problem: Report): void {
  const { on } = rule
  const no = (field: string, message: string) =>
    problem([...at, 'on', field], 'never-matches', message)
  if (on.capability?.includes('read')) no('capability', 'reads always pass; no rule is about them')
  if (on.effect?.includes('none'))
    no('effect', 'a step without an effect always passes; no rule is about it')
  if (on.reversible === true && on.effect && !on.effect.includes('reversible'))
    no(
      'reversible',
      '`reversible: true` and this `effect` exclude each other; the rule can never match',
    )
  if (on.reversible === false && on.effect?.every((effect) => effect === 'reversible'))
    no(
      'reversible',
      '`reversible: false` and this `effect` exclude each other; the rule can never match',
    )
  for (const field of ['rows', 'recipient_count'] as const) {
    const { max, min } = on[field] ?? {}
    if (max === undefined && min === undefined && on[field])
      no(field, `\`${field}\` needs \`max\` or \`min\``)
    if (max !== undefined && min !== undefined && min > max)
      no(field, '`min` is above `max`; the rule can never match')
  }
  if (on.amount && !on.amount.max && !on.amount.min) no('amount', '`amount` needs `max` or `min`')
  for (const low of on.amount?.min ?? []) {
    const high = on.amount?.max?.find(({ currency }) => currency === low.currency)
    if (high && low.minor > high.minor)
      no('amount', '`min` is above `max`; the rule can never match')
  }
  for (const bound of [on.amount?.max, on.amount?.min]) {
    const currencies = (bound ?? []).map(({ currency }) => currency)
    if (new Set(currencies).size < currencies.length)
      no('amount', 'one limit for each currency, no more')
  }
  const counted = on.recipient_count?.max
  if (rule.effect === 'allow' && on.recipients && counted === 0)
    no('recipient_count', '`recipients` wants at least one recipient; the rule can never match')
}

/** Categories that the actions of a capability normally fall into. */
const USUAL: Readonly<Record<string, Category>> = {
  send: 'communication',
  transact: 'financial',
  delete: 'deletion',
}

function noteOpening(rule: RuleEntry, at: readonly PropertyKey[], note: Report): void {
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

function noteSites(
  file: PolicyFile,
  rule: RuleEntry,
  at: readonly PropertyKey[],
  note: Report,
): void {
  if (rule.effect !== 'allow' || !file.sites) return
  for (const url of rule.on.url ?? []) {
    if (!('exact' in url.host)) continue
    const start = url.text.match(/^https?:\/\/[^/?]+/)?.[0] ?? ''
    if (!file.sites.some((site) => site.url.text.startsWith(start) || !('exact' in site.url.host)))
      note(
        [...at, 'on', 'url'],
        'outside-sites',
        `\`${url.text}\` is on none of the \`sites\`, so this rule never applies`,
      )
  }
}
