import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { defaultPolicy } from '#shared/policy/default-policy.ts'
import { policyJsonSchema } from '#shared/policy/json-schema.ts'

/** The JSON Schema of the policy file as text. */
export function schemaText(): string {
  return `${JSON.stringify(policyJsonSchema(), null, 2)}\n`
}

/** The policy of a home folder: written at the first start, with the schema that its first line names
 * beside it. A schema of another version is replaced, a policy never is. */
export function writeOwnPolicy(file: string): void {
  if (!existsSync(file)) writeFileSync(file, defaultPolicy, { mode: 0o600 })
  const beside = join(dirname(file), 'holdpoint.schema.json')
  const text = schemaText()
  if (!existsSync(beside) || readFileSync(beside, 'utf8') !== text)
    writeFileSync(beside, text, { mode: 0o600 })
}
