import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import * as z from 'zod/mini'
import { replaceFile } from '../store/head-file.ts'

/** The home folder: `--home`, else `HOLDPOINT_HOME`, else the platform's place for data. */
export function homeOf(flag: string | undefined): string {
  return resolve(flag ?? (process.env.HOLDPOINT_HOME || envPaths('holdpoint', { suffix: '' }).data))
}

/** Where a home folder keeps what. All files are 0600, the folder 0700. */
export function filesOf(home: string) {
  return {
    database: join(home, 'holdpoint.db'),
    policy: join(home, 'holdpoint.yaml'),
    token: join(home, 'token'),
    state: join(home, 'companion.json'),
  } as const
}

/** Makes the home folder where there is none; nobody else may look into it. */
export function makeHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  chmodSync(home, 0o700)
}

const State = z.object({ pid: z.int(), url: z.nullable(z.string()) })
export type State = z.infer<typeof State>

/** What the state file says of a running companion; null where there is none. */
export function readState(home: string): State | null {
  const { state } = filesOf(home)
  if (!existsSync(state)) return null
  try {
    const parsed = State.safeParse(JSON.parse(readFileSync(state, 'utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null // half-written by a crash: as good as none
  }
}

/** Home folders taken by this very process. */
const ours = new Set<string>()

/** A state file that says nothing for longer than this was left so by a crash. */
const WRITING_MS = 1_000

/** A start, or an end, that takes longer than this has died. */
const STARTING_MS = 60_000

/** Takes the home folder for this process. False, where another companion has it. */
export async function takeHome(home: string): Promise<boolean> {
  const { state } = filesOf(home)
  for (let tries = 0; tries < 2; tries++) {
    const stale = textOf(state)
    try {
      writeFileSync(state, JSON.stringify({ pid: process.pid, url: null }), {
        mode: 0o600,
        flag: 'wx',
      })
      ours.add(home)
      return true
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    if (await isTaken(home)) return false
    if (!removeStale(state, stale)) return false
  }
  return false
}

/** Says where the companion of this home can be reached. */
export async function keepState(home: string, state: State): Promise<void> {
  await replaceFile(filesOf(home).state, `${JSON.stringify(state)}\n`)
}

export function leaveHome(home: string): void {
  ours.delete(home)
  rmSync(filesOf(home).state, { force: true })
}

/** Removes a state file that was found to be stale. False where somebody else was faster and has taken
 * the home meanwhile: two that start at once must not both take it. */
function removeStale(state: string, stale: string | null): boolean {
  const aside = `${state}.${process.pid}`
  try {
    renameSync(state, aside)
  } catch {
    return true // it is gone already: whoever makes the new one first has the home
  }
  const fresh = textOf(aside) !== stale
  try {
    if (fresh) linkSync(aside, state)
  } catch {
    // A third has taken it by now, and what was moved is not missed.
  }
  rmSync(aside, { force: true })
  return !fresh
}

/** In ms; endless where there is no such file. */
function ageOf(file: string): number {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null // there is none
  }
}

async function isTaken(home: string): Promise<boolean> {
  const state = readState(home)
  if (!state) return ageOf(filesOf(home).state) < WRITING_MS
  if (!isAlive(state.pid)) return false
  // Process ids are used again, above all in containers: a companion that is up also answers.
  if (state.pid === process.pid) return ours.has(home)
  if (state.url === null) return ageOf(filesOf(home).state) < STARTING_MS
  return await answers(state.url)
}

/** Whether there is a process with this id. Ids are used again. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Only a refused connection proves that nobody is there; one that hangs is somebody. */
async function answers(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/v1/health`, { signal: AbortSignal.timeout(2000) })
    return true
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError'
  }
}
