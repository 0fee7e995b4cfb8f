import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import type { BrowserContext } from '@playwright/test'
import { chromium } from '@playwright/test'
import { Hono } from 'hono'
import * as z from 'zod/mini'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { Companion, openBrowser, pair } from '../fixtures.ts'
import { quiet } from './quiet.ts'

/** What the extension costs whole applications: Speedometer 3.1 from a checkout of
 * github.com/WebKit/Speedometer (branch release/3.1), by the renderer's CPU time, as a ratio to none.
 * A second browser without it is the control: a run counts where that is within 0.97 and 1.03. The
 * clicks are made by scripts, which do not wait: what was asked about is printed, to be looked at.
 *
 *   node scripts/run.mjs test/bench/speedometer.ts CHECKOUT [rounds, default 5] [suite,...] */

const [, , checkout, rounds = '5', chosen = ''] = process.argv
if (checkout === undefined) throw new Error('expected the path of a checkout of Speedometer')

/** What a decision in the log was about. */
const AskedOf = z.object({
  descriptor: z.object({ target: z.object({ name: z.string(), path: z.string() }) }),
  classification: z.object({ capability: z.string(), verb: z.optional(z.string()) }),
})

/** Longest that one suite may take, in ms. */
const SUITE_MS = 60_000

async function serve(root: string): Promise<{ url: string; close(): void }> {
  const app = new Hono().get('*', serveStatic({ root }))
  const server = createServer(getRequestListener(app.fetch))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the suites have no port')
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() }
}

/** CPU seconds of one run of a suite in a new tab; null where it does not finish. */
async function cpu(context: BrowserContext, url: string): Promise<number | null> {
  const tab = await context.newPage()
  try {
    const session = await context.newCDPSession(tab)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    await tab.goto(url)
    await tab.waitForFunction(() => location.hash === '#summary', undefined, { timeout: SUITE_MS })
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? null
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return null
    throw error
  } finally {
    await tab.close()
  }
}

function suitesOf(url: string): Promise<string[]> {
  return fetch(`${url}/resources/tests.mjs`)
    .then((answer) => answer.text())
    .then((text) => [...text.matchAll(/^ {4}name: "([^"]+)"/gm)].map(([, name = '']) => name))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function compare(root: string, count: number): Promise<void> {
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  const { path } = found.browser
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const bare = () => chromium.launchPersistentContext('', { executablePath: path, args })
  const server = await serve(root)
  const companion = new Companion()
  await companion.start()
  const contexts = { none: await bare(), control: await bare(), extension: await openBrowser() }
  try {
    await pair(contexts.extension, companion)
    const suites = chosen ? chosen.split(',') : await suitesOf(server.url)
    const ratios = { control: [] as number[], extension: [] as number[] }
    for (const suite of suites) {
      const of = { control: [] as number[], extension: [] as number[] }
      for (let round = 0; round < count; round++) {
        await quiet()
        const url = `${server.url}/?suites=${suite}&iterationCount=1&startAutomatically`
        const none = await cpu(contexts.none, url)
        const control = await cpu(contexts.control, url)
        const extension = await cpu(contexts.extension, url)
        if (none === null || control === null || extension === null) {
          console.log(
            `${suite.padEnd(40)} did not finish: ${JSON.stringify({ none, control, extension })}`,
          )
          break
        }
        of.control.push(control / none)
        of.extension.push(extension / none)
      }
      ratios.control.push(...of.control)
      ratios.extension.push(...of.extension)
      console.log(
        `${suite.padEnd(40)} x${median(of.extension).toFixed(3)} (control x${median(of.control).toFixed(3)})`,
      )
    }
    const [ours, control] = [median(ratios.extension), median(ratios.control)]
    console.log(
      `all: renderer CPU x${ours.toFixed(3)} (goal 1.040), control x${control.toFixed(3)}`,
    )
    const held = new Map<string, number>()
    for (const { kind, body } of await companion.audit('kind=decision&limit=200')) {
      const asked = AskedOf.safeParse(body)
      const what = asked.success ? JSON.stringify(asked.data) : kind
      held.set(what, (held.get(what) ?? 0) + 1)
    }
    console.log('asked about:', held)
  } finally {
    for (const context of Object.values(contexts)) await context.close()
    await companion.dispose()
    server.close()
  }
}

await compare(checkout, Number(rounds))
