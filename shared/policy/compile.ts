import { isScalar } from 'yaml'
import { type Condition, compileCondition } from './condition.ts'
import { DAY } from './duration.ts'
import { fieldTests, undoTest } from './fields.ts'
import { locate, position } from './locate.ts'
import type { Policy, Rule } from './policy.ts'
import type { Problem } from './problem.ts'
import { at, type YamlText } from './read-yaml.ts'
import { indexRules } from './rule-index.ts'
import { says } from './says.ts'
import type { PolicyFile, RuleEntry } from './schema.ts'

/** Makes the policy that decides from the file that was read. Only conditions can still be wrong. */
export function compile(
  yaml: YamlText,
  file: PolicyFile,
  notes: readonly Problem[],
): { policy: Policy; problems: Problem[] } {
  const problems: Problem[] = []
  const rules = file.rules.map((entry, index) => {
    const { condition, wrong } = conditionOf(yaml, entry, index)
    problems.push(...wrong)
    return rule(entry, condition, position(yaml, ['rules', index], 'value').line)
  })
  const policy: Policy = {
    mode: file.mode,
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
    ruleModes: rules.some(({ mode }) => mode !== null),
    approvers: file.approvers,
    holds: { expireMs: file.holds.expire ?? 600_000 },
    audit: { keepMs: file.audit.keep ?? 90 * DAY },
    notes,
    broken: null,
    index: indexRules(rules),
  }
  return { policy, problems }
}

function rule(entry: RuleEntry, condition: Condition | null, line: number): Rule {
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
    unsettled: tests.filter(({ field }) => field !== 'capability' && field !== 'category'),
    urls: on.url ?? [],
    capabilities: on.capability ?? [],
    categories: on.category ?? [],
    condition,
    reversibleOnly,
    undo: entry.undo ? undoOf(entry.undo) : null,
    acknowledge: new Set(entry.acknowledge),
    mode: entry.mode ?? null,
    until: entry.until ?? null,
    tell: entry.tell ?? null,
    why: entry.why ?? null,
    says: does,
    reason: `Rule \`${entry.id}\` ${does}${entry.why === undefined ? '' : `: ${entry.why}`}`,
  }
}

function undoOf({ path, within }: NonNullable<RuleEntry['undo']>) {
  return within === undefined ? { path } : { path, within }
}

function conditionOf(
  yaml: YamlText,
  { if: source }: RuleEntry,
  index: number,
): { condition: Condition | null; wrong: Problem[] } {
  if (source === undefined) return { condition: null, wrong: [] }
  const compiled = compileCondition(source)
  if (compiled.ok) return { condition: compiled.condition, wrong: [] }
  const exact = exactStart(yaml, index, source)
  const start = exact ?? locate(yaml, ['rules', index, 'if'], 'value')
  const wrong = compiled.wrong.map(({ code, message, offset }) =>
    at(yaml.lines, start + (exact === null ? 0 : offset), code, message),
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
