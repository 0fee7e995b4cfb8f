import type { FoundBrowser } from '#companion/browser/find-browser.ts'
import type { Context } from '#companion/core/context.ts'
import type { Lines } from '#companion/core/door.ts'
import type { RunRef } from '#shared/protocol/descriptor.ts'
import type { ClientFamily } from './agent.ts'
import type { AgentConnection, AgentSocket } from './agent-connection.ts'
import { Host } from './host.ts'
import { launch } from './launch.ts'
import type { ProxyPassword } from './proxy-password.ts'
import type { Parts, Wire } from './wire.ts'

export interface GatewayOptions {
  context: Context
  lines: Lines
  browser: FoundBrowser
  /** Profile folder, made where there is none; never the user's own profile. */
  profile: string
  headless: boolean
  /** The companion's forward proxy; see OwnSwitches. With `password` where it asks for one. */
  proxy?: { port: number; spki: string; password?: ProxyPassword | undefined } | undefined
  /** Switches of a client, sorted by `clientSwitches`. */
  switches?: readonly string[] | undefined
  env?: NodeJS.ProcessEnv | undefined
  /** Origins of the companion's own API and dashboard. */
  ownOrigins(): readonly string[]
  /** The companion's home folder, whose files no agent may name. */
  ownFolder?: string
  /** What holds input and requests; called before the browser has a page. */
  parts(wire: Wire): Parts
  /** A client has connected to a run. Must not throw. */
  clientKnown?(run: RunRef, family: ClientFamily): void
  /** A run has ended, by whomever. Must not throw. */
  runEnded?(run: RunRef, reason: string): void
  /** Told of errors that nobody can be answered with. Must not throw. */
  report(error: unknown): void
}

export interface NewRun {
  name: string
  agent: string
  /** The workflow that it is for, by the word of whoever starts it. */
  tag?: string | undefined
  /** Pages to open where the run has none yet; a blank one without it, since clients that connect to
   * a browser expect a page there. Addresses that an agent may not go to are left out. */
  pages?: readonly string[]
  /** Loopback port for its agents; any free one without it. */
  port?: number
  /** Told when an agent has asked for the browser to be closed. Its tabs are, the browser is not. */
  closed?(): void
}

/** One agent session, as those see it who start, watch and end it. */
export interface RunHandle {
  readonly id: string
  readonly ref: RunRef
  /** For clients that take an address: `http://127.0.0.1:PORT`. */
  readonly cdp: string
  /** For clients that take a WebSocket's address. */
  readonly ws: string
  /** Clients that have connected so far. */
  families(): ClientFamily[]
  /** How many connections are open. */
  connected(): number
  readonly paused: boolean
  /** Nothing that the agent sends reaches the browser until `resume`. */
  pause(): void
  resume(): void
  /** Ends the connections and the port. The pages in the profile's own context stay. */
  end(): Promise<void>
  /** `end`, and closes the run's pages, whatever they were doing. */
  kill(): Promise<void>
  /** Connects a client inside this process. */
  connect(socket: AgentSocket, family: ClientFamily): Promise<AgentConnection>
}

export interface Gateway {
  readonly wire: Wire
  /** Process id of the browser. */
  readonly pid: number
  newRun(run: NewRun): Promise<RunHandle>
  /** Those that have not ended. */
  runs(): RunHandle[]
  /** Resolves when the browser has ended, however it ended; so have all runs then. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

/** Starts a browser that nobody but this process can debug, and lets agents in through runs. Rejects
 * where the browser cannot be started. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { browser, profile, headless, proxy, env, report } = options
  const client = options.switches ?? []
  const launched = await launch({ browser, profile, headless, proxy, client, env, report })
  const gateway = new Host(options, launched)
  try {
    await gateway.start()
    return gateway
  } catch (error) {
    await gateway.close()
    throw error
  }
}
