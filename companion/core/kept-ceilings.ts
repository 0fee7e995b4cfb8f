import { ceilingsWidened } from '#shared/policy/ceilings-widened.ts'
import { load } from '#shared/policy/load.ts'
import type { Ceilings } from '#shared/policy/policy.ts'
import type { Problem } from '#shared/policy/problem.ts'
import { readYaml } from '#shared/policy/read-yaml.ts'

/** The setting under which the ceilings in force are kept, as a policy of nothing else. */
export const CEILINGS = 'policy.ceilings'

/** The ceilings of a policy, as text to be kept. */
export function ceilingsText(policy: string): string {
  const read = readYaml(policy)
  const value = read.ok ? read.yaml.value : null
  const ceilings = typeof value === 'object' && value && 'ceilings' in value ? value.ceilings : {}
  return JSON.stringify({ version: 1, ceilings: ceilings ?? {} })
}

/** The ceilings that were kept; null where there are none that this version can read. */
export function readCeilings(kept: string | null): Ceilings | null {
  const loaded = kept === null ? null : load(kept)
  return loaded?.ok ? loaded.policy.ceilings : null
}

/** What is wrong with a version that raises or removes ceilings without saying why; null where nothing
 * is. Evidence is said by changing `ceilings.evidence`: the words before were for the ceilings before. */
export function evidenceProblem(before: Ceilings, after: Ceilings, text: string): Problem | null {
  const widened = ceilingsWidened(before, after)
  if (widened.length === 0) return null
  if (after.evidence !== null && after.evidence !== before.evidence) return null
  const line = text.split('\n').findIndex((one) => /^['"]?ceilings\b/.test(one)) + 1
  const message = `${widened.join('; ')}: that is only taken together with new words in \`ceilings.evidence\` that say what it rests on`
  return { code: 'ceilings-widened', message, line: Math.max(line, 1), column: 1 }
}
