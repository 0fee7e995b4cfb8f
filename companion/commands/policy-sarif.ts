import { isAbsolute, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { load } from '#shared/policy/load.ts'
import type { Problem } from '#shared/policy/problem.ts'
import { packageRoot } from '../server/package-root.ts'

/** What `policy check` found as one SARIF 2.1.0 log, as code scanning takes it: a mistake is an error,
 * a note a note, and each code is a rule. */
export function sarif(file: string, loaded: ReturnType<typeof load>) {
  const found = loaded.ok
    ? loaded.policy.notes.map((problem) => ({ problem, level: 'note' }))
    : loaded.problems.map((problem) => ({ problem, level: 'error' }))
  const codes = [...new Set(found.map(({ problem }) => problem.code))].sort()
  const uri = uriOf(file)
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'holdpoint policy check',
            version: packageRoot().version,
            rules: codes.map((id) => ({
              id,
              shortDescription: { text: id.replaceAll('-', ' ') },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: found.map(({ problem, level }) => result(problem, level, codes, uri)),
      },
    ],
  }
}

function result(
  { code, message, line, column }: Problem,
  level: string,
  codes: string[],
  uri: string,
) {
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
  }
}

/** Relative to where the command runs, as scanners want it; a file elsewhere by its full address. */
function uriOf(file: string): string {
  const path = relative(process.cwd(), resolve(file))
  if (path.startsWith('..') || isAbsolute(path)) return pathToFileURL(resolve(file)).href
  return path.split(/[\\/]/).map(encodeURIComponent).join('/')
}
