import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join, resolve } from 'node:path'
import type { FoundBrowser } from '../browser/find-browser.ts'
import { agentPipe } from '../gateway/agent-pipe.ts'
import { familyOfCommandLine } from '../gateway/client-family.ts'
import type { NewRun, RunHandle } from '../gateway/gateway.ts'
import { clientSwitches } from '../gateway/switches.ts'
import { findOrInstallBrowser } from './doctor.ts'
import { Failure } from './failure.ts'
import { homeOf } from './home.ts'
import { type Companion, startCompanion } from './start-companion.ts'

/** A gateway on a companion, with everything that holds; see gateway-host.ts. */
export interface ShimHost {
  newRun(run: NewRun): Promise<RunHandle>
  /** Resolves when the browser has ended. */
  ended: Promise<void>
  stop(): Promise<void>
}

export interface ShimHostOptions {
  browser: FoundBrowser
  profile: string
  headless: boolean
  switches: readonly string[]
}

export type StartShimHost = (companion: Companion, options: ShimHostOptions) => Promise<ShimHost>

/** What a client's command line for a browser asks for. */
interface Wish {
  profile: string | undefined
  headless: boolean
  /** Over file descriptors 3 and 4, or on a port (0 for any). */
  transport: { pipe: true } | { pipe: false; port: number } | null
  /** Pages to open first; none with `--no-startup-window`. */
  pages: readonly string[]
  switches: readonly string[]
  dropped: readonly string[]
}

/** `holdpoint-chrome`: started as a browser is, by a client that was told that this is one. Starts a
 * companion and a supervised browser, and speaks to the client as a browser would. Resolves with the
 * exit code when either side has ended it. */
export async function browserShim(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  startHost: StartShimHost,
): Promise<number> {
  const found = await findOrInstallBrowser()
  if (!found.ok) throw new Failure('noBrowser', found.error.code, found.error.message)
  const { browser } = found
  if (argv.some((argument) => /^--(?:product-)?version$/.test(argument)))
    return spawnSync(browser.path, argv, { stdio: 'inherit' }).status ?? 1
  const wish = wishOf(argv)
  if (!wish.transport)
    throw new Failure(
      'usage',
      'no_transport',
      'holdpoint-chrome is started by a client that drives a browser (`executablePath`, `--executable-path`, a Selenium binary): expected --remote-debugging-pipe or --remote-debugging-port=N',
    )
  for (const dropped of wish.dropped)
    say(`left out \`${dropped}\`, which could undo supervision or is not known`)
  const companion = await startedCompanion(homeOf(undefined))
  try {
    const profile = resolve(wish.profile ?? join(companion.home, 'gateway-profile'))
    const { headless, switches } = wish
    const host = await startHost(companion, { browser, profile, headless, switches })
    try {
      // Without the token: the client reads what is said here, and may not answer its own holds.
      say(`the dashboard is at ${companion.url}; \`holdpoint holds\` lists what waits`)
      await serve(host, wish, wish.transport, profile, { argv, env })
    } finally {
      await host.stop()
    }
  } finally {
    await companion.stop()
  }
  return 0
}

/** Serves the client until it, or the browser, has ended. */
async function serve(
  host: ShimHost,
  wish: Wish,
  transport: NonNullable<Wish['transport']>,
  profile: string,
  { argv, env }: { argv: readonly string[]; env: Readonly<Record<string, string | undefined>> },
): Promise<void> {
  const family = familyOfCommandLine(argv, env)
  let over: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    over = resolve
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, over)
  const run = await host.newRun({
    name: env.HOLDPOINT_RUN || 'holdpoint-chrome',
    agent: env.HOLDPOINT_AGENT || family,
    pages: wish.pages,
    ...(transport.pipe ? {} : { port: transport.port }),
    // The answer to Browser.close goes out first.
    closed: () => setTimeout(over, 50),
  })
  if (transport.pipe) {
    const pipe = agentPipe(new Socket({ fd: 3 }), new Socket({ fd: 4 }))
    const connection = await run.connect(pipe.socket, family)
    pipe.read((text) => connection.receive(text))
    pipe.ended.then(() => {
      connection.left()
      over()
    }, over)
  } else announce(run, profile)
  await Promise.race([ended, host.ended])
}

/** Says where it listens as a browser does: in a file of the profile, and on standard error. */
function announce({ ws }: RunHandle, profile: string): void {
  const { port, pathname } = new URL(ws)
  mkdirSync(profile, { recursive: true, mode: 0o700 })
  const file = join(profile, 'DevToolsActivePort')
  writeFileSync(`${file}.new`, `${port}\n${pathname}`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  process.stderr.write(`\nDevTools listening on ${ws}\n`)
}

function wishOf(argv: readonly string[]): Wish {
  const { switches, dropped, urls } = clientSwitches(argv)
  const value = (name: string) =>
    argv.findLast((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3)
  const port = value('remote-debugging-port')
  const has = (name: string) => argv.includes(`--${name}`)
  const pages = urls.length > 0 ? urls : ['about:blank']
  return {
    profile: value('user-data-dir') || undefined,
    headless: has('headless') || value('headless') !== undefined,
    transport: has('remote-debugging-pipe')
      ? { pipe: true }
      : port !== undefined && /^\d{1,5}$/.test(port)
        ? { pipe: false, port: Number(port) }
        : null,
    pages: has('no-startup-window') ? [] : pages,
    switches,
    dropped,
  }
}

async function startedCompanion(home: string): Promise<Companion> {
  try {
    return await startCompanion({ home })
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'already_running') throw error
    throw new Failure(
      'portBusy',
      error.code,
      `a companion is running on \`${home}\` already, and it alone may use that folder. Either let the client connect to it (\`holdpoint gateway\` prints an address for connectOverCDP, browserURL, --cdp-endpoint and debuggerAddress), or stop it, or give this browser a folder of its own: HOLDPOINT_HOME=/path/to/folder`,
    )
  }
}

function say(text: string): void {
  process.stderr.write(`holdpoint-chrome: ${text}\n`)
}
