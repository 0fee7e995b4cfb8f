import { mkdirSync, realpathSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import type { Context } from '#companion/core/context.ts'
import type { Refusal } from '#companion/core/hold.ts'
import type {
  BrowserInfo,
  LeaseEvent,
  NewBrowser,
  OpenedBrowser,
} from '#shared/protocol/browser.ts'

/** How long a new browser waits for its first lease, ... */
export const FIRST_LEASE_MS = 10_000

/** ... and how long it waits for another when the last one has dropped. */
export const LEASE_GRACE_MS = 2_000

/** A supervised browser as whoever starts it gives it to the board. */
export interface HostedBrowser {
  readonly run: string
  readonly cdp: string
  readonly ws: string
  readonly program: string
  readonly dropped: readonly string[]
  /** Resolves when the browser has ended. */
  readonly ended: Promise<void>
  /** Resolves when its run has ended: by a person, say. */
  readonly runEnded: Promise<void>
  stop(): Promise<void>
}

export interface BrowserOrder extends NewBrowser {
  profile: string
  /** Name of the token that it is started with. */
  startedBy: string
  /** The agent has asked for the browser to be closed. */
  closeAsked(): void
}

export type Result<T> = ({ ok: true } & T) | { ok: false; error: Refusal }

/** Starts a supervised browser with one run. What cannot be done is a value. */
export type HostBrowser = (order: BrowserOrder) => Promise<Result<{ hosted: HostedBrowser }>>

type Owner = BrowserInfo['owner']

interface Entry {
  readonly info: Omit<BrowserInfo, 'leases'>
  readonly hosted: HostedBrowser
  readonly leases: Set<(event: LeaseEvent) => void>
  /** Ends the wait for a lease. */
  cancel(): void
  stopping: Promise<void> | null
}

/** Folders of the home folder that hold what approves, or keys: no agent's browser runs on them. */
const RESERVED = ['profile', 'dashboard-profile', 'undo-profile', 'trial-profile', 'proxy'] as const

/** The supervised browsers of this companion. Who starts browsers fills it in; without that it starts
 * none. A browser whose owner has vanished does not live on: it ends with its last lease. */
export class BrowserBoard {
  readonly #context: Context
  readonly #home: string
  readonly #entries = new Map<string, Entry>()
  /** Profiles in use, from before their browser starts until it is gone. */
  readonly #profiles = new Map<string, Owner>()
  readonly #freed = new Set<() => void>()
  #host: HostBrowser | null = null
  #closed = false

  constructor(context: Context, home: string) {
    this.#context = context
    this.#home = home
  }

  fill(host: HostBrowser): void {
    this.#host = host
  }

  /** How many there are, those included that are starting. */
  count(): number {
    return this.#profiles.size
  }

  list(): BrowserInfo[] {
    return [...this.#entries.values()].map(({ info, leases }) => ({ ...info, leases: leases.size }))
  }

  /** Starts a browser. With owner `lease`, it is closed where nobody takes a lease on it in time.
   * `startedBy` is the name of a token; who starts one in this process has the home folder, and so the
   * supervisor's. */
  async open(
    wish: NewBrowser,
    owner: Owner,
    startedBy = 'supervisor',
  ): Promise<Result<{ browser: OpenedBrowser }>> {
    if (!this.#host) return refused('no_gateway', 'this companion was started without a gateway')
    if (this.#closed) return STOPPING
    const place = this.#place(wish.profile)
    if (!place.ok) return place
    const { profile } = place
    this.#profiles.set(profile, owner)
    const leases: Entry['leases'] = new Set()
    const closeAsked = () => {
      for (const tell of [...leases]) tell('close')
    }
    const done = await this.#start(this.#host, { ...wish, profile, startedBy, closeAsked })
    if (!done.ok || this.#closed) {
      if (done.ok) await done.hosted.stop().catch(this.#context.report)
      this.#free(profile)
      return done.ok ? STOPPING : done
    }
    const { hosted } = done
    const id = this.#context.ids.next('browser')
    const { run, cdp, ws, program, dropped } = hosted
    const { name, agent, headless } = wish
    const info = { id, run, name, agent, cdp, profile, headless, owner }
    const entry: Entry = { info, hosted, leases, cancel: () => undefined, stopping: null }
    this.#entries.set(id, entry)
    const stop = () => void this.#stop(entry)
    hosted.ended.then(stop, stop)
    if (owner === 'lease') {
      hosted.runEnded.then(stop, stop)
      entry.cancel = this.#context.clock.after(FIRST_LEASE_MS, stop)
    }
    return { ok: true, browser: { id, run, cdp, ws, profile, program, dropped: [...dropped] } }
  }

  /** Keeps a browser until `release`. `tell` must not throw; after `ended` nothing more is told. */
  lease(id: string, tell: (event: LeaseEvent) => void): Result<{ release(): void }> {
    const entry = this.#entries.get(id)
    if (!entry || entry.stopping) return this.#missing(id)
    entry.cancel()
    entry.leases.add(tell)
    const release = () => {
      if (!entry.leases.delete(tell) || entry.leases.size > 0) return
      if (entry.info.owner !== 'lease' || entry.stopping) return
      const stop = () => void this.#stop(entry)
      entry.cancel = this.#context.clock.after(LEASE_GRACE_MS, stop)
    }
    return { ok: true, release }
  }

  /** Ends a browser; resolves when it is gone. One that the companion's own process wants is left. */
  async stop(id: string): Promise<Result<object>> {
    const entry = this.#entries.get(id)
    if (!entry) return this.#missing(id)
    if (entry.info.owner === 'companion')
      return refused(
        'browser_not_leased',
        `browser \`${id}\` belongs to the companion's own process and ends with it; kill its run to stop its agent`,
      )
    await this.#stop(entry)
    return { ok: true }
  }

  /** Ends all, and starts no more. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#entries.values()].map((entry) => this.#stop(entry)))
    // Those that were starting end as soon as they have started.
    await this.#until(() => this.#profiles.size === 0)
  }

  /** Ends those that belong to the companion's own process. */
  async leave(): Promise<void> {
    const own = [...this.#entries.values()].filter(({ info }) => info.owner === 'companion')
    await Promise.all(own.map((entry) => this.#stop(entry)))
  }

  /** Whether other processes have browsers here. */
  leased(): boolean {
    return [...this.#profiles.values()].includes('lease')
  }

  /** Resolves when no other process has a browser here. */
  async unleased(): Promise<void> {
    await this.#until(() => !this.leased())
  }

  async #start(host: HostBrowser, order: BrowserOrder): ReturnType<HostBrowser> {
    try {
      return await host(order)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return refused('browser_failed', `the browser could not be started: ${why}`)
    }
  }

  #stop(entry: Entry): Promise<void> {
    entry.stopping ??= this.#end(entry)
    return entry.stopping
  }

  async #end({ info, hosted, leases, cancel }: Entry): Promise<void> {
    cancel()
    // It may not have ended as it should; its process is gone with the companion's at the latest.
    await hosted.stop().catch(this.#context.report)
    this.#entries.delete(info.id)
    this.#free(info.profile)
    for (const tell of [...leases]) tell('ended')
    leases.clear()
  }

  /** The folder to use, made where it is missing and in its one true spelling. */
  #place(wanted: string | undefined): Result<{ profile: string }> {
    const path = wanted ?? this.#freeProfile()
    let profile: string
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 })
      profile = realpathSync.native(path)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return refused('profile_unusable', `\`${path}\` cannot be used as a profile folder: ${why}`)
    }
    if (this.#isReserved(profile))
      return refused(
        'profile_reserved',
        `\`${path}\` holds what approves; give the agent's browser a folder of its own`,
      )
    if (this.#profiles.has(profile))
      return refused(
        'profile_in_use',
        `another supervised browser uses the profile \`${path}\`; give each a folder of its own, or end that one`,
      )
    return { ok: true, profile }
  }

  /** The first is the one that a person has logged in with. */
  #freeProfile(): string {
    const home = realpathSync.native(this.#home)
    for (let n = 1; ; n++) {
      const path = join(home, n === 1 ? 'gateway-profile' : `gateway-profile-${n}`)
      if (!this.#profiles.has(path)) return path
    }
  }

  #isReserved(profile: string): boolean {
    const home = realpathSync.native(this.#home)
    if (profile === home) return true
    return RESERVED.some((name) => `${profile}${sep}`.startsWith(`${resolve(home, name)}${sep}`))
  }

  #free(profile: string): void {
    this.#profiles.delete(profile)
    for (const wake of [...this.#freed]) wake()
  }

  async #until(done: () => boolean): Promise<void> {
    while (!done())
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#freed.delete(wake)
          resolve()
        }
        this.#freed.add(wake)
      })
  }

  #missing(id: string): { ok: false; error: Refusal } {
    return refused('browser_unknown', `there is no browser \`${id}\`; it may have ended`)
  }
}

const STOPPING = refused('companion_stopping', 'the companion is stopping')

function refused(code: string, message: string): { ok: false; error: Refusal } {
  return { ok: false, error: { code, message } }
}
