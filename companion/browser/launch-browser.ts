import { type ChildProcess, spawn } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { loadOverPipe } from './extension-over-pipe.ts'
import type { FoundBrowser } from './find-browser.ts'

export interface LaunchOptions {
  browser: FoundBrowser
  /** Profile folder, made by the browser; never the user's own profile. */
  profile: string
  /** Unpacked extension to load, none for a plain window. */
  extension?: string
  /** Pages to open, in order; headless, Chromium takes the first one only. With `app` the first one
   * is a window without tabs or address bar. */
  urls: readonly string[]
  app?: boolean
  headless: boolean
  /** Extra switches, for tests. */
  switches?: readonly string[]
  /** The browser's environment; this process's own where it is left out. */
  env?: NodeJS.ProcessEnv
}

export interface RunningBrowser {
  /** Resolves when the browser has ended, however it ended. */
  ended: Promise<void>
  /** Opens one more page in it: a second start on the same profile hands the page to the first.
   * Headless, Chromium does not take it. */
  open(url: string): void
  /** Asks the browser to end and waits until it has. */
  close(): Promise<void>
}

/** Starts a browser on a profile of its own. Background traffic of the browser is switched off, so
 * that what the companion sees is the pages' doing. */
export async function launchBrowser(options: LaunchOptions): Promise<RunningBrowser> {
  const { browser, extension } = options
  const overPipe = extension !== undefined && !browser.sideLoads
  const child = spawn(browser.path, switchesFor(options, overPipe), {
    stdio: ['ignore', 'ignore', 'ignore', ...(overPipe ? (['pipe', 'pipe'] as const) : [])],
    // A group of its own, so that Ctrl-C reaches us first and the browser can close cleanly.
    detached: process.platform !== 'win32',
    env: options.env ?? process.env,
  })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  await started(child)
  if (overPipe) await loadOverPipe(child, extension, options.urls)
  return { ended, open: (url) => openMore(options, url), close: () => close(child, ended) }
}

function openMore({ browser, profile, env }: LaunchOptions, url: string): void {
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const child = spawn(browser.path, [`--user-data-dir=${profile}`, ...root, url], {
    stdio: 'ignore',
    env: env ?? process.env,
  })
  // The page is a convenience: the browser itself runs and says so.
  child.once('error', (error) => process.stderr.write(`holdpoint: ${error.message}\n`))
}

function switchesFor(options: LaunchOptions, overPipe: boolean): string[] {
  const { extension } = options
  const urls = options.headless ? options.urls.slice(0, 1) : options.urls
  const root = process.getuid?.() === 0
  return [
    `--user-data-dir=${options.profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--password-store=basic',
    '--hide-crash-restore-bubble',
    ...(options.headless ? ['--headless=new'] : []),
    ...(root ? ['--no-sandbox'] : []),
    ...(smallSharedMemory() ? ['--disable-dev-shm-usage'] : []),
    ...(extension && !overPipe
      ? [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`]
      : []),
    ...(overPipe ? ['--remote-debugging-pipe', '--enable-unsafe-extension-debugging'] : []),
    ...(options.switches ?? []),
    ...(options.app && urls[0] ? [`--app=${urls[0]}`, ...urls.slice(1)] : overPipe ? [] : urls),
  ]
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

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(new Error(`the browser did not start: ${error.message}`)))
  })
}

async function close(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  signal(child, 'SIGTERM')
  const timer = setTimeout(() => signal(child, 'SIGKILL'), 5_000)
  await ended
  clearTimeout(timer)
}

/** The launcher may be a script: the whole group is meant. */
function signal(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, name)
  } catch {
    child.kill(name) // the group is gone already, or was never ours to signal
  }
}
