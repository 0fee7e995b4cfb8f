import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { findProgram } from '#companion/browser/find-browser.ts'
import { type Point, readScreen, type Screen } from './x-screen.ts'

/** Size of the screen, in px. */
export const SCREEN = { width: 1280, height: 900 } as const

/** An X display of its own with a screen, a mouse and a keyboard: the browser on it cannot tell the
 * hand from a person's, and nothing of the browser is opened to automation for it. */
export interface XDisplay {
  /** What a program needs in its environment to show up here. */
  readonly env: NodeJS.ProcessEnv
  /** What is on the screen now. */
  look(): Screen
  /** Moves the pointer; px from the top left. */
  move(to: Point): Promise<void>
  /** Moves the pointer there and clicks the first button. */
  click(at: Point): Promise<void>
  /** Presses a key or a chord such as `ctrl+l`. */
  press(keys: string): Promise<void>
  type(text: string): Promise<void>
  close(): Promise<void>
}

/** What to install before `openDisplay` works, null where it is all there. */
export function missingForDisplay(): string | null {
  const missing = ['Xvfb', 'xdotool'].filter((name) => findProgram(name) === undefined)
  if (missing.length === 0) return null
  return `needs ${missing.join(' and ')}: install with \`apt-get install xvfb xdotool\``
}

/** Starts an X server on a display number that nobody uses. */
export async function openDisplay(): Promise<XDisplay> {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-screen-'))
  const size = `${SCREEN.width}x${SCREEN.height}x24`
  const args = ['-displayfd', '3', '-screen', '0', size, '-fbdir', folder, '-nolisten', 'tcp']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const number = await displayNumber(server.stdio[3])
  const { WAYLAND_DISPLAY: _, ...rest } = process.env
  const env = { ...rest, DISPLAY: `:${number}` }
  const hand = async (...words: string[]) => {
    await promisify(execFile)('xdotool', words, { env })
  }
  return {
    env,
    look: () => readScreen(readFileSync(join(folder, 'Xvfb_screen0'))),
    move: ({ x, y }) => hand('mousemove', `${x}`, `${y}`),
    click: ({ x, y }) => hand('mousemove', `${x}`, `${y}`, 'click', '1'),
    press: (keys) => hand('key', keys),
    type: (text) => hand('type', text),
    async close() {
      server.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function displayNumber(pipe: unknown): Promise<string> {
  if (!(pipe instanceof Readable)) throw new Error('the X server was started without its pipe')
  const [line] = await once(pipe, 'data')
  const number = String(line).trim()
  if (!/^\d+$/.test(number)) throw new Error('the X server did not start')
  return number
}
