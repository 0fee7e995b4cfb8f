import { Command } from 'commander'
import { auditCommand } from './commands/audit.ts'
import { breakerCommand } from './commands/breaker.ts'
import { demoCommand } from './commands/demo.ts'
import { doctorCommand } from './commands/doctor.ts'
import { gatewayCommand } from './commands/gateway.ts'
import { holdsCommand } from './commands/holds.ts'
import { modeCommand } from './commands/mode.ts'
import { pairCommand } from './commands/pair.ts'
import { policyCommand } from './commands/policy.ts'
import { reviewCommand } from './commands/review.ts'
import { runCommand } from './commands/run.ts'
import { runsCommand } from './commands/runs.ts'
import { startCommand } from './commands/start.ts'
import { startParts } from './commands/start-parts.ts'
import { statusCommand } from './commands/status.ts'
import { tokenCommand } from './commands/token.ts'
import { approveCommand, denyCommand } from './commands/verdict.ts'
import { packageRoot } from './server/package-root.ts'

const program = new Command('holdpoint')
  .description("holds a browser agent's consequential clicks until a rule or a person has said yes")
  .version(packageRoot().version)

const commands = [
  startCommand(startParts()),
  gatewayCommand(),
  runCommand(),
  holdsCommand(),
  approveCommand(),
  denyCommand(),
  statusCommand(),
  runsCommand(),
  pairCommand(),
  modeCommand(),
  breakerCommand(),
  reviewCommand(),
  policyCommand(),
  auditCommand(),
  tokenCommand(),
  doctorCommand(),
  demoCommand(),
]
for (const command of commands) program.addCommand(command)
exitOnUsage(program)

await program.parseAsync()

/** Exit code 2 for every mistake in usage, whichever command finds it. */
function exitOnUsage(command: Command): void {
  command
    .showHelpAfterError('(see --help)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  command.commands.forEach(exitOnUsage)
}
