import { Argument, Command } from 'commander'
import colors from 'picocolors'
import { type Run, type RunChange, RunPage, Run as RunShape } from '#shared/protocol/run.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { type Client, client } from './client.ts'
import { Failure } from './failure.ts'
import { plain } from './holds.ts'

interface Flags extends CommonFlags {
  all?: boolean
}

/** `holdpoint runs`: which agents are at work, and a hand on each. */
export function runsCommand(): Command {
  const command = new Command('runs')
    .description('list agent sessions; pause, resume or kill them')
    .addCommand(listCommand(), { isDefault: true })
    .addHelpText('after', HELP)
  for (const { verb, to, says } of VERBS) command.addCommand(verbCommand(verb, to, says))
  return command
}

const HELP = `
Exit codes: 0 ok, 1 the run has ended or does not exist, 2 usage, 4 no companion is running

Examples:
  $ holdpoint runs
  $ holdpoint runs pause run_M3kq…
  $ holdpoint runs kill --all`

function listCommand(): Command {
  return new Command('list')
    .description('what there is without a verb: every run, live ones first')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(
      action(async (flags: CommonFlags) => {
        const page = await client(flags).call('GET', '/v1/runs', RunPage)
        print(flags, page, () => linesOf(page.runs))
      }),
    )
}

const VERBS: readonly { verb: string; to: RunChange['state']; says: string }[] = [
  { verb: 'pause', to: 'paused', says: 'let nothing of the agent go on until it is resumed' },
  { verb: 'resume', to: 'live', says: 'let a paused agent go on' },
  { verb: 'kill', to: 'killed', says: 'end an agent session for good, with what it has held' },
]

function verbCommand(verb: string, to: RunChange['state'], says: string): Command {
  return new Command(verb)
    .description(says)
    .addArgument(new Argument('[id]', 'id of the run, as `holdpoint runs` shows it'))
    .option('--all', 'every run that is live')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(
      action(async (id: string | undefined, flags: Flags) => {
        const runs = await change(client(flags), id, flags.all ?? false, to)
        print(flags, { runs }, () =>
          runs.length === 0 ? ['no run is live'] : runs.map(({ id, state }) => `${id} is ${state}`),
        )
      }),
    )
}

async function change(
  { call }: Client,
  id: string | undefined,
  all: boolean,
  state: RunChange['state'],
): Promise<Run[]> {
  if (all === (id !== undefined))
    throw new Failure('usage', 'usage', 'expected the id of a run, or --all')
  if (id !== undefined)
    return [await call('POST', `/v1/runs/${encodeURIComponent(id)}`, RunShape, { state })]
  const before = (await call('GET', '/v1/runs', RunPage)).runs.filter(isLive)
  const { runs } = await call('POST', '/v1/runs', RunPage, { state })
  return runs.filter((run) => before.some((one) => one.id === run.id))
}

function isLive({ state }: Run): boolean {
  return state === 'live' || state === 'paused'
}

function linesOf(runs: readonly Run[]): string[] {
  if (runs.length === 0)
    return ['no agent has run yet; start one with `holdpoint run -- <command>`']
  return runs.map((run) => {
    const state = run.takeover ? 'taken over' : run.state
    const held = run.held > 0 ? `, ${run.held} held` : ''
    const until = run.endedAt === null ? '' : ` until ${run.endedAt}`
    return [
      `${colors.bold(run.id)}  ${isLive(run) ? colors.bold(state) : state}${held}`,
      `  ${plain(run.name)}, agent ${plain(run.agent)}${run.client ? ` by ${plain(run.client)}` : ''}, since ${run.startedAt}${until}, ${run.entries} entries`,
    ].join('\n')
  })
}
