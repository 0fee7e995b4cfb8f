import type { Command } from 'commander'
import * as z from 'zod/mini'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { client } from './client.ts'

interface Flags extends CommonFlags {
  note: string
}

/** `holdpoint policy accept RULE`: a person says that a rule has earned its effect. */
export function addAccept(policy: Command): void {
  policy
    .command('accept')
    .description('let a rule go by itself from now on that has earned it')
    .argument('<RULE>', 'id of a rule with `earned`')
    .requiredOption('--note <TEXT>', 'why, for the log')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 no such rule, or it has not earned it yet, 2 wrong usage, 4 no companion is running\n\nExamples:\n  $ holdpoint policy accept small-refunds --note "200 reviewed, none wrong"',
    )
    .action(
      action(async (rule: string, flags: Flags) => {
        const path = `/v1/policy/earned/${encodeURIComponent(rule)}`
        const body = { note: flags.note }
        const answer = await client(flags).call('POST', path, z.looseObject({}), body)
        print(flags, answer, () => [`rule ${rule} goes by itself from now on`])
      }),
    )
}
