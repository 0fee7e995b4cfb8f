import type { ClientFamily } from '#companion/gateway/agent.ts'
import { inputHold } from '#companion/gateway/hold-input.ts'
import { pageScript } from '#companion/gateway/page-script.ts'
import type { Causes } from '#companion/gateway/parts.ts'
import { supervisor } from '#companion/practice/supervisor.ts'
import { classify } from '#shared/classify/classify.ts'
import { passThrough, startGatewayBench } from '../gateway-bench.ts'
import { type CountingSite, startCountingSite } from './counting-site.ts'

export interface Stage {
  /** Where a client connects: `http://127.0.0.1:PORT`. */
  cdp: string
  site: CountingSite
  /** A person approves all that is held. Rejects where nothing is. */
  approve(): Promise<void>
  stop(): Promise<void>
}

export interface StageOptions {
  /** How long an input may wait, in ms; an empty object takes the gateway's own. */
  budgets?: Partial<Record<ClientFamily, number>>
}

const POLICY = `
version: 1
mode: enforce
rules:
  - id: no-deletes
    effect: deny
    on: { capability: delete }
    tell: "Deletes are done by the data team."
  - id: try-saves
    effect: allow
    mode: shadow
    on: { capability: update }
`

/** Nobody answers while a test waits, so by default a press does not wait long for the person, in ms. */
const SHORT_MS = 500

const SHORT: Record<ClientFamily, number> = {
  playwright: SHORT_MS,
  'playwright-mcp': SHORT_MS,
  puppeteer: SHORT_MS,
  'chrome-devtools-mcp': SHORT_MS,
  selenium: SHORT_MS,
  stagehand: SHORT_MS,
  other: SHORT_MS,
}

/** A site, and a gateway to reach it through, as an agent finds them. Requests are not held: what is
 * tested is the client. */
export async function startStage({ budgets = SHORT }: StageOptions = {}): Promise<Stage> {
  const script = pageScript(process.cwd())
  const bench = await startGatewayBench({
    policy: POLICY,
    parts: ({ pipe, targets, doorOf }, { context }) => ({
      ...passThrough,
      input: inputHold({
        ...{ pipe, targets, classify, script, budgets, causes },
        doorOf: ({ run }) => doorOf(run),
        clock: context.clock,
        policyVersion: () => context.policy.version(),
        report: (error) => console.error(error),
      }),
    }),
  })
  const site = await startCountingSite()
  const { url, token } = bench.companion
  const person = supervisor(url, token)
  return {
    cdp: bench.run.cdp,
    site,
    async approve() {
      const holds = await person.pending()
      if (holds.length === 0) throw new Error('nothing is held')
      for (const { id } of holds) await person.decide(id, 'approve')
    },
    async stop() {
      await bench.stop()
      await site.stop()
    },
  }
}

const ticket = () => ({ let: () => undefined, sent: () => undefined, dropped: () => undefined })
const causes: Causes = { begin: ticket, note: ticket }
