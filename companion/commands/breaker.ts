import { Command } from 'commander'
import * as z from 'zod/mini'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { client } from './client.ts'

const Answer = z.object({ open: z.boolean() })

/** `holdpoint breaker reset`: go on as the policy says after a forgery attempt was looked into. */
export function breakerCommand(): Command {
  const reset = new Command('reset')
    .description('close the breaker, so that the policy decides again')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ holdpoint status\n  $ holdpoint breaker reset')
    .action(
      action(async (flags: CommonFlags) => {
        const answer = await client(flags).call('POST', '/v1/breaker/reset', Answer)
        print(flags, answer, () => ['the breaker is closed'])
      }),
    )
  return new Command('breaker')
    .description('what holds everything after an attempt to forge an approval')
    .addCommand(reset)
}
