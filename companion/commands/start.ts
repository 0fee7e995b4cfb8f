import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import colors from 'picocolors'
import type { PairCode } from '#shared/protocol/access.ts'
import { EXTENSION_ID } from '#shared/protocol/extension-id.ts'
import { Mode } from '#shared/protocol/words.ts'
import { packageRoot } from '../server/package-root.ts'
import { action, homeOption, jsonOption } from './action.ts'
import type { Client } from './client.ts'
import { homeOf } from './home.ts'
import { hostBrowsers } from './host-browsers.ts'
import { type Companion, startCompanion } from './start-companion.ts'

/** Something that `start` does once the companion is up, such as opening a browser: it may add flags
 * of its own, parts of the JSON line, and lines for people. */
export interface StartPart {
  flags?(command: Command): void
  /** Rejecting ends the start with that error. `options` are all the flags as commander parsed them. */
  afterReady(companion: Companion, options: StartFlags): Promise<StartedPart | null>
  /** The same where a companion runs already, in another process. Without it, it is left out there. */
  afterAttached?(companion: Client, options: StartFlags): Promise<StartedPart | null>
}

export interface StartedPart {
  line?: Record<string, unknown>
  says?: readonly string[]
  /** Resolves when it has ended by itself, and with it the reason to stay. */
  ended?: Promise<void>
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
  untilIdle?: number
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
    .addOption(
      new Option('--until-idle <s>', 'end when nobody has needed it for so many seconds')
        .argParser(secondsOf)
        .hideHelp(),
    )
    .action(action((flags: StartFlags) => stay(flags, () => startAll(flags, parts))))
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

/** A companion, in this process or another, with the parts that this process adds. */
export interface Started {
  companion: Supervised
  parts: readonly StartedPart[]
  /** Whether anybody needs the companion. Absent where it is in another process. */
  isWanted?(): boolean
  /** Stops the parts, and resolves when no other process has a browser here. */
  leave(): Promise<void>
  stop(): Promise<void>
}

/** What people are told of a companion. */
export interface Supervised
  extends Pick<Companion, 'url' | 'dashboardUrl' | 'token' | 'home' | 'version'> {
  pair(): PairCode | Promise<PairCode>
}

/** Starts the companion and then its parts, in order. Where one of them fails, all are stopped. */
export async function startAll(flags: StartFlags, parts: readonly StartPart[]): Promise<Started> {
  const { port, policy, mode } = flags
  const home = homeOf(flags.home)
  const companion = await startCompanion({ home, port, policy, mode, prepare: hostBrowsers })
  const started: StartedPart[] = []
  const stopParts = async () => {
    for (const part of started.splice(0).reverse()) await part.stop?.()
  }
  const leave = async () => {
    await stopParts()
    await companion.browsers.unleased()
  }
  const stop = async () => {
    await stopParts()
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
  return { companion, parts: [...started], isWanted: companion.isWanted, leave, stop }
}

/** Starts everything, says so, and stays until a signal ends it, or what it was started for has ended. */
export async function stay(flags: StartFlags, start: () => Promise<Started>): Promise<void> {
  const signal = untilSignal()
  const started = await start()
  if (flags.json) process.stdout.write(`${JSON.stringify(await lineOf(started))}\n`)
  else process.stdout.write(`${(await says(started)).join('\n')}\n`)
  const ends = started.parts.flatMap(({ ended }) => ended ?? [])
  if (flags.untilIdle !== undefined) ends.push(untilIdle(started, flags.untilIdle))
  await Promise.race([signal, ...ends])
  await started.stop()
}

/** Resolves when nobody has needed the companion for a while. */
async function untilIdle({ isWanted }: Started, seconds: number): Promise<void> {
  let since = performance.now()
  while (performance.now() - since < seconds * 1000) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(1000, seconds * 250)))
    if (isWanted?.()) since = performance.now()
  }
}

/** What `--json` prints of a companion and its parts. */
async function lineOf({ companion, parts }: Started): Promise<Record<string, unknown>> {
  const { url, dashboardUrl, token, home } = companion
  const pairing = await companion.pair()
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

async function says({ companion, parts }: Started): Promise<string[]> {
  const { dashboardUrl, home, version } = companion
  // The first code may be spent: a browser that was opened here has paired with it.
  const pairing = await companion.pair()
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
export function untilSignal(): Promise<void> {
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

function secondsOf(text: string): number {
  const seconds = Number(text)
  if (/^\d{1,6}(?:\.\d{1,3})?$/.test(text) && seconds > 0) return seconds
  throw new InvalidArgumentError('expected a number of seconds')
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('expected a number from 0 to 65535')
}
