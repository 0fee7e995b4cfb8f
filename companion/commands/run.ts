import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { basename } from 'node:path'
import { Command } from 'commander'
import { dashboardFile } from '../browser/supervise.ts'
import { action } from './action.ts'
import { Failure } from './failure.ts'
import { gatewayPart } from './gateway-part.ts'
import { practicePart } from './practice-part.ts'
import { type Started, type StartFlags, untilSignal, withStartFlags } from './start.ts'
import { startOrAttach } from './start-or-attach.ts'

/** `holdpoint run -- CMD…`: a gateway for as long as CMD runs. CMD finds it in its environment; its
 * standard input and output are its own, so an MCP server works behind it. */
export function runCommand(): Command {
  const practice = practicePart()
  const gateway = gatewayPart(practice.url, { name: '', agent: 'agent' })
  const parts = [practice.part, gateway]
  return withStartFlags(
    new Command('run')
      .description('start the gateway and run a command whose browser is then held at the wire')
      .argument('<command...>', 'the command and its arguments, after `--`'),
    parts,
  )
    .addHelpText(
      'after',
      `
The command gets HOLDPOINT_CDP_URL and PLAYWRIGHT_MCP_CDP_ENDPOINT. Everything that Holdpoint says goes
to standard error.

Exit codes: the command's own; 2 usage, 3 no browser, 4 set-up, 5 port busy or running under
other rules

Where a companion runs on the home folder already, the browser is added to that one.

Examples:
  $ holdpoint run -- npx @playwright/mcp
  $ holdpoint run --name "weekly report" --agent reporter -- node report.mjs`,
    )
    .action(
      action(async (words: string[], flags: StartFlags) => {
        const [program, ...args] = words
        if (program === undefined) throw new Failure('usage', 'no_command', 'expected a command')
        const name = typeof flags.name === 'string' && flags.name ? flags.name : basename(program)
        const started = await startOrAttach({ ...flags, name }, parts)
        for (const line of started.parts.flatMap(({ says }) => says ?? [])) say(line)
        say(`dashboard  ${dashboardOf(started.companion)}`)
        try {
          process.exitCode = await ranThrough(program, args, gateway.cdp())
        } finally {
          await leave(started)
          await started.stop()
        }
      }),
    )
}

/** The companion stays for those who came to use it meanwhile, unless a person ends it. */
async function leave(started: Started): Promise<void> {
  let left = false
  const others = started.leave().finally(() => {
    left = true
  })
  const told = setTimeout(() => {
    if (!left) say('other agents use this companion; it stays until they have ended, or for Ctrl-C')
  }, 2000)
  await Promise.race([others, untilSignal()])
  clearTimeout(told)
}

/** Where the dashboard is. Its token is only for a person's eyes: what is not a terminal may be read by
 * the very agent that is to be held. */
function dashboardOf({ url, dashboardUrl, home }: Started['companion']): string {
  const file = dashboardFile(home, dashboardUrl)
  return process.stderr.isTTY ? dashboardUrl : `${url} (open \`${file}\` in a browser of yours)`
}

/** Runs the command to its end and gives back its exit code, 128 plus the signal's number where one
 * ended it, as shells do. Signals are passed on: the command decides when it is over. */
async function ranThrough(program: string, args: string[], cdp: string): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', env: environment(cdp) })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  process.on('SIGINT', pass)
  process.on('SIGTERM', pass)
  try {
    return await exitOf(child, program)
  } finally {
    process.off('SIGINT', pass)
    process.off('SIGTERM', pass)
  }
}

function exitOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(
        new Failure('setUp', 'command_failed', `\`${program}\` cannot be run: ${error.message}`),
      ),
    )
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    )
  })
}

/** The command's environment. What tells where the companion keeps its token is not the agent's. */
function environment(cdp: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDPOINT_'))
  return {
    ...Object.fromEntries(own),
    HOLDPOINT_CDP_URL: cdp,
    PLAYWRIGHT_MCP_CDP_ENDPOINT: cdp,
    // Only this server reads it: so its shorter patience is known.
    PLAYWRIGHT_MCP_CDP_HEADERS: 'x-holdpoint-client: playwright-mcp',
  }
}

function say(line: string): void {
  process.stderr.write(`holdpoint: ${line}\n`)
}
