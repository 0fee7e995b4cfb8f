import { Command } from 'commander'
import { Status } from '#shared/protocol/api.ts'
import { PolicyUse, Recorded } from '#shared/protocol/oversight.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { client } from './client.ts'
import { plain } from './holds.ts'

interface Flags extends CommonFlags {
  note?: string
}

/** `holdpoint review [--note TEXT]`: whether the policy is due for a review, and the note that closes it. */
export function reviewCommand(): Command {
  return new Command('review')
    .description('say whether the policy is due for a review, or close one with a note')
    .option('--note <text>', 'what you looked at and decided; closes what is due')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 you may not close it, 4 no companion is running\n\nExamples:\n  $ holdpoint review\n  $ holdpoint review --note "limits are right; raised nothing"',
    )
    .action(
      action(async (flags: Flags) => {
        const { call } = client(flags)
        if (flags.note !== undefined) {
          const closed = await call('POST', '/v1/reviews', Recorded, { note: flags.note })
          print(flags, closed, () => [`reviewed, recorded as ${closed.audit_id}`])
          return
        }
        const { reviews } = await call('GET', '/v1/status', Status)
        const { nextReview } = await call('GET', '/v1/policy/use', PolicyUse)
        print(flags, { due: reviews, next: nextReview }, () => {
          if (reviews.length > 0) return reviews.map(({ says }) => `due: ${plain(says)}`)
          return [
            nextReview === null
              ? 'nothing is due; the policy asks for no review by time'
              : `nothing is due before ${nextReview}`,
          ]
        })
      }),
    )
}
