import { Command } from 'commander'
import { type VerdictBody, VerdictsAnswer } from '#shared/protocol/api.ts'
import { Hold } from '#shared/protocol/hold.ts'
import { approvalsSay } from '#shared/ui/approvals.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { client } from './client.ts'
import { exits } from './failure.ts'
import { plain } from './holds.ts'

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
    .argument('<ids...>', 'ids of holds, as `holdpoint holds` shows them')
    .option('--reason <text>', 'why, for the log')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nExit codes: 0 ok, 1 a hold has ended or does not exist, or you may not approve it, 4 no companion is running\n\nExamples:\n  $ holdpoint ${verdict} hold_M3kq…${verdict === 'deny' ? ' --reason "wrong customer"' : ''}\n  $ holdpoint ${verdict} hold_M3kq… hold_8fLq… --reason "all of one ticket"`,
    )
    .action(
      action(async (ids: string[], flags: Flags) => {
        const body = { verdict, ...(flags.reason === undefined ? {} : { reason: flags.reason }) }
        const [id, ...more] = ids
        if (id !== undefined && more.length === 0) return await one(id, body, flags)
        await many(ids, body, flags)
      }),
    )
}

async function one(id: string, body: VerdictBody, flags: Flags): Promise<void> {
  const path = `/v1/holds/${encodeURIComponent(id)}/verdict`
  const hold = await client(flags).call('POST', path, Hold, body)
  print(flags, hold, () => [lineOf(hold)])
}

async function many(holds: string[], body: VerdictBody, flags: Flags): Promise<void> {
  const answer = await client(flags).call('POST', '/v1/holds/verdicts', VerdictsAnswer, {
    ...body,
    holds,
  })
  print(flags, answer, () =>
    answer.results.map((one) =>
      one.ok ? lineOf(one.hold) : `${plain(one.id)}: ${plain(one.detail)} [${one.code}]`,
    ),
  )
  if (answer.results.some(({ ok }) => !ok)) process.exitCode = exits.failedCheck
}

function lineOf(hold: Hold): string {
  const people = hold.state === 'pending' ? approvalsSay(hold) : ''
  return `${hold.id} is ${hold.state}${people === '' ? '' : `; ${plain(people)}`}`
}
