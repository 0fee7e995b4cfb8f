import { checkContext } from './check-context.ts'
import { checkCeilings, checkLimits } from './check-limits.ts'
import { checkPeople } from './check-people.ts'
import { checkRule } from './check-rule.ts'
import { checkSandbox } from './check-sandbox.ts'
import { checkRecipes, checkUndo } from './check-undo.ts'
import { DAY } from './duration.ts'
import { position } from './locate.ts'
import type { Problem } from './problem.ts'
import type { YamlText } from './read-yaml.ts'
import type { PolicyFile } from './schema.ts'

/** Shortest time that the log is kept, unless the policy says that less is meant. */
export const SHORTEST_KEEP = 90 * DAY

/** Where in the file something stands: keys and indices. */
export type Path = readonly PropertyKey[]

/** Reports a mistake, or something that is allowed and probably not meant, at its place. */
export interface Report {
  problem(path: Path, code: string, message: string): void
  note(path: Path, code: string, message: string): void
}

/** What the schema cannot say: rules that contradict themselves, that can never match, that would open
 * what always needs a person, or that name what is not there. Notes are allowed and probably not
 * meant. */
export function check(yaml: YamlText, file: PolicyFile): { problems: Problem[]; notes: Problem[] } {
  const problems: Problem[] = []
  const notes: Problem[] = []
  const to = (list: Problem[]) => (path: Path, code: string, message: string) => {
    list.push({ code, message, ...position(yaml, path, 'value') })
  }
  const report = { problem: to(problems), note: to(notes) }
  for (const path of swallowed(yaml.value, []))
    problems.push({
      code: 'unknown-word',
      message: 'unknown word `__proto__`',
      ...position(yaml, path, 'key'),
    })
  checkIds(yaml, file, report)
  file.rules.forEach((rule, index) => {
    checkRule(file, rule, ['rules', index], report)
    checkUndo(file, rule, ['rules', index], report)
  })
  checkLimits(file, report)
  checkCeilings(file, report)
  checkBreaker(file, report)
  checkSandbox(file, report)
  checkPeople(file, report)
  checkContext(file, report)
  checkRecipes(file, report)
  checkKeep(file, report)
  return { problems, notes }
}

/** Where `__proto__` is a key: of a map with free names the schema would just leave it out. */
function swallowed(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key]
    return key === '__proto__' ? [here] : swallowed(inner, here)
  })
}

function checkIds(yaml: YamlText, { rules }: PolicyFile, { problem }: Report): void {
  const seen = new Map<string, number>()
  rules.forEach(({ id }, index) => {
    const first = seen.get(id)
    if (first === undefined) seen.set(id, index)
    else {
      const { line } = position(yaml, ['rules', first, 'id'], 'value')
      const message = `rule \`${id}\` is already on line ${line}; every rule has an id of its own`
      problem(['rules', index, 'id'], 'duplicate-rule', message)
    }
  })
}

function checkBreaker({ breaker }: PolicyFile, { problem }: Report): void {
  if (!breaker) return
  const { errors, at_least: atLeast, of_last: ofLast } = breaker
  if (atLeast > ofLast)
    problem(
      ['breaker', 'at_least'],
      'never-opens',
      `\`at_least: ${atLeast}\` is more than \`of_last: ${ofLast}\`, so the breaker would never open; write ${ofLast} or less`,
    )
  if (errors.errors !== null && errors.errors > ofLast)
    problem(
      ['breaker', 'errors'],
      'never-opens',
      `there are never ${errors.errors} errors among the last ${ofLast}; raise \`of_last\` or lower \`errors\``,
    )
  if (errors.share === 0)
    problem(
      ['breaker', 'errors'],
      'wrong-value',
      'a share of 0 % would open the breaker without any error; write `errors: 1` for the first one',
    )
}

function checkKeep({ audit }: PolicyFile, { problem }: Report): void {
  const { keep, acknowledge_short: meant } = audit
  if (keep !== undefined && keep < SHORTEST_KEEP && meant !== true)
    problem(
      ['audit', 'keep'],
      'short-audit',
      'the log is kept for less than 90 days; write `90d` or more, or add `acknowledge_short: true`',
    )
}
