import { type Context, durably } from '#companion/core/context.ts'
import { earnedNow } from '#companion/core/earned.ts'
import { past } from '#companion/core/past.ts'
import { nextReview } from '#companion/core/review.ts'
import { type History, keys } from '#shared/policy/history.ts'
import type { Limit, Policy } from '#shared/policy/policy.ts'
import { type Budget, type Rate, showWindow } from '#shared/policy/rate.ts'
import type { PolicyUse, Use } from '#shared/protocol/oversight.ts'
import type { Run } from '#shared/protocol/run.ts'
import { Capability, Category, type Mode } from '#shared/protocol/words.ts'
import { ProblemError } from './problem.ts'

const DAY_MS = 86_400_000

/** What the uses are read from, within one transaction. */
interface Read {
  now: number
  /** Those at work: a limit per run is about each of them. */
  runs: readonly Pick<Run, 'id' | 'name' | 'agent'>[]
  /** What has gone before; a run's own steps where `run` is one. */
  history(run: string): History
  /** What stands behind `KEY = ` in the keys of steps. */
  counted(key: string): readonly string[]
}

/** Where the policy stands now. Limits, budgets and ceilings come in the order of the file; where each
 * run, site or agent is counted apart, the one with the highest count is told. */
export async function policyUse(
  context: Context,
  mode: Mode,
  runs: Read['runs'],
): Promise<PolicyUse> {
  const policy = context.policy.current()
  const done = await durably(context, (tx) => {
    const now = context.ledger.now(tx, context.clock.now())
    const history = (run: string) => past(context.ledger, tx, { policy, mode, run, now })
    let steps: readonly string[] | undefined
    const counted = (key: string) => {
      steps ??= tx
        .steps(now - longest(policy), 0)
        .flatMap((step) => (step.mode === mode ? step.keys : []))
      const start = `${key} = `
      const found = steps.filter((one) => one.startsWith(start) && !one.includes(' in run '))
      return [...new Set(found)].map((one) => one.slice(start.length))
    }
    return usesOf(policy, { now, runs, history, counted })
  })
  if (!done.ok) throw new ProblemError(done.error.code, done.error.message)
  return {
    phase: policy.phase,
    uses: done.value,
    earned: await earnedNow(context),
    sandbox: [...policy.sandbox].map(([production, staging]) => ({ production, staging })),
    nextReview: await nextReview(context),
  }
}

/** Longest window of a limit that counts apart what no list names: sites and agents. */
function longest({ limits }: Policy): number {
  const windows = limits.flatMap(({ rates }) => rates.map(({ window }) => window))
  return Math.max(DAY_MS, ...windows.filter((window) => window !== 'run'))
}

/** The same, from what was read. */
export function usesOf(policy: Policy, read: Read): Use[] {
  const ofRules = policy.rules.flatMap((rule) => {
    const about = { rule: rule.id, says: rule.says }
    const key = keys.rule(rule.id)
    return [
      ...rule.limits.map((rate) => ({
        kind: 'limit' as const,
        ...about,
        ...rateUse(read, key, rate),
      })),
      ...rule.budgets.map((budget) => ({
        kind: 'budget' as const,
        ...about,
        ...budgetUse(read, key, budget),
      })),
    ]
  })
  return [
    ...ofRules,
    ...policy.limits.flatMap((limit) => limitUses(read, limit)),
    ...ceilingUses(policy, read),
  ]
}

function limitUses(read: Read, limit: Limit): Use[] {
  const { by, counts, says, rates } = limit
  const about = {
    kind: 'limit' as const,
    rule: null,
    says: by === 'all' ? says : `${says}, by ${by}`,
  }
  return rates.map((rate) => {
    if (by === 'all') return { ...about, ...rateUse(read, counts, rate) }
    const each = apart(read, limit).map(({ key, name }) => ({
      of: name,
      ...rateUse(read, key, rate),
    }))
    const most = busiest(each)
    return most ? { ...about, ...most } : { ...about, ...unused(rate) }
  })
}

/** What a limit counts apart, each with its key. */
function apart({ runs, counted }: Read, { by, counts }: Limit): { key: string; name: string }[] {
  const names: Record<string, readonly string[]> = {
    category: Category.options,
    capability: Capability.options,
    run: runs.map(({ id }) => id),
  }
  const shown = new Map(runs.map(({ id, name }) => [id, name]))
  return (names[by] ?? counted(counts)).map((of) => ({
    key: `${counts} = ${of}`,
    name: (by === 'run' ? shown.get(of) : of) || `an unknown ${by}`,
  }))
}

function ceilingUses({ ceilings }: Policy, read: Read): Use[] {
  const { run, hour, day, budgets } = ceilings
  const of = (says: string, key: string, max: number | null, window: Rate['window']): Use[] => {
    const rate = { max: max ?? 0, window, text: '' }
    return max === null ? [] : [{ kind: 'ceiling', rule: null, says, ...rateUse(read, key, rate) }]
  }
  return [
    ...of('all execute steps', keys.all, run, 'run'),
    ...of('all execute steps', keys.all, hour, 3_600_000),
    ...of('all execute steps', keys.all, day.all, DAY_MS),
    ...[...day.capability].flatMap(([word, max]) =>
      of(`steps of capability ${word}`, keys.capability(word), max, DAY_MS),
    ),
    ...[...day.category].flatMap(([word, max]) =>
      of(`steps of category ${word}`, keys.category(word), max, DAY_MS),
    ),
    ...[...budgets].flatMap(([word, list]) =>
      list.map(
        (budget): Use => ({
          ...{ kind: 'budget', rule: null, says: `money of ${word} steps` },
          ...budgetUse(read, keys.capability(word), budget),
        }),
      ),
    ),
  ]
}

type Part = Pick<Use, 'used' | 'max' | 'window' | 'of' | 'retryAfter' | 'currency'>

function rateUse(read: Read, key: string, rate: Rate): Part {
  const { max, window } = rate
  const part = { max, window: showWindow(window) }
  if (window === 'run')
    return inRuns(read, unused(rate), (history, run) => ({
      ...part,
      used: history.count(key === keys.all ? keys.run(run) : keys.inRun(key, run), 0),
    }))
  const history = read.history('')
  const used = history.count(key, read.now - window + 1)
  const last = used >= max && max > 0 ? history.nth(key, max) : null
  if (last === null) return { ...part, used }
  return { ...part, used, retryAfter: Math.max(1, Math.ceil((last + window - read.now) / 1000)) }
}

function budgetUse(read: Read, key: string, { money, window }: Budget): Part {
  const { currency, minor } = money
  const part = { max: minor, currency, window: showWindow(window) }
  if (window === 'run')
    return inRuns(read, { ...part, used: 0 }, (history, run) => ({
      ...part,
      used: history.sum(keys.inRun(key, run), currency, 0),
    }))
  return { ...part, used: read.history('').sum(key, currency, read.now - window + 1) }
}

/** The run that has used most of it. */
function inRuns(read: Read, none: Part, use: (history: History, run: string) => Part): Part {
  const each = read.runs.map(({ id, name }) => ({ ...use(read.history(id), id), of: name }))
  return busiest(each) ?? none
}

function unused({ max, window }: Rate): Part {
  return { max, window: showWindow(window), used: 0 }
}

function busiest<T extends Part>(parts: readonly T[]): T | undefined {
  const rank = ({ used }: T) => used ?? Number.POSITIVE_INFINITY
  return parts.reduce<T | undefined>(
    (most, part) => (most === undefined || rank(part) > rank(most) ? part : most),
    undefined,
  )
}
