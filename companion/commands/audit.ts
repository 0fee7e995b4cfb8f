import { existsSync } from 'node:fs'
import { Command, Option } from 'commander'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { type ChainCheck, emptyChain, verify } from '../core/audit.ts'
import { HeadFile } from '../store/head-file.ts'
import { openForReading } from '../store/sqlite/open-store.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { csvOf } from './csv.ts'
import { Failure } from './failure.ts'
import { filesOf, homeOf } from './home.ts'

interface ExportFlags extends CommonFlags {
  format: 'jsonl' | 'csv'
}

/** `holdpoint audit verify|export`. Both read the files, whether or not a companion is running. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('check and export the log')
    .addCommand(verifyCommand())
    .addCommand(exportCommand())
}

/** Walks the chain of a home folder. The head is read first: what is appended meanwhile only makes
 * the database longer. */
export async function verifyHome(home: string): Promise<ChainCheck> {
  const kept = HeadFile.open(home, true, emptyChain).read()
  const log = openLog(home)
  try {
    return await verify(log.links, kept)
  } finally {
    log.close()
  }
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('check that no entry was changed, removed, moved or rolled back')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 whole, 1 not whole, 4 there is no log\n\nExamples:\n  $ holdpoint audit verify\n  $ holdpoint audit verify --json',
    )
    .action(
      action(async (flags: CommonFlags) => {
        const check = await verifyHome(homeOf(flags.home))
        print(flags, check, () => [
          check.ok
            ? `${check.entries} entries, whole, up to ${check.head.hash}`
            : `not whole: ${check.error.message} [${check.error.code}]`,
        ])
        if (!check.ok) process.exitCode = 1
      }),
    )
}

function exportCommand(): Command {
  return new Command('export')
    .description('write every entry to standard output, oldest first')
    .addOption(
      new Option('--format <format>', 'one JSON document per line, or a table')
        .choices(['jsonl', 'csv'])
        .default('jsonl'),
    )
    .addOption(homeOption())
    .addOption(new Option('--json', 'the same as --format jsonl'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ holdpoint audit export > log.jsonl\n  $ holdpoint audit export --format csv > log.csv',
    )
    .action(
      action(async (flags: ExportFlags) => {
        const log = openLog(homeOf(flags.home))
        try {
          const csv = flags.format === 'csv' && !flags.json
          if (csv) await write(csvOf(null))
          for (let last = 0; ; ) {
            const entries = await log.auditAfter(last, 1000)
            if (entries.length === 0) break
            await write(entries.map(csv ? csvOf : jsonOf).join(''))
            last = entries.at(-1)?.seq ?? last
          }
        } finally {
          log.close()
        }
      }),
    )
}

function openLog(home: string): ReturnType<typeof openForReading> {
  const { database } = filesOf(home)
  if (!existsSync(database))
    throw new Failure('setUp', 'no_log', `there is no log in \`${home}\`; see --home`)
  return openForReading(database)
}

function jsonOf(entry: AuditEntry): string {
  return `${JSON.stringify(entry)}\n`
}

function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
