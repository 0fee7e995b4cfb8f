import { Option } from 'commander'
import { Failure } from './failure.ts'

/** Flags that every command has. */
export interface CommonFlags {
  home?: string
  json?: boolean
}

export function homeOption(): Option {
  return new Option('--home <dir>', 'folder with the database, the policy and the keys').env(
    'HOLDPOINT_HOME',
  )
}

export function jsonOption(): Option {
  return new Option('--json', 'one JSON document on standard output').env('HOLDPOINT_JSON')
}

/** Wraps a command's work: a Failure becomes its message and exit code, with `--json` as a document;
 * anything else is a bug and shows where it happened. */
export function action<Args extends unknown[]>(
  work: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await work(...args)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (args.some(wantsJson)) {
        const { code, message } = error
        process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`)
      }
      process.stderr.write(`holdpoint: ${error.message}\n`)
      process.exitCode = error.exit
    }
  }
}

/** One JSON document, or lines for people. */
export function print(flags: CommonFlags, document: unknown, lines: () => readonly string[]): void {
  const text = flags.json ? JSON.stringify(document) : lines().join('\n')
  if (text !== '') process.stdout.write(`${text}\n`)
}

function wantsJson(flags: unknown): boolean {
  return typeof flags === 'object' && flags !== null && 'json' in flags && flags.json === true
}
