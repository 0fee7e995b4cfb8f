import { type Command, Option } from 'commander'
import { load } from '#shared/policy/load.ts'
import { showProblem } from '#shared/policy/problem.ts'
import { sarif } from './policy-sarif.ts'
import {
  CODES,
  complain,
  count,
  policyFile,
  printJson,
  readText,
  report,
  say,
} from './policy-text.ts'

const FORMATS = ['text', 'json', 'sarif'] as const

interface Options {
  format: (typeof FORMATS)[number]
  json?: true
}

/** `holdpoint policy check`. */
export function addCheck(policy: Command): void {
  policy
    .command('check')
    .description('find every mistake in a policy, with line and column')
    .argument('[FILE]', 'policy file')
    .addOption(
      new Option('--format <FORMAT>', 'text for people, json, or sarif 2.1.0 for code scanning')
        .choices(FORMATS)
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      `${CODES}
  $ holdpoint policy check holdpoint.yaml
  $ holdpoint policy check holdpoint.yaml --json | jq .problems
  $ holdpoint policy check holdpoint.yaml --format sarif > policy.sarif`,
    )
    .action((given: string | undefined, options: Options, command: Command) => {
      const file = policyFile(given, command)
      const text = readText(file, command)
      const loaded = load(text)
      if (options.json || options.format === 'json') printJson(document(file, loaded))
      else if (options.format === 'sarif') printJson(sarif(file, loaded))
      else if (loaded.ok) {
        for (const note of loaded.policy.notes) complain(`note: ${showProblem(text, note, file)}`)
        say(`${file}: ok, ${count(loaded.policy.rules.length, 'rule')}, mode ${loaded.policy.mode}`)
      } else report(text, loaded.problems, file)
      if (!loaded.ok) process.exitCode = 1
    })
}

function document(file: string, loaded: ReturnType<typeof load>) {
  if (!loaded.ok) return { ok: false, file, problems: loaded.problems }
  const { rules, mode, notes } = loaded.policy
  return { ok: true, file, rules: rules.length, mode, notes }
}
