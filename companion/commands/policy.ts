import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { classify } from '#shared/classify/classify.ts'
import { type CaseResult, readCases, runCases } from '#shared/policy/cases.ts'
import { type Explanation, explain, type RuleExplanation } from '#shared/policy/explain.ts'
import { load } from '#shared/policy/load.ts'
import type { Facts, Policy } from '#shared/policy/policy.ts'
import { type Problem, showProblem } from '#shared/policy/problem.ts'
import { Classification } from '#shared/protocol/classification.ts'
import { Descriptor } from '#shared/protocol/descriptor.ts'

const CODES = `
Exit codes: 0 ok, 1 failed check, 2 wrong usage
Without FILE the policy is holdpoint.yaml in HOLDPOINT_HOME.

Examples:`

/** `holdpoint policy check|test|explain`: works on files alone, without a running companion. */
export function policyCommand(): Command {
  const command = new Command('policy')
    .description('check, test and explain a policy file')
    // Commander leaves with 1 on wrong usage; here 1 means that a check failed.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .addHelpText(
      'after',
      `${CODES}
  $ holdpoint policy check holdpoint.yaml
  $ holdpoint policy test holdpoint.cases.yaml --policy holdpoint.yaml
  $ holdpoint policy explain holdpoint.yaml --descriptor - < descriptor.json`,
    )
  addCheck(command)
  addTest(command)
  addExplain(command)
  return command
}

function addCheck(policy: Command): void {
  policy
    .command('check')
    .description('find every mistake in a policy, with line and column')
    .argument('[FILE]', 'policy file')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `${CODES}
  $ holdpoint policy check holdpoint.yaml
  $ holdpoint policy check holdpoint.yaml --json | jq .problems`,
    )
    .action((given: string | undefined, { json }: { json?: true }, command: Command) => {
      const file = policyFile(given, command)
      const text = read(file, command)
      const loaded = load(text)
      if (json) print(checkJson(file, loaded))
      else if (loaded.ok) {
        for (const note of loaded.policy.notes) complain(`note: ${showProblem(text, note, file)}`)
        say(`${file}: ok, ${count(loaded.policy.rules.length, 'rule')}, mode ${loaded.policy.mode}`)
      } else report(text, loaded.problems, file)
      if (!loaded.ok) process.exitCode = 1
    })
}

function checkJson(file: string, loaded: ReturnType<typeof load>) {
  if (!loaded.ok) return { ok: false, file, problems: loaded.problems }
  const { rules, mode, notes } = loaded.policy
  return { ok: true, file, rules: rules.length, mode, notes }
}

function addTest(policy: Command): void {
  policy
    .command('test')
    .description('decide a list of cases and compare with what they expect')
    .argument('<CASES>', 'YAML list of cases: name, action or descriptor, decision, rules, …')
    .option('--policy <FILE>', 'policy file; without it NAME.yaml beside NAME.cases.yaml')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `${CODES}
  $ holdpoint policy test holdpoint.cases.yaml
  $ holdpoint policy test cases.yaml --policy holdpoint.yaml --json

A case:
  - name: a refund of 340 USD is put to a person
    action: { capability: transact, category: financial, verb: refund, amount: 340 USD }
    decision: hold
    would_need: [at most 50 USD]`,
    )
    .action((file: string, options: { policy?: string; json?: true }, command: Command) => {
      const beside = /\.cases\.ya?ml$/.test(file) ? file.replace('.cases.', '.') : undefined
      const { policy, facts } = loaded(policyFile(options.policy ?? beside, command), command)
      const text = read(file, command)
      const found = readCases(text)
      if (!found.ok) {
        if (options.json) print({ ok: false, file, problems: found.problems })
        else report(text, found.problems, file)
        process.exitCode = 1
        return
      }
      const results = runCases(policy, found.cases, facts, classify)
      if (options.json) print(testJson(results))
      else showResults(results)
      if (results.some(({ pass }) => !pass)) process.exitCode = 1
    })
}

function testJson(results: readonly CaseResult[]) {
  const passed = results.filter(({ pass }) => pass).length
  return { ok: passed === results.length, passed, failed: results.length - passed, results }
}

function showResults(results: readonly CaseResult[]): void {
  for (const { name, pass, differences, decision } of results) {
    say(`${pass ? 'pass' : 'FAIL'}  ${name}`)
    for (const difference of differences) say(`      ${difference}`)
    if (!pass) say(`      ${decision.reason}`)
  }
  const { passed, failed } = testJson(results)
  say(`${passed} passed, ${failed} failed`)
}

interface ExplainOptions {
  descriptor: string
  classification?: string
  json?: true
}

function addExplain(policy: Command): void {
  policy
    .command('explain')
    .description('say why an action is allowed, held or denied, rule by rule')
    .argument('[FILE]', 'policy file')
    .requiredOption('--descriptor <JSON>', 'the action as a Descriptor; `-` reads it from stdin')
    .addOption(
      new Option('--classification <JSON>', 'use this judgement instead of the classifier’s'),
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `${CODES}
  $ holdpoint policy explain holdpoint.yaml --descriptor - < descriptor.json
  $ holdpoint policy explain --descriptor "$(cat descriptor.json)" --json`,
    )
    .action((given: string | undefined, options: ExplainOptions, command: Command) => {
      const { policy, facts } = loaded(policyFile(given, command), command)
      const input = options.descriptor === '-' ? readFileSync(0, 'utf8') : options.descriptor
      const descriptor = parsed('--descriptor', input, Descriptor, command)
      const classification = options.classification
        ? parsed('--classification', options.classification, Classification, command)
        : classify(descriptor)
      const explanation = explain(policy, descriptor, classification, facts)
      if (options.json) print({ classification, ...explanation })
      else showExplanation(classification, explanation)
    })
}

function showExplanation(c: Classification, { decision, rules }: Explanation): void {
  say(`classified  ${c.capability}, category ${c.category}, effect ${c.effect}`)
  say(`decision    ${decision.kind} (${decision.pattern}, mode ${decision.mode})`)
  say(`because     ${decision.reason}`)
  for (const need of decision.wouldNeed) say(`would need  ${need}`)
  for (const rule of rules) {
    say(
      `\n${rule.matched ? 'matches' : 'misses '}  \`${rule.id}\` ${rule.says} (line ${rule.line})`,
    )
    for (const line of details(rule)) say(`         ${line}`)
  }
}

function details({ failed, note }: RuleExplanation): string[] {
  const wants = failed.map((each) => `${each.field}: wants ${each.wants}, is ${each.is}`)
  return note === null ? wants : [...wants, note]
}

function policyFile(given: string | undefined, command: Command): string {
  const home = process.env.HOLDPOINT_HOME
  if (given === undefined && home) return join(home, 'holdpoint.yaml')
  return (
    given ?? command.error('no policy file given; name one, or set HOLDPOINT_HOME', { exitCode: 2 })
  )
}

/** The policy to decide with, which has to be a good one. */
function loaded(file: string, command: Command): { policy: Policy; facts: Facts } {
  const text = read(file, command)
  const result = load(text)
  const policyVersion = createHash('sha256').update(text).digest('hex')
  if (result.ok) return { policy: result.policy, facts: { now: Date.now(), policyVersion } }
  report(text, result.problems, file)
  // One code for a bad policy, whichever verb met it.
  process.exit(1)
}

function read(file: string, command: Command): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return command.error(`cannot read \`${file}\`: ${why}`, { exitCode: 2 })
  }
}

/** What both protocol schemas have in common. */
interface Shape<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } }
}

function parsed<T>(option: string, text: string, shape: Shape<T>, command: Command): T {
  const result = shape.safeParse(json(option, text, command))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue && issue.path.length > 0 ? `\`${issue.path.map(String).join('.')}\`: ` : ''
  return command.error(`${option} is not valid: ${where}${issue?.message ?? ''}`, { exitCode: 2 })
}

function json(option: string, text: string, command: Command): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return command.error(`${option} is not JSON: ${why}`, { exitCode: 2 })
  }
}

function report(text: string, problems: readonly Problem[], file: string): void {
  for (const problem of problems) complain(showProblem(text, problem, file))
  complain(`${file}: ${count(problems.length, 'problem')}`)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
