import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import colors from 'picocolors'
import type { FoundBrowser } from '../browser/find-browser.ts'
import type { ChainCheck } from '../core/audit.ts'
import { demoPolicy } from '../practice/plan.ts'
import { type Rehearsal, rehearse } from '../practice/rehearse.ts'
import { startPracticeSite } from '../practice/site.ts'
import { supervisor } from '../practice/supervisor.ts'
import { table } from '../practice/table.ts'
import { action, type CommonFlags, jsonOption, print } from './action.ts'
import { verifyHome } from './audit.ts'
import { extensionDoor, gatewayDoor } from './demo-door.ts'
import { findOrInstallBrowser } from './doctor.ts'
import { exits, Failure } from './failure.ts'
import { filesOf } from './home.ts'
import { startCompanion } from './start-companion.ts'

interface Options extends CommonFlags {
  keep?: boolean
  headed?: boolean
  door: 'extension' | 'gateway'
}

/** `holdpoint demo`: the practice agent works on the practice site, a script answers the holds, and
 * the log is compared with what the site's server really received. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('let a practice agent work on a practice site and compare the log with the server')
    .addOption(jsonOption())
    .option('--keep', 'keep the home folder, and say where it is')
    .option('--headed', 'show the browser')
    .addOption(
      new Option('--door <door>', 'how the agent is held')
        .choices(['extension', 'gateway'])
        .default('extension'),
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 log and server agree, 1 they do not, 3 no browser, 4 something is not built\n\nExamples:\n  $ holdpoint demo\n  $ holdpoint demo --door gateway\n  $ holdpoint demo --keep --json | jq .rows',
    )
    .action(
      action(async (options: Options) => {
        const found = await findOrInstallBrowser()
        if (!found.ok) throw new Failure('noBrowser', found.error.code, found.error.message)
        const result = await demo(found.browser, options)
        print(options, documentOf(result, options), () => linesOf(result, options))
        if (!agrees(result)) process.exitCode = exits.failedCheck
      }),
    )
}

interface Result extends Rehearsal {
  chain: ChainCheck
  home: string
  seconds: number
}

async function demo(browser: FoundBrowser, options: Options): Promise<Result> {
  const started = performance.now()
  const home = await mkdtemp(join(tmpdir(), 'holdpoint-demo-'))
  const undo: (() => Promise<unknown>)[] = []
  if (!options.keep) undo.push(() => rm(home, { recursive: true, force: true }))
  try {
    const site = await startPracticeSite()
    undo.push(site.stop)
    await writeFile(filesOf(home).policy, demoPolicy(site.url), { mode: 0o600 })
    const companion = await startCompanion({ home, port: 0 })
    undo.push(companion.stop)
    const person = supervisor(companion.url, companion.token)
    const open = options.door === 'gateway' ? gatewayDoor : extensionDoor
    const headed = options.headed === true
    const agent = await open({ browser, companion, baseURL: site.url, headed, person })
    undo.push(agent.close)
    const page = await agent.context.newPage()
    page.setDefaultTimeout(10_000)
    const stage = { page, site, supervisor: person, door: options.door }
    const rehearsal = await rehearse(stage, ({ step, problems }) => {
      if (options.json) return
      const sign = problems.length === 0 ? colors.green('✓') : colors.red('✗')
      process.stderr.write(`${sign} ${step}\n`)
    })
    await agent.close()
    await companion.stop()
    const chain = await verifyHome(home)
    return { ...rehearsal, chain, home, seconds: Math.round((performance.now() - started) / 1000) }
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

function agrees(result: Result): boolean {
  return (
    result.chain.ok &&
    result.leftOver.length === 0 &&
    result.rows.every(({ problems }) => problems.length === 0)
  )
}

function documentOf(result: Result, options: Options): Record<string, unknown> {
  const { home, ...rest } = result
  return { ok: agrees(result), ...rest, ...(options.keep ? { home } : {}) }
}

function linesOf(result: Result, options: Options): string[] {
  const wrong = result.rows.filter(({ problems }) => problems.length > 0).length
  return [
    '',
    table(result.rows, colors.red),
    ...result.leftOver.map((sentence) => colors.red(`✗ ${sentence}`)),
    '',
    `  ${chainSays(result.chain)}`,
    agrees(result)
      ? `  ${colors.green(`log and server agree on all ${result.rows.length} steps`)} (${result.seconds} s)`
      : `  ${colors.red(`log and server disagree on ${wrong} of ${result.rows.length} steps`)} (${result.seconds} s)`,
    ...(options.keep ? [`  home: ${result.home}`] : []),
  ]
}

function chainSays(chain: ChainCheck): string {
  return chain.ok
    ? `audit chain verified: ${chain.entries} entries`
    : colors.red(`audit chain broken: ${chain.error.message}`)
}
