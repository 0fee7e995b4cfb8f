import { Command } from 'commander'
import { action } from './action.ts'
import { gatewayPart } from './gateway-part.ts'
import { practicePart } from './practice-part.ts'
import { type StartFlags, stay, withStartFlags } from './start.ts'
import { startOrAttach } from './start-or-attach.ts'

/** `holdpoint gateway`: the companion and a browser that any CDP client can drive, held at the wire. */
export function gatewayCommand(): Command {
  const practice = practicePart()
  const parts = [practice.part, gatewayPart(practice.url, { name: 'gateway', agent: 'agent' })]
  return withStartFlags(
    new Command('gateway').description(
      'start the companion and a browser that any CDP client can drive; what it does is held at the wire',
    ),
    parts,
  )
    .addHelpText(
      'after',
      `
With --json the first line on standard output is a JSON document; its \`cdp\` is the agent's address.

Exit codes: 0 stopped, 2 usage, 3 no browser, 4 set-up, 5 port busy or running under
other rules

Where a companion runs on the home folder already, the browser is added to that one, and goes when this
command does.

Examples:
  $ holdpoint gateway --practice
  $ holdpoint gateway --name "inbox triage" --agent mailbot --app https://mail.example.com/
  $ npx @playwright/mcp --cdp-endpoint http://127.0.0.1:PORT`,
    )
    .action(action((flags: StartFlags) => stay(flags, () => startOrAttach(flags, parts))))
}
