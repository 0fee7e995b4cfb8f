import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { NewBrowser, OpenedBrowser } from '#shared/protocol/browser.ts'
import { type AgentPipe, agentPipe } from '../gateway/agent-pipe.ts'
import { familyOfCommandLine } from '../gateway/client-family.ts'
import { bridge } from '../gateway/pipe-bridge.ts'
import { clientSwitches } from '../gateway/switches.ts'
import { type Leased, leaseBrowser, screenOf } from './attach.ts'
import { backgroundCompanion } from './background.ts'
import { findOrInstallBrowser } from './doctor.ts'
import { Failure } from './failure.ts'
import { homeOf } from './home.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Over file descriptors 3 and 4, or on a port (0 for any). */
type Transport = { pipe: true } | { pipe: false; port: number }

/** `holdpoint-chrome`: started as a browser is, by a client that was told that this is one. Opens a
 * supervised browser on the companion of the home folder, and speaks to the client as a browser would.
 * Where no companion runs, one is started that outlives this process: other clients may have joined it
 * by then. Resolves with the exit code when either side has ended it. */
export async function browserShim(argv: readonly string[], env: Environment): Promise<number> {
  if (argv.some((argument) => /^--(?:product-)?version$/.test(argument))) {
    const found = await findOrInstallBrowser()
    if (!found.ok) throw new Failure('noBrowser', found.error.code, found.error.message)
    return spawnSync(found.browser.path, argv, { stdio: 'inherit' }).status ?? 1
  }
  const transport = transportOf(argv)
  if (!transport)
    throw new Failure(
      'usage',
      'no_transport',
      'holdpoint-chrome is started by a client that drives a browser (`executablePath`, `--executable-path`, a Selenium binary): expected --remote-debugging-pipe or --remote-debugging-port=N',
    )
  const told = untilTold()
  const pipe = transport.pipe ? agentPipe(new Socket({ fd: 3 }), new Socket({ fd: 4 })) : null
  const home = homeOf(undefined)
  const wish = wishOf(argv, env, transport)
  const leased = await leaseBrowser(home, wish, backgroundCompanion(home))
  const { browser, companion } = leased
  try {
    for (const dropped of browser.dropped)
      say(`left out \`${dropped}\`, which could undo supervision or is not known`)
    // Without the token: the client reads what is said here, and may not answer its own holds.
    say(`the dashboard is at ${companion.url}; \`holdpoint holds\` lists what waits`)
    await serve(leased, pipe, told, familyOfCommandLine(argv, env))
  } finally {
    await leased.close()
  }
  return 0
}

/** Serves the client until it, or the browser, has ended. */
async function serve(
  { browser, closeAsked, ended }: Leased,
  pipe: AgentPipe | null,
  told: Promise<void>,
  family: ReturnType<typeof familyOfCommandLine>,
): Promise<void> {
  const ends = [told, ended]
  if (pipe) ends.push(bridge(pipe, browser.ws, family))
  else announce(browser)
  // The answer to Browser.close goes out first.
  ends.push(closeAsked.then(() => pause(50)))
  await Promise.race(ends)
}

/** Says where it listens as a browser does: in a file of the profile, and on standard error. */
function announce({ ws, profile }: OpenedBrowser): void {
  const { port, pathname } = new URL(ws)
  mkdirSync(profile, { recursive: true, mode: 0o700 })
  const file = join(profile, 'DevToolsActivePort')
  writeFileSync(`${file}.new`, `${port}\n${pathname}`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  process.stderr.write(`\nDevTools listening on ${ws}\n`)
}

/** Resolves when the client ends this process as it would end a browser. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.once(signal, () => resolve())
  })
}

function wishOf(argv: readonly string[], env: Environment, transport: Transport): NewBrowser {
  const { switches, dropped, urls } = clientSwitches(argv)
  const pages = urls.length > 0 ? urls : ['about:blank']
  const profile = switchValue(argv, 'user-data-dir')
  return {
    ...(profile ? { profile: resolve(profile) } : {}),
    headless: argv.includes('--headless') || switchValue(argv, 'headless') !== undefined,
    switches: [...switches, ...dropped],
    pages: argv.includes('--no-startup-window') ? [] : pages,
    ...(transport.pipe ? {} : { port: transport.port }),
    name: env.HOLDPOINT_RUN || 'holdpoint-chrome',
    agent: env.HOLDPOINT_AGENT || familyOfCommandLine(argv, env),
    env: screenOf(env),
  }
}

function transportOf(argv: readonly string[]): Transport | null {
  if (argv.includes('--remote-debugging-pipe')) return { pipe: true }
  const port = switchValue(argv, 'remote-debugging-port') ?? ''
  return /^\d{1,5}$/.test(port) ? { pipe: false, port: Number(port) } : null
}

function switchValue(argv: readonly string[], name: string): string | undefined {
  return argv.findLast((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3)
}

function say(text: string): void {
  process.stderr.write(`holdpoint-chrome: ${text}\n`)
}
