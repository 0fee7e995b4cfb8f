import { peopleProblems } from './check-people.ts'
import { mistakes } from './mistakes.ts'
import type { Policy } from './policy.ts'
import type { Problem } from './problem.ts'
import { readYaml } from './read-yaml.ts'
import { People, type Person } from './schema-limits.ts'

/** Reads the file that a policy's `people: { file }` names: the list itself. A mistake in it is a
 * mistake of the policy, told at the first line of the policy with its place in the other file. Never
 * throws. `text` is null where the file cannot be read. */
export function loadPeople(
  file: string,
  text: string | null,
  approvers: Policy['approvers'],
): { ok: true; people: readonly Person[] } | { ok: false; problems: Problem[] } {
  const fail = (problems: readonly Problem[]) => ({
    ok: false as const,
    problems: problems.map(({ code, message, line, column }) => ({
      code,
      message: `\`${file}\`, line ${line}, column ${column}: ${message}`,
      line: 1,
      column: 1,
    })),
  })
  if (text === null)
    return fail([{ code: 'unreadable', message: 'the file of people cannot be read', ...START }])
  const read = readYaml(text)
  if (!read.ok) return fail(read.problems)
  const parsed = People.safeParse(read.yaml.value)
  if (!parsed.success) return fail(mistakes(read.yaml, parsed.error.issues, WORDS))
  if (!Array.isArray(parsed.data)) {
    const message = 'expected the list of people itself, as in `- { name: ann, roles: [owner] }`'
    return fail([{ code: 'bad-people', message, ...START }])
  }
  const found = peopleProblems(parsed.data, approvers)
  if (found.length > 0) return fail(found.map(({ code, message }) => ({ code, message, ...START })))
  return { ok: true, people: parsed.data }
}

const START = { line: 1, column: 1 }

const WORDS = { known: { '': ['name', 'roles'] }, later: {} }
