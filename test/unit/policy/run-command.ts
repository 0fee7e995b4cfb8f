import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, vi } from 'vitest'
import { policyCommand } from '#companion/commands/policy.ts'

class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`)
  }
}

/** Runs `holdpoint policy` as the shell would and gives its exit code and both streams. */
export async function run(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []]
  let code = 0
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0)
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0)
  vi.spyOn(process, 'exit').mockImplementation((status) => {
    throw new Exit(Number(status ?? 0))
  })
  process.exitCode = undefined
  try {
    await policyCommand().parseAsync(args, { from: 'user' })
    code = Number(process.exitCode ?? 0)
  } catch (error) {
    if (!(error instanceof Exit)) throw error
    code = error.code
  }
  return { out: out.join(''), err: err.join(''), code }
}

/** A folder of its own for each test, and a way to write into it. */
export function folder() {
  const own = { path: '' }
  beforeEach(() => {
    own.path = mkdtempSync(join(tmpdir(), 'holdpoint-policy-'))
  })
  afterEach(() => {
    rmSync(own.path, { recursive: true })
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    process.exitCode = undefined
  })
  const write = (name: string, text: string): string => {
    const file = join(own.path, name)
    writeFileSync(file, text)
    return file
  }
  return { own, write }
}
