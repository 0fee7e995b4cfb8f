import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import type { FoundBrowser } from '#companion/browser/find-browser.ts'
import { isParams, type Params } from './cdp.ts'
import { Pipe } from './pipe.ts'
import { browserSwitches, type OwnSwitches } from './switches.ts'

export interface LaunchOptions extends OwnSwitches {
  browser: FoundBrowser
  /** The browser's environment; this process's own where it is left out. */
  env?: NodeJS.ProcessEnv | undefined
  /** Told what listeners of the pipe throw; a warning of the process without it. */
  report?: ((error: unknown) => void) | undefined
}

export interface Launched {
  pipe: Pipe
  pid: number
  /** Resolves when the browser's process has ended, however it ended. */
  ended: Promise<void>
  /** Asks the browser to end, and ends it where it does not within five seconds. */
  close(): Promise<void>
}

/** Starts a browser that only this process can debug: over a pipe, without a port. It opens no window
 * of its own, so that everything is in place before there is a first page. Rejects where the browser
 * cannot be started, or ends before it has answered. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  writePreferences(options.profile)
  const switches = [
    ...browserSwitches(options),
    ...(smallSharedMemory() ? ['--disable-dev-shm-usage'] : []),
  ]
  const child = spawn(options.browser.path, switches, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that Ctrl-C reaches us first and the browser can close cleanly.
    detached: process.platform !== 'win32',
    env: options.env ?? process.env,
  })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      kill(child) // a browser that was killed leaves its other processes behind, for a while
      resolve()
    })
    child.once('error', () => resolve())
  })
  await started(child)
  const [, , errors, writer, reader] = child.stdio
  if (!(writer instanceof Writable) || !(reader instanceof Readable) || child.pid === undefined)
    throw new Error('the browser was started without a debugging pipe')
  const last = lastLines(errors)
  const pipe = new Pipe(writer, reader, options.report)
  try {
    await pipe.call('Browser.getVersion')
  } catch (error) {
    await close(child, pipe, ended)
    const said = last()
    throw new Error(
      `the browser \`${options.browser.path}\` ended as soon as it was started${said ? `: ${said}` : ''}; \`holdpoint doctor\` checks it`,
      { cause: error },
    )
  }
  return { pipe, pid: child.pid, ended, close: () => close(child, pipe, ended) }
}

/** Preferences of the profile, without which something would leave the browser unseen: speculation
 * rules prefetch and prerender outside `Fetch` unless "preload pages" is off (2; measured on Chromium
 * 156, where `Page.setPrerenderingAllowed` did not help), and WebRTC sends UDP past a proxy. */
function writePreferences(profile: string): void {
  const folder = join(profile, 'Default')
  const file = join(folder, 'Preferences')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const kept = existsSync(file) ? read(file) : {}
  const merged = {
    ...kept,
    net: { ...child(kept, 'net'), network_prediction_options: 2 },
    webrtc: { ...child(kept, 'webrtc'), ip_handling_policy: 'disable_non_proxied_udp' },
    search: { ...child(kept, 'search'), suggest_enabled: false },
    alternate_error_pages: { ...child(kept, 'alternate_error_pages'), enabled: false },
    signin: { ...child(kept, 'signin'), allowed: false, allowed_on_next_startup: false },
    credentials_enable_service: false,
  }
  writeFileSync(file, JSON.stringify(merged), { mode: 0o600 })
}

function read(file: string): Params {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isParams(value) ? value : {}
  } catch {
    return {} // cut off by a crash: the browser starts from nothing then, too
  }
}

function child(of: Params, name: string): Params {
  const value = of[name]
  return isParams(value) ? value : {}
}

/** What the browser last wrote, for the one who asks why it ended. */
function lastLines(errors: unknown): () => string {
  let kept = ''
  if (errors instanceof Readable)
    errors.on('data', (chunk: Buffer) => {
      kept = (kept + chunk.toString('utf8')).slice(-2000)
    })
  return () => kept.trim().split('\n').slice(-3).join(' / ')
}

/** Containers often give 64 MB of shared memory, with which Chromium's renderers die. */
function smallSharedMemory(): boolean {
  if (process.platform !== 'linux') return false
  try {
    const { blocks, bsize } = statfsSync('/dev/shm')
    return blocks * bsize < 256 * 1024 * 1024
  } catch {
    return true // no /dev/shm at all
  }
}

function started(process: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    process.once('spawn', resolve)
    process.once('error', (error) =>
      reject(new Error(`the browser did not start: ${error.message}`)),
    )
  })
}

async function close(browser: ChildProcess, pipe: Pipe, ended: Promise<void>): Promise<void> {
  if (browser.exitCode !== null || browser.signalCode !== null) return
  // The browser's own way writes the profile; a signal is for one that no longer listens.
  pipe.call('Browser.close').catch(() => undefined)
  const timer = setTimeout(() => kill(browser), 5_000)
  await ended
  clearTimeout(timer)
}

/** The launcher may be a script: the whole group is meant. */
function kill(browser: ChildProcess): void {
  if (browser.pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? browser.pid : -browser.pid, 'SIGKILL')
  } catch {
    browser.kill('SIGKILL') // the group is gone already, or was never ours to signal
  }
}
