import { check } from './check.ts'
import { compile } from './compile.ts'
import { mistakes } from './mistakes.ts'
import type { Policy } from './policy.ts'
import type { Problem } from './problem.ts'
import { readYaml } from './read-yaml.ts'
import { PolicyFile, vocabulary } from './schema.ts'

/** Reads holdpoint.yaml. Every mistake that can be told is reported at once, in the order of the
 * text; a policy with one mistake is no policy. Never throws, whatever the text. */
export function load(
  text: string,
): { ok: true; policy: Policy } | { ok: false; problems: Problem[] } {
  const read = readYaml(text)
  if (!read.ok) return read
  const { yaml } = read
  const parsed = PolicyFile.safeParse(yaml.value)
  if (!parsed.success)
    return { ok: false, problems: ordered(mistakes(yaml, parsed.error.issues, vocabulary)) }
  const { problems, notes } = check(yaml, parsed.data)
  const compiled = compile(yaml, parsed.data, notes)
  const all = [...problems, ...compiled.problems]
  return all.length > 0
    ? { ok: false, problems: ordered(all) }
    : { ok: true, policy: compiled.policy }
}

function ordered(problems: Problem[]): Problem[] {
  return problems.sort((a, b) => a.line - b.line || a.column - b.column)
}
