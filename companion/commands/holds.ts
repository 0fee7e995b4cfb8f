import { Command, Option } from 'commander'
import colors from 'picocolors'
import { HoldPage } from '#shared/protocol/api.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import { HoldState } from '#shared/protocol/words.ts'
import { againIn } from '#shared/ui/again.ts'
import { approvalsSay } from '#shared/ui/approvals.ts'
import { sentence } from '#shared/ui/sentence.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { client } from './client.ts'

interface Flags extends CommonFlags {
  state: HoldState | 'all'
}

/** `holdpoint holds`: what waits for a person. */
export function holdsCommand(): Command {
  return new Command('holds')
    .description('list the actions that wait for a person')
    .addOption(
      new Option('--state <state>', 'holds in this state')
        .choices([...HoldState.options, 'all'])
        .default('pending'),
    )
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 4 no companion is running\n\nExamples:\n  $ holdpoint holds\n  $ holdpoint holds --state all --json',
    )
    .action(
      action(async (flags: Flags) => {
        const query = flags.state === 'all' ? '' : `?state=${flags.state}`
        const page = await client(flags).call('GET', `/v1/holds${query}`, HoldPage)
        print(flags, page, () => [
          ...(page.holds.length === 0 ? ['nothing is waiting'] : page.holds.flatMap(linesOf)),
          ...(page.unreadable > 0 ? [unreadable(page.unreadable)] : []),
        ])
      }),
    )
}

function linesOf(hold: Hold): string[] {
  const { classification, decision } = hold
  const people = approvalsSay(hold)
  const again = againIn(hold, Date.now())
  return [
    `${colors.bold(hold.id)}  ${hold.state}${hold.released ? ', released' : ''}  until ${hold.expiresAt}`,
    `  ${plain(sentence(hold))}`,
    `  ${classification.capability}, ${classification.category}, ${classification.effect}: ${plain(decision.reason)}`,
    ...(people === '' ? [] : [`  ${plain(people)}`]),
    ...(decision.batch === undefined ? [] : [`  batch ${plain(decision.batch)}`]),
    ...(decision.like === undefined ? [] : [`  like ${decision.like.join(', ')}`]),
    ...(again === '' ? [] : [`  ${again}`]),
  ]
}

function unreadable(count: number): string {
  const what = count === 1 ? 'hold that is' : 'holds that are'
  return `${count} ${what} stored cannot be read by this version and not shown; nothing of it happens`
}

/** Text of a page may hold control characters that a terminal would obey. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '\u{FFFD}')
}
