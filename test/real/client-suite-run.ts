import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { root } from '../fixtures.ts'

/** One test of the client, as it ended. */
export interface SuiteResult {
  /** File and titles: the same in every run. */
  name: string
  state: 'passed' | 'failed' | 'skipped'
  /** First line of the first error. */
  error: string
  /** Milliseconds. */
  took: number
}

const Report = z.object({
  suites: z.array(z.unknown()),
  errors: z.array(z.object({ message: z.optional(z.string()) })),
})
const Suite = z.object({
  title: z.string(),
  suites: z.optional(z.array(z.unknown())),
  specs: z.array(
    z.object({
      title: z.string(),
      tests: z.array(
        z.object({
          status: z.string(),
          results: z.array(
            z.object({
              duration: z.number(),
              errors: z.array(z.object({ message: z.optional(z.string()) })),
            }),
          ),
        }),
      ),
    }),
  ),
})

/** Test files for browsers that do not speak CDP, which the checkout's tests name without using. */
const elsewhere = { android: 'androidTest', electron: 'electronTest', webview: 'webviewTest' }

/** Lays the checkout's tests out in `dir` so that they run with the client installed here. What else
 * they need (`ws`, `mime`, `formidable`…) is taken from the checkout's own node_modules. */
export function layOut(checkout: string, dir: string): string {
  const modules = join(dir, 'node_modules')
  const theirs = join(checkout, 'node_modules')
  if (!existsSync(join(theirs, 'ws')))
    throw new Error(`\`${checkout}\` has no test dependencies: run \`npm ci\` in it first`)
  const tests = join(dir, 'tests')
  for (const part of ['assets', 'config', 'library', 'page', 'third_party', 'tsconfig.json'])
    cpSync(join(checkout, 'tests', part), join(tests, part), { recursive: true })
  for (const [folder, name] of Object.entries(elsewhere)) {
    mkdirSync(join(tests, folder))
    writeFileSync(join(tests, folder, `${name}.ts`), `export const ${name} = undefined\n`)
  }
  mkdirSync(join(modules, '@playwright'), { recursive: true })
  for (const name of readdirSync(theirs))
    if (!/playwright/.test(name)) symlinkSync(join(theirs, name), join(modules, name))
  for (const name of ['playwright', 'playwright-core', '@playwright/test'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  mkdirSync(join(dir, 'packages'))
  symlinkSync(join(root, 'node_modules/playwright-core'), join(dir, 'packages/playwright-core'))
  return tests
}

/** Runs tests on the browser at `cdp`. Rejects where the runner itself fails. */
export async function runSuite(
  tests: string,
  cdp: string,
  files: readonly string[],
): Promise<SuiteResult[]> {
  const report = join(tests, '../report.json')
  const cli = join(root, 'node_modules/@playwright/test/cli.js')
  const config = join(root, 'test/real/client-suite.config.ts')
  const args = [cli, 'test', '--config', config, ...files.map(escaped)]
  const suite = { SUITE_DIR: tests, SUITE_CDP: cdp, SUITE_REPORT: report }
  // With it the client gives pages the `builtins` that its tests use.
  const env = { ...process.env, ...suite, PWTEST_UNDER_TEST: '1' }
  const child = spawn(process.execPath, args, { cwd: tests, env, stdio: 'inherit' })
  await new Promise((resolve) => child.once('exit', resolve))
  const { suites, errors } = Report.parse(JSON.parse(readFileSync(report, 'utf8')))
  for (const { message } of errors) console.error(message)
  return suites.flatMap((suite) => resultsOf(suite, ''))
}

function escaped(text: string): string {
  return text.replaceAll('.', '\\.')
}

function resultsOf(suite: unknown, above: string): SuiteResult[] {
  const { title, suites = [], specs } = Suite.parse(suite)
  const path = above === '' ? title : `${above} › ${title}`
  const own = specs.flatMap(({ title, tests }) =>
    tests.map(({ status, results }): SuiteResult => {
      const [error] = results.flatMap(({ errors }) => errors)
      return {
        name: `${path} › ${title}`,
        state: status === 'skipped' ? 'skipped' : status === 'expected' ? 'passed' : 'failed',
        error: firstLine(error?.message ?? ''),
        took: results.reduce((sum, { duration }) => sum + duration, 0),
      }
    }),
  )
  return [...own, ...suites.flatMap((inner) => resultsOf(inner, path))]
}

function firstLine(message: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of the terminal
  const plain = message.replace(/\u001b\[[0-9;]*m/g, '')
  return plain.split('\n').slice(0, 4).join(' ').slice(0, 300)
}
