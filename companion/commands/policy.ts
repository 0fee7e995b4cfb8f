import { Command } from 'commander'
import { addAccept } from './policy-accept.ts'
import { addCheck } from './policy-check.ts'
import { addExplain } from './policy-explain.ts'
import { addSchema } from './policy-schema.ts'
import { addTest } from './policy-test.ts'
import { CODES } from './policy-text.ts'
import { addVerifyUndo } from './policy-verify-undo.ts'

/** `holdpoint policy VERB`. All but `accept` and `verify-undo` work on files alone, without a running
 * companion. */
export function policyCommand(): Command {
  const command = new Command('policy')
    .description('check, test and explain a policy file')
    // Commander leaves with 1 on wrong usage; here 1 means that a check failed.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .addHelpText(
      'after',
      `${CODES}
  $ holdpoint policy check holdpoint.yaml
  $ holdpoint policy test holdpoint.cases.yaml --policy holdpoint.yaml
  $ holdpoint policy explain holdpoint.yaml --descriptor - < descriptor.json
  $ holdpoint policy accept small-refunds --note "200 reviewed, none wrong"`,
    )
  addCheck(command)
  addTest(command)
  addExplain(command)
  addSchema(command)
  addAccept(command)
  addVerifyUndo(command)
  return command
}
