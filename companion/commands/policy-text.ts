import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { load } from '#shared/policy/load.ts'
import type { Facts, Policy } from '#shared/policy/policy.ts'
import { type Problem, showProblem } from '#shared/policy/problem.ts'

/** What the verbs of `holdpoint policy` have in common: they work on files, and they say where. */

export const CODES = `
Exit codes: 0 ok, 1 failed check, 2 wrong usage
Without FILE the policy is holdpoint.yaml in HOLDPOINT_HOME.

Examples:`

export function policyFile(given: string | undefined, command: Command): string {
  const home = process.env.HOLDPOINT_HOME
  if (given === undefined && home) return join(home, 'holdpoint.yaml')
  return (
    given ?? command.error('no policy file given; name one, or set HOLDPOINT_HOME', { exitCode: 2 })
  )
}

export type Loaded =
  | { readonly ok: true; readonly policy: Policy; readonly facts: Facts }
  | { readonly ok: false; readonly text: string; readonly problems: readonly Problem[] }

/** The policy to decide with. */
export function loadPolicy(file: string, command: Command): Loaded {
  const text = readText(file, command)
  const result = load(text)
  if (!result.ok) return { ok: false, text, problems: result.problems }
  const policyVersion = createHash('sha256').update(text).digest('hex')
  return { ok: true, policy: result.policy, facts: { now: Date.now(), policyVersion } }
}

export function readText(file: string, command: Command): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return command.error(`cannot read \`${file}\`: ${why}`, { exitCode: 2 })
  }
}

export function report(text: string, problems: readonly Problem[], file: string): void {
  for (const problem of problems) complain(showProblem(text, problem, file))
  complain(`${file}: ${count(problems.length, 'problem')}`)
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

export function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}

export function printJson(value: unknown): void {
  say(JSON.stringify(value))
}
