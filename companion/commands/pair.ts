import { Command } from 'commander'
import colors from 'picocolors'
import { PairCode } from '#shared/protocol/access.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { client } from './client.ts'

/** `holdpoint pair`: a fresh code for a browser. */
export function pairCommand(): Command {
  return new Command('pair')
    .description('print a code that pairs a browser with this companion')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 4 no companion is running\n\nExamples:\n  $ holdpoint pair\n  $ holdpoint pair --json',
    )
    .action(
      action(async (flags: CommonFlags) => {
        const { call, url } = client(flags)
        const code = await call('POST', '/v1/pair/code', PairCode)
        print(flags, { companion: url, ...code }, () => [
          `code       ${colors.bold(code.code)} (good for 5 minutes, once)`,
          `companion  ${url}`,
          `page       ${code.url}`,
        ])
      }),
    )
}
