import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { classify } from '#shared/classify/classify.ts'
import { type CaseResult, readCases, runCases } from '#shared/policy/cases.ts'
import type { Problem } from '#shared/policy/problem.ts'
import { junit } from './policy-junit.ts'
import { CODES, loadPolicy, policyFile, printJson, readText, report, say } from './policy-text.ts'

/** What became of one file of cases: its results, or why there are none. */
export interface Suite {
  readonly file: string
  readonly results: readonly CaseResult[]
  /** The file in which the problems are, which may be the policy. */
  readonly broken: { file: string; text: string; problems: readonly Problem[] } | null
}

interface Options {
  policy?: string
  junit?: string
  json?: true
}

/** `holdpoint policy test`. */
export function addTest(policy: Command): void {
  policy
    .command('test')
    .description('decide lists of cases and compare with what they expect')
    .argument('<CASES...>', 'YAML lists of cases: name, action or descriptor, decision, rules, …')
    .option('--policy <FILE>', 'policy file; without it NAME.yaml beside NAME.cases.yaml')
    .option('--junit <FILE>', 'also write the results as JUnit XML')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `${CODES}
  $ holdpoint policy test holdpoint.cases.yaml
  $ holdpoint policy test cases.yaml --policy holdpoint.yaml --json
  $ holdpoint policy test policies/*.cases.yaml --junit results.xml

A case:
  - name: a refund of 340 USD is put to a person
    action: { capability: transact, category: financial, verb: refund, amount: 340 USD }
    decision: hold
    would_need: [at most 50 USD]`,
    )
    .action((files: string[], options: Options, command: Command) => {
      const suites = files.map((file) => suite(file, options, command))
      if (options.junit !== undefined) write(options.junit, junit(suites), command)
      if (options.json) printJson(document(suites))
      else show(suites)
      if (!document(suites).ok) process.exitCode = 1
    })
}

function suite(file: string, { policy: given }: Options, command: Command): Suite {
  const beside = /\.cases\.ya?ml$/.test(file) ? file.replace('.cases.', '.') : undefined
  const policyAt = policyFile(given ?? beside, command)
  const loaded = loadPolicy(policyAt, command)
  if (!loaded.ok) return { file, results: [], broken: { file: policyAt, ...loaded } }
  const text = readText(file, command)
  const found = readCases(text)
  if (!found.ok) return { file, results: [], broken: { file, text, problems: found.problems } }
  return {
    file,
    results: runCases(loaded.policy, found.cases, loaded.facts, classify),
    broken: null,
  }
}

function document(suites: readonly Suite[]) {
  const results = suites.flatMap(({ file, results }) => results.map((one) => ({ file, ...one })))
  const problems = suites.flatMap(({ broken }) =>
    (broken?.problems ?? []).map((problem) => ({ file: broken?.file, ...problem })),
  )
  const passed = results.filter(({ pass }) => pass).length
  const ok = passed === results.length && problems.length === 0
  return { ok, passed, failed: results.length - passed, problems, results }
}

function show(suites: readonly Suite[]): void {
  for (const { file, results, broken } of suites) {
    if (suites.length > 1) say(file)
    if (broken) report(broken.text, broken.problems, broken.file)
    for (const { name, pass, differences, decision } of results) {
      say(`${pass ? 'pass' : 'FAIL'}  ${name}`)
      for (const difference of differences) say(`      ${difference}`)
      if (!pass) say(`      ${decision.reason}`)
    }
  }
  const { passed, failed, results } = document(suites)
  if (results.length > 0) say(`${passed} passed, ${failed} failed`)
}

function write(file: string, text: string, command: Command): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    command.error(`cannot write \`${file}\`: ${why}`, { exitCode: 2 })
  }
}
