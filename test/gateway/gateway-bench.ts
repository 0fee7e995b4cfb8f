import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '#companion/browser/find-browser.ts'
import {
  type Companion,
  type StartOptions,
  startCompanion,
} from '#companion/commands/start-companion.ts'
import type { Context } from '#companion/core/context.ts'
import type { Lines } from '#companion/core/door.ts'
import {
  type Gateway,
  type GatewayOptions,
  type NewRun,
  type RunHandle,
  startGateway,
} from '#companion/gateway/gateway.ts'
import type { Parts, Wire } from '#companion/gateway/wire.ts'

export interface BenchOptions {
  /** Text of `holdpoint.yaml`; the default policy without one. */
  policy?: string
  /** What holds input and requests; nothing is held without it. The companion is there by then. */
  parts?(wire: Wire, companion: Companion): Parts
  proxy?: GatewayOptions['proxy']
  switches?: readonly string[]
  companion?: Partial<StartOptions>
  run?: Partial<NewRun>
}

export interface GatewayBench {
  companion: Companion
  gateway: Gateway
  /** The first run, in the profile's own browser context. */
  run: RunHandle
  home: string
  /** What nobody could be answered with. A test of a healthy gateway finds none. */
  reported: unknown[]
  /** Ends the browser and the companion, and removes the home folder. */
  stop(): Promise<void>
}

/** A companion and a gateway on a temporary home folder, with one run. For `beforeAll`; the one who
 * starts it stops it. */
export async function startGatewayBench(options: BenchOptions = {}): Promise<GatewayBench> {
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-gateway-'))
  if (options.policy !== undefined) writeFileSync(join(home, 'holdpoint.yaml'), options.policy)
  const reported: unknown[] = []
  const report = (error: unknown) => void reported.push(error)
  const undo: (() => Promise<void> | void)[] = [
    () => rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  ]
  const stop = async () => {
    for (const step of undo.reverse()) await step()
    undo.length = 0
  }
  try {
    const companion = await startCompanion({ report, ...options.companion, home, port: 0 })
    undo.push(() => companion.stop())
    const gateway = await startGateway({
      context: companion.context,
      lines: linesOf(companion.context),
      browser: found.browser,
      profile: join(home, 'profile'),
      headless: true,
      proxy: options.proxy,
      switches: options.switches,
      ownOrigins: () => [companion.url],
      parts: (wire) => options.parts?.(wire, companion) ?? passThrough,
      report,
    })
    undo.push(() => gateway.close())
    const run = await gateway.newRun({ name: 'bench', agent: 'bench', ...options.run })
    return { companion, gateway, run, home, reported, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Holds nothing: for what is about the wire itself. */
export const passThrough: Parts = {
  input: {
    arm: async () => undefined,
    take: (command) => void command.agent.forward(command),
    intercept: () => false,
    hides: () => false,
    left: () => undefined,
  },
  requests: {
    start: async () => undefined,
    arm: async () => undefined,
    left: () => undefined,
  },
}

/** The companion's bus also carries verdicts to doors inside its process. */
export function linesOf(context: Context): Lines {
  const { bus } = context
  if (!carriesDoors(bus)) throw new Error('the companion has a bus without doors')
  return bus
}

function carriesDoors(bus: object): bus is Lines {
  return 'attachDoor' in bus
}
