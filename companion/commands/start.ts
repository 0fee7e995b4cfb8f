import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import colors from 'picocolors'
import { EXTENSION_ID } from '#shared/protocol/extension-id.ts'
import { Mode } from '#shared/protocol/words.ts'
import { packageRoot } from '../server/package-root.ts'
import { action, homeOption, jsonOption } from './action.ts'
import { homeOf } from './home.ts'
import { type Companion, startCompanion } from './start-companion.ts'

/** Something that `start` does once the companion is up, such as opening a browser: it may add flags
 * of its own, parts of the JSON line, and lines for people. */
export interface StartPart {
  flags?(command: Command): void
  /** Rejecting ends the start with that error. `options` are all the flags as commander parsed them. */
  afterReady(companion: Companion, options: StartFlags): Promise<StartedPart | null>
}

export interface StartedPart {
  line?: Record<string, unknown>
  says?: readonly string[]
  stop?(): Promise<void>
}

export interface StartFlags extends Record<string, unknown> {
  home?: string
  port?: number
  policy?: string
  mode?: Mode
  browser: boolean
  headless?: boolean
  json?: boolean
}

/** `holdpoint start`: the companion, and whatever `parts` add, until it is told to stop. */
export function startCommand(parts: readonly StartPart[]): Command {
  const command = new Command('start').description(
    'start the companion, and a supervised browser that is paired with it',
  )
  return withStartFlags(command, parts)
    .addHelpText(
      'after',
      `
With --json the first line on standard output is a JSON document, once everything is ready.

Exit codes: 0 stopped, 2 usage, 3 no browser, 4 set-up, 5 port busy or already running

Examples:
  $ holdpoint start
  $ holdpoint start --no-browser --port 0 --json
  $ HOLDPOINT_HOME=/tmp/try holdpoint start --mode shadow`,
    )
    .action(action((flags: StartFlags) => startAndStay(flags, parts)))
}

/** The flags of every command that starts a companion, and those of its parts. */
export function withStartFlags(command: Command, parts: readonly StartPart[]): Command {
  command
    .addOption(homeOption())
    .addOption(
      new Option('--port <n>', 'port on the loopback interface, 0 for any free one (default: 4763)')
        .env('HOLDPOINT_PORT')
        .argParser(portOf),
    )
    .addOption(
      new Option('--policy <file>', 'policy file (default: holdpoint.yaml in the home folder)').env(
        'HOLDPOINT_POLICY',
      ),
    )
    .addOption(
      new Option('--mode <mode>', "stands in for the policy's own mode")
        .choices(Mode.options)
        .env('HOLDPOINT_MODE'),
    )
    .option('--browser', 'open a supervised browser', process.env.HOLDPOINT_NO_BROWSER !== '1')
    .option('--no-browser', 'open none')
    .addOption(new Option('--headless', 'open no window').env('HOLDPOINT_HEADLESS'))
    .addOption(jsonOption())
  for (const part of parts) part.flags?.(command)
  return command
}

/** A companion with its parts, running. */
export interface Started {
  companion: Companion
  parts: readonly StartedPart[]
  stop(): Promise<void>
}

/** Starts the companion and then its parts, in order. Where one of them fails, all are stopped. */
export async function startAll(flags: StartFlags, parts: readonly StartPart[]): Promise<Started> {
  const { port, policy, mode } = flags
  const companion = await startCompanion({ home: homeOf(flags.home), port, policy, mode })
  const started: StartedPart[] = []
  const stop = async () => {
    for (const part of [...started].reverse()) await part.stop?.()
    await companion.stop()
  }
  try {
    for (const part of parts) {
      const done = await part.afterReady(companion, flags)
      if (done) started.push(done)
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { companion, parts: started, stop }
}

/** Starts everything, says so, and stays until a signal ends it. */
export async function startAndStay(flags: StartFlags, parts: readonly StartPart[]): Promise<void> {
  const signal = untilSignal()
  const started = await startAll(flags, parts)
  if (flags.json) process.stdout.write(`${JSON.stringify(lineOf(started))}\n`)
  else process.stdout.write(`${says(started).join('\n')}\n`)
  await signal
  await started.stop()
}

/** What `--json` prints of a companion and its parts. */
function lineOf({ companion, parts }: Started): Record<string, unknown> {
  const { url, dashboardUrl, token, home } = companion
  const pairing = companion.pair()
  const dir = join(packageRoot().dir, '.output/chrome-mv3-supervised')
  return Object.assign(
    {
      companion: url,
      dashboard: dashboardUrl,
      token,
      home,
      extension: { dir, id: EXTENSION_ID },
      pairing: { code: pairing.code, url: pairing.url },
    },
    ...parts.map((part) => part.line ?? {}),
  )
}

function says({ companion, parts }: Started): string[] {
  const { dashboardUrl, home, version } = companion
  // The first code may be spent: a browser that was opened here has paired with it.
  const pairing = companion.pair()
  return [
    `${colors.bold('Holdpoint')} ${version} holds what an agent's click would execute.`,
    `  dashboard  ${colors.cyan(dashboardUrl)}`,
    `  home       ${home}`,
    `  pairing    ${pairing.code} (good for 5 minutes; \`holdpoint pair\` for a new one)`,
    ...parts.flatMap((part) => (part.says ?? []).map((line) => `  ${line}`)),
    'Stop with Ctrl-C.',
  ]
}

/** Resolves at the first signal to end. A second one ends the process at once. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let ending = false
    const onSignal = () => {
      if (ending) process.exit(130)
      ending = true
      resolve()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('expected a number from 0 to 65535')
}
