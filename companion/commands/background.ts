import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../server/package-root.ts'
import { exits, Failure } from './failure.ts'
import { makeHome, readState } from './home.ts'

/** A companion that is nobody's child ends by itself when nobody has needed it for this long. */
export const IDLE_SECONDS = 15

/** Starts a companion in a process of its own, which outlives the one that starts it: clients kill what
 * they have started, and other clients' browsers may be in it. The returned function starts it where it
 * has not been, and throws where it could not start. */
export function backgroundCompanion(home: string): () => void {
  let child: ChildProcess | undefined
  return () => {
    const code = child?.exitCode ?? null
    // Of those that start at the same time all but one find the home folder taken, and wait for that one.
    if (code !== null && code !== 0 && code !== exits.portBusy)
      throw new Failure(
        'setUp',
        'companion_failed',
        `the companion could not be started on \`${home}\`: ${lastLine(logOf(home))}`,
      )
    const ended = !child || code !== null || child.signalCode !== null
    // A state without an address is that of one which starts, or stops, just now.
    if (ended && readState(home)?.url !== null) child = start(home)
  }
}

function start(home: string): ChildProcess {
  makeHome(home)
  const log = openLog(logOf(home))
  try {
    const args = ['start', '--no-browser', '--until-idle', String(IDLE_SECONDS), '--home', home]
    const cli = join(packageRoot().dir, 'companion/dist/cli.js')
    const child = spawn(process.execPath, [cli, ...args], {
      // A session of its own, and none of the client's streams: a client waits until those are closed.
      detached: true,
      stdio: ['ignore', 'ignore', log],
      cwd: home,
      env: environment(),
    })
    child.once('error', () => undefined) // it does not answer then, which is said in its time
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** The client's environment. What it says about the companion is not the client's to say, but for which
 * home folder and which browser. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('HOLDPOINT_') || name === 'HOLDPOINT_BROWSER',
  )
  return Object.fromEntries(kept)
}

const LOG_LIMIT = 1024 * 1024

function logOf(home: string): string {
  return join(home, 'companion.log')
}

/** Nobody reads its standard error, so it is kept. */
function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return openSync(path, size > LOG_LIMIT ? 'w' : 'a', 0o600)
}

function lastLine(path: string): string {
  return readFileSync(path, 'utf8').trim().split('\n').at(-1) || `see \`${path}\``
}
