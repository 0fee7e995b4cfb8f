import type { Command } from 'commander'
import { schemaText } from './policy-schema-file.ts'

/** `holdpoint policy schema`: for a policy that lies somewhere else than in a home folder. */
export function addSchema(policy: Command): void {
  policy
    .command('schema')
    .description('print the JSON Schema of the policy file, for editors')
    .addHelpText(
      'after',
      `
Examples:
  $ holdpoint policy schema > holdpoint.schema.json

Then make this the first line of the policy:
  # yaml-language-server: $schema=./holdpoint.schema.json`,
    )
    .action(() => {
      process.stdout.write(schemaText())
    })
}
