import { isScalar } from 'yaml'
import { type Condition, compileCondition } from './condition.ts'
import { DAY } from './duration.ts'
import { fieldTests, undoTest } from './fields.ts'
import { locate, position } from './locate.ts'
import type { Ceilings, Limit, Policy, Rule, Test } from './policy.ts'
import type { Problem } from './problem.ts'
import { at as problemAt, type YamlText } from './read-yaml.ts'
import { indexRules } from './rule-index.ts'
import { says, saysOn } from './says.ts'
import type { PolicyFile, RuleEntry } from './schema.ts'
import type { Ceilings as CeilingsEntry, Limit as LimitEntry } from './schema-limits.ts'

/** Makes the policy that decides from the file that was read. Only conditions can still be wrong. */
export function compile(
  yaml: YamlText,
  file: PolicyFile,
  notes: readonly Problem[],
): { policy: Policy; problems: Problem[] } {
  const problems: Problem[] = []
  const context = new Map(Object.entries(file.context))
  const rules = file.rules.map((entry, index) => {
    const { condition, wrong } = conditionOf(yaml, entry, index, context)
    problems.push(...wrong)
    const { line } = position(yaml, ['rules', index], 'value')
    return rule(entry, condition, line, termsOf(yaml, index), file.undo)
  })
  const policy: Policy = {
    mode: file.mode,
    phase: file.phase,
    scope: file.scope || null,
    sites:
      file.sites?.map(({ url, mode, until }) => ({
        glob: url,
        mode: mode ?? null,
        until: until ?? null,
      })) ?? null,
    siteGlobs: file.sites?.map(({ url }) => url) ?? null,
    sideEffects: file.side_effects ?? [],
    rules,
    byId: new Map(rules.map((each) => [each.id, each])),
    restrains: restrains(file),
    ruleModes: rules.some(({ mode }) => mode !== null),
    limits: file.limits.map((entry, index) => limit(yaml, entry, index)),
    ceilings: ceilings(file.ceilings),
    duplicates: file.duplicates ?? null,
    breaker: file.breaker ?? null,
    sandbox: new Map(Object.entries(file.sandbox)),
    approvers: file.approvers,
    people: Array.isArray(file.people) ? file.people : null,
    peopleFile: file.people && 'file' in file.people ? file.people.file : null,
    context,
    undo: new Map(
      Object.entries(file.undo).map(([name, recipe]) => [
        name,
        { ...recipe, text: JSON.stringify(recipe) },
      ]),
    ),
    review: file.review
      ? {
          everyMs: file.review.every ?? 90 * DAY,
          afterIncident: file.review.after !== undefined,
          role: file.review.role ?? null,
        }
      : null,
    holds: { expireMs: file.holds.expire ?? 600_000, batchMs: file.holds.batch ?? DAY },
    audit: { keepMs: file.audit.keep ?? 90 * DAY },
    notes,
    broken: null,
    index: indexRules(rules),
  }
  return { policy, problems }
}

function rule(
  entry: RuleEntry,
  condition: Condition | null,
  line: number,
  terms: string,
  recipes: PolicyFile['undo'],
): Rule {
  const { effect, on } = entry
  const reversibleOnly = effect === 'allow' && on.reversible === true
  const fields = fieldTests(on, effect !== 'allow')
  const tests = reversibleOnly && !entry.undo ? [...fields, undoTest] : fields
  const does = says(entry)
  return {
    id: entry.id,
    effect,
    line,
    tests,
    unsettled: cheapFirst(tests),
    urls: on.url ?? [],
    capabilities: on.capability ?? [],
    categories: on.category ?? [],
    condition,
    reversibleOnly,
    undo: entry.undo ? undoOf(entry.undo, recipes) : null,
    recipe: entry.undo?.recipe ?? null,
    verifiedMs: entry.undo?.verified ?? null,
    limits: entry.limit ?? [],
    budgets: entry.budget ?? [],
    earned: entry.earned ?? null,
    terms,
    acknowledge: new Set(entry.acknowledge),
    mode: entry.mode ?? null,
    until: entry.until ?? null,
    tell: entry.tell ?? null,
    suggest: entry.suggest ?? null,
    why: entry.why ?? null,
    says: does,
    reason: `Rule \`${entry.id}\` ${does}${entry.why === undefined ? '' : `: ${entry.why}`}`,
  }
}

/** Whether a decision by this policy depends on what happened before. */
function restrains(file: PolicyFile): boolean {
  const { run, hour, day, budget } = file.ceilings
  return (
    [run, hour, day, budget, file.duplicates].some((word) => word !== undefined) ||
    file.limits.length > 0 ||
    Object.keys(file.sandbox).length > 0 ||
    file.rules.some((entry) => entry.limit || entry.budget || entry.earned || entry.undo?.verified)
  )
}

/** Fields whose test looks up one word; those of addresses, lists and texts come after them. */
const CHEAP = new Set(['role', 'verb', 'effect', 'reversible', 'provenance', 'door', 'gesture'])

/** What the index does not settle, so ordered that most rules are told from an action by little. */
function cheapFirst(tests: readonly Test[]): Test[] {
  const open = tests.filter(({ field }) => field !== 'capability' && field !== 'category')
  const cheap = open.filter(({ field }) => CHEAP.has(field))
  return [...cheap, ...open.filter((test) => !cheap.includes(test))]
}

function undoOf(
  { path, within, recipe }: NonNullable<RuleEntry['undo']>,
  recipes: PolicyFile['undo'],
) {
  const known = recipe !== undefined && Object.hasOwn(recipes, recipe) ? recipes[recipe] : undefined
  const lasts = within ?? known?.within
  return {
    path: path ?? `recipe ${recipe ?? ''}`,
    ...(lasts === undefined ? {} : { within: lasts }),
    ...(recipe === undefined ? {} : { recipe }),
  }
}

/** Words of a rule that change nothing about what it matches and grants. */
const WORDS = new Set(['id', 'tell', 'suggest', 'why', 'earned'])

function termsOf({ value }: YamlText, index: number): string {
  const rules = at(value, 'rules')
  const written: unknown = Array.isArray(rules) ? rules[index] : undefined
  if (typeof written !== 'object' || written === null) return ''
  return JSON.stringify(
    Object.entries(written)
      .filter(([word]) => !WORDS.has(word))
      .sort(),
  )
}

function at(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([name]) => name === key)?.[1]
}

function limit({ value }: YamlText, entry: LimitEntry, index: number): Limit {
  const limits = at(value, 'limits')
  const on = JSON.stringify(at(Array.isArray(limits) ? limits[index] : null, 'on') ?? {})
  return {
    counts: `limit ${entry.by} ${on}`,
    rates: entry.max,
    by: entry.by,
    tests: fieldTests(entry.on, true),
    says: saysOn(entry.on, false),
    tell: entry.tell ?? null,
    suggest: entry.suggest ?? null,
  }
}

function ceilings(entry: CeilingsEntry): Ceilings {
  return {
    run: entry.run ?? null,
    hour: entry.hour ?? null,
    day: {
      all: entry.day?.all ?? null,
      capability: new Map(Object.entries(entry.day?.capability ?? {})),
      category: new Map(Object.entries(entry.day?.category ?? {})),
    },
    budgets: new Map(Object.entries(entry.budget ?? {})),
    evidence: entry.evidence ?? null,
  }
}

function conditionOf(
  yaml: YamlText,
  { if: source }: RuleEntry,
  index: number,
  providers: Policy['context'],
): { condition: Condition | null; wrong: Problem[] } {
  if (source === undefined) return { condition: null, wrong: [] }
  const compiled = compileCondition(source, providers)
  if (compiled.ok) return { condition: compiled.condition, wrong: [] }
  const exact = exactStart(yaml, index, source)
  const start = exact ?? locate(yaml, ['rules', index, 'if'], 'value')
  const wrong = compiled.wrong.map(({ code, message, offset }) =>
    problemAt(yaml.lines, start + (exact === null ? 0 : offset), code, message),
  )
  return { condition: null, wrong }
}

/** Where the expression begins, if it stands in the file as it is: on one line, without escapes.
 * Null for folded and block scalars, whose offsets mean nothing in the file. */
function exactStart(yaml: YamlText, index: number, source: string): number | null {
  const node = yaml.document.getIn(['rules', index, 'if'], true)
  if (!isScalar(node) || !node.range) return null
  const [start, end] = node.range
  const quotes = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0
  return end - start === source.length + 2 * quotes ? start + quotes : null
}
