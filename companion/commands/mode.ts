import { Argument, Command } from 'commander'
import { PolicyView } from '#shared/protocol/api.ts'
import { Mode } from '#shared/protocol/words.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { client } from './client.ts'

interface Flags extends CommonFlags {
  site?: string
}

/** `holdpoint mode [MODE]`: shows the mode, or sets it in the policy file. */
export function modeCommand(): Command {
  return new Command('mode')
    .description('show the mode, or set it in the policy file, for everything or for one site')
    .addArgument(new Argument('[mode]', 'the mode to set').choices(Mode.options))
    .option('--site <url>', 'only for this site, as a URL pattern')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 the policy cannot be edited, 4 no companion is running\n\nExamples:\n  $ holdpoint mode\n  $ holdpoint mode shadow --site https://mail.example.com/**',
    )
    .action(
      action(async (mode: Mode | undefined, flags: Flags) => {
        const { call } = client(flags)
        const view =
          mode === undefined
            ? await call('GET', '/v1/policy', PolicyView)
            : await call('PUT', '/v1/policy/mode', PolicyView, { site: flags.site ?? null, mode })
        const { version, sites } = view
        print(flags, { mode: view.mode, sites, version }, () => [
          view.mode,
          ...sites.map(
            (site) => `  ${site.url}  ${site.mode}${site.until ? ` until ${site.until}` : ''}`,
          ),
        ])
      }),
    )
}
