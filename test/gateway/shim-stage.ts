import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { client } from '#companion/commands/client.ts'
import { filesOf, readState } from '#companion/commands/home.ts'
import { type BrowserInfo, BrowserPage } from '#shared/protocol/browser.ts'

/** `holdpoint-chrome` as it ships. */
export const executablePath = resolve('companion/dist/shim.js')

/** The command line as it ships. */
export const cli = resolve('companion/dist/cli.js')

export interface ShimStage {
  home: string
  token(): string
  browsers(): Promise<BrowserInfo[]>
  /** Resolves when no browser is left on the stage. */
  gone(): Promise<void>
  /** Process id of the companion on the home folder; null where none runs. */
  pid(): number | null
  /** Process ids of the `holdpoint-chrome` that this process has started, and which still run. */
  shims(): number[]
  stop(): void
}

/** A home folder for programs that are started with this process's environment, and the built programs.
 * The companion of a stage is nobody's child: it ends with `stop`. */
export function startShimStage(policy: string): ShimStage {
  execFileSync(process.execPath, ['scripts/build.mjs', 'companion'])
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-shim-'))
  writeFileSync(join(home, 'holdpoint.yaml'), policy)
  process.env.HOLDPOINT_HOME = home
  const pid = () => readState(home)?.pid ?? null
  const browsers = async () =>
    (await client({ home }).call('GET', '/v1/browsers', BrowserPage)).browsers
  return {
    home,
    pid,
    browsers,
    gone: async () => {
      while ((await browsers()).length > 0) await pause(100)
    },
    token: () => readFileSync(filesOf(home).token, 'utf8').trim(),
    shims: () => {
      const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
      return stdout
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, parent]) => parent === String(process.pid))
        .filter((words) => words.includes(executablePath))
        .map(([id]) => Number(id))
    },
    stop: () => {
      delete process.env.HOLDPOINT_HOME
      const left = pid()
      if (left !== null) process.kill(left, 'SIGKILL')
      rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}
