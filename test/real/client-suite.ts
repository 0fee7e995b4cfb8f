/** Runs a slice of Playwright's own tests twice, on a browser's debugging port and through the gateway
 * with a policy that lets everything pass, and prints which tests fail only through the gateway.
 *
 *   npm run real:client-suite -- CHECKOUT [--observe] [--way direct|gateway] [FILE…]
 *
 * CHECKOUT is a folder with the sources of github.com/microsoft/playwright in which `npm ci` was run;
 * nothing in it is changed. FILE is part of a path below its `tests` folder. Exits with 1 where a test
 * failed only through the gateway and client-suite-differences.ts does not say why. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { direct, folder, gateway, type SuiteBrowser } from './client-suite-browsers.ts'
import { meant } from './client-suite-differences.ts'
import { layOut, runSuite, type SuiteResult } from './client-suite-run.ts'
import { slice } from './client-suite-slice.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { observe: { type: 'boolean' }, way: { type: 'string' } },
})
const [checkout, ...files] = positionals
if (!checkout) throw new Error('usage: npm run real:client-suite -- CHECKOUT [FILE…]')
const { dir, remove } = folder()
try {
  const tests = layOut(resolve(checkout), dir)
  process.exitCode = (await compareWays(tests)) ? 0 : 1
} finally {
  remove()
}
process.exit()

/** Whether every difference is explained. */
async function compareWays(tests: string): Promise<boolean> {
  const chosen = files.length > 0 ? files : slice
  const plain = values.way === 'gateway' ? [] : await run('direct', await direct())
  if (values.way === 'direct') return print(plain.filter(isFailed))
  const held = await run('gateway', await gateway(values.observe ?? false))
  return values.way === 'gateway' ? print(held.filter(isFailed)) : compare(plain, held)

  async function run(name: string, browser: SuiteBrowser): Promise<SuiteResult[]> {
    try {
      const start = performance.now()
      const results = await runSuite(tests, browser.cdp, chosen)
      const took = (performance.now() - start) / 1000
      const of = (state: SuiteResult['state']) => results.filter((r) => r.state === state).length
      console.log(
        `${name}: ${of('passed')} passed, ${of('failed')} failed, ${of('skipped')} skipped in ${took.toFixed(0)} s`,
      )
      for (const note of await browser.notes()) console.log(`  ${note}`)
      return results
    } finally {
      await browser.close()
    }
  }
}

function compare(plain: readonly SuiteResult[], held: readonly SuiteResult[]): boolean {
  const others = new Map(held.map((result) => [result.name, result]))
  const pairs = plain.flatMap((a) => {
    const b = others.get(a.name)
    return b && a.state !== 'skipped' && b.state !== 'skipped' ? [{ a, b }] : []
  })
  const of = (a: SuiteResult['state'], b: SuiteResult['state']) =>
    pairs.filter((pair) => pair.a.state === a && pair.b.state === b)
  const both = of('passed', 'passed')
  const total = (side: 'a' | 'b') => both.reduce((sum, pair) => sum + pair[side].took, 0) / 1000
  const only = of('passed', 'failed').map(({ b }) => b)
  console.log(`
tests run                     ${pairs.length}
passed in both                ${both.length}
failed in both                ${of('failed', 'failed').length}
failed only directly          ${of('failed', 'passed').length}
failed only by the gateway    ${only.length}
time of those that passed     ${total('a').toFixed(0)} s direct, ${total('b').toFixed(0)} s gateway, x${(total('b') / total('a')).toFixed(2)}
`)
  return print(only)
}

/** Prints failures, those that are meant by their reason. Whether that were all. */
function print(failures: readonly SuiteResult[]): boolean {
  const reasons = new Map<string, number>()
  let unexplained = 0
  for (const failure of failures) {
    const why = meant(failure)
    if (why !== undefined) reasons.set(why, (reasons.get(why) ?? 0) + 1)
    else {
      unexplained += 1
      console.log(`- ${failure.name}\n    ${failure.error}`)
    }
  }
  for (const [why, count] of reasons) console.log(`${String(count).padStart(4)} meant: ${why}`)
  console.log(`${String(unexplained).padStart(4)} unexplained`)
  return unexplained === 0
}

function isFailed({ state }: SuiteResult): boolean {
  return state === 'failed'
}
