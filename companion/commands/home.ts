import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
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

/** A start that takes longer than this has died. */
const STARTING_MS = 60_000

/** Takes the home folder for this process. False, where another companion has it. */
export async function takeHome(home: string): Promise<boolean> {
  const { state } = filesOf(home)
  for (let tries = 0; tries < 2; tries++) {
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
    rmSync(state, { force: true })
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

async function isTaken(home: string): Promise<boolean> {
  const state = readState(home)
  if (!state || !isAlive(state.pid)) return false
  // Process ids are used again, above all in containers: a companion that is up also answers.
  if (state.pid === process.pid) return ours.has(home)
  if (state.url === null) return Date.now() - statSync(filesOf(home).state).mtimeMs < STARTING_MS
  return await answers(state.url)
}

function isAlive(pid: number): boolean {
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
