import { Command, Option } from 'commander'
import { IssuedToken, TokenInfo, TokenPage } from '#shared/protocol/access.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { client } from './client.ts'
import { plain } from './holds.ts'

interface CreateFlags extends CommonFlags {
  role: 'agent' | 'supervisor'
}

/** `holdpoint token create|list|revoke`. */
export function tokenCommand(): Command {
  return new Command('token')
    .description('make, list and revoke tokens for agents and supervisors')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand())
}

function createCommand(): Command {
  return new Command('create')
    .description('make a token; it is shown once')
    .argument('<name>', 'who it is for')
    .addOption(
      new Option('--role <role>', 'an agent may only ask, a supervisor may approve')
        .choices(['agent', 'supervisor'])
        .default('agent'),
    )
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ holdpoint token create invoice-bot')
    .action(
      action(async (name: string, flags: CreateFlags) => {
        const body = { name, role: flags.role }
        const issued = await client(flags).call('POST', '/v1/tokens', IssuedToken, body)
        print(flags, issued, () => [issued.token])
      }),
    )
}

function listCommand(): Command {
  return new Command('list')
    .description('list tokens, without their secrets')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ holdpoint token list --json')
    .action(
      action(async (flags: CommonFlags) => {
        const page = await client(flags).call('GET', '/v1/tokens', TokenPage)
        print(flags, page, () => page.tokens.map(lineOf))
      }),
    )
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('end a token, and whatever is connected with it')
    .argument('<id>', 'id of the token, as `holdpoint token list` shows it')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ holdpoint token revoke t_8fLq…')
    .action(
      action(async (id: string, flags: CommonFlags) => {
        const path = `/v1/tokens/${encodeURIComponent(id)}`
        const info = await client(flags).call('DELETE', path, TokenInfo)
        print(flags, info, () => [lineOf(info)])
      }),
    )
}

function lineOf({ id, name, role, createdAt, revokedAt }: TokenInfo): string {
  const state = revokedAt === null ? `since ${createdAt}` : `revoked ${revokedAt}`
  return `${id}  ${role.padEnd(10)}  ${plain(name)}  ${state}`
}
