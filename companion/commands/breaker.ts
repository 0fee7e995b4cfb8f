import { Command } from 'commander'
import * as z from 'zod/mini'
import { Status } from '#shared/protocol/api.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { client } from './client.ts'
import { plain } from './holds.ts'

const Answer = z.object({ open: z.boolean(), audit_id: z.string() })

interface CloseFlags extends CommonFlags {
  scope?: string
  reason: string
}

/** `holdpoint breaker [list|close]`: what is held until a person closes it. */
export function breakerCommand(): Command {
  return new Command('breaker')
    .description('what is held after a forged approval or too many errors, and the way to close it')
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(closeCommand())
    .addHelpText(
      'after',
      `
Exit codes: 0 ok, 1 it is not open, 2 usage, 4 no companion is running

Examples:
  $ holdpoint breaker
  $ holdpoint breaker close --reason "the form was broken; fixed and tried"
  $ holdpoint breaker close --scope "rule small-refunds" --reason "limits are right now"`,
    )
}

function listCommand(): Command {
  return new Command('list')
    .description('every breaker that is open, with what opened it')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(
      action(async (flags: CommonFlags) => {
        const { breaker } = await client(flags).call('GET', '/v1/status', Status)
        print(flags, breaker, () =>
          breaker.scopes.length === 0
            ? ['closed']
            : breaker.scopes.map(
                ({ scope, reason, since }) =>
                  `${plain(scope)}  open since ${since}: ${plain(reason)}`,
              ),
        )
      }),
    )
}

/** Scripts of before know it as `reset`. */
function closeCommand(): Command {
  return new Command('close')
    .alias('reset')
    .description('close it, so that the policy decides again; the reason stays in the log')
    .requiredOption('--reason <text>', 'why it may go on')
    .option(
      '--scope <scope>',
      '`policy`, `rule ID` or `site HOST`; every one that is open without it',
    )
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(
      action(async (flags: CloseFlags) => {
        const scope = flags.scope === undefined ? {} : { scope: flags.scope }
        const body = { reason: flags.reason, ...scope }
        const answer = await client(flags).call('POST', '/v1/breaker/reset', Answer, body)
        print(flags, answer, () => [
          answer.open ? 'closed; another one is still open' : 'the breaker is closed',
        ])
      }),
    )
}
