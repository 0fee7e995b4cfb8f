import { Command } from 'commander'
import { Hold } from '#shared/protocol/hold.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { client } from './client.ts'

interface Flags extends CommonFlags {
  reason?: string
}

/** `holdpoint approve ID`. */
export function approveCommand(): Command {
  return verdictCommand('approve', 'let a held action go, once, on the terms it was held with')
}

/** `holdpoint deny ID`. */
export function denyCommand(): Command {
  return verdictCommand('deny', 'end a held action; the reason reaches the agent')
}

function verdictCommand(verdict: 'approve' | 'deny', says: string): Command {
  return new Command(verdict)
    .description(says)
    .argument('<id>', 'id of the hold, as `holdpoint holds` shows it')
    .option('--reason <text>', 'why, for the log')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nExit codes: 0 ok, 1 the hold has ended or does not exist, 4 no companion is running\n\nExamples:\n  $ holdpoint ${verdict} hold_M3kq…${verdict === 'deny' ? ' --reason "wrong customer"' : ''}`,
    )
    .action(
      action(async (id: string, flags: Flags) => {
        const body = { verdict, ...(flags.reason === undefined ? {} : { reason: flags.reason }) }
        const path = `/v1/holds/${encodeURIComponent(id)}/verdict`
        const hold = await client(flags).call('POST', path, Hold, body)
        print(flags, hold, () => [`${hold.id} is ${hold.state}`])
      }),
    )
}
