import { browserShim } from '#companion/commands/browser-shim.ts'
import { startGateway } from '#companion/gateway/gateway.ts'
import { linesOf, passThrough } from './gateway-bench.ts'

/** The program `holdpoint-chrome` with a gateway that holds nothing: what is tested is how it stands in
 * for a browser. `shim.test.ts` bundles and starts it. */
const code = await browserShim(process.argv.slice(2), process.env, async (companion, options) => {
  const report = (error: unknown) => void process.stderr.write(`reported: ${error}\n`)
  const gateway = await startGateway({
    ...options,
    context: companion.context,
    lines: linesOf(companion.context),
    ownOrigins: () => [companion.url],
    parts: () => passThrough,
    report,
  })
  return { newRun: (run) => gateway.newRun(run), ended: gateway.ended, stop: () => gateway.close() }
}).catch((error) => {
  process.stderr.write(`holdpoint-chrome: ${error.message}\n`)
  return 9
})
process.exit(code)
