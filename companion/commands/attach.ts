import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod/mini'
import { type NewBrowser, OpenedBrowser } from '#shared/protocol/browser.ts'
import { type Client, client } from './client.ts'
import { Failure } from './failure.ts'
import { isAlive, readState } from './home.ts'

/** How long a companion that is starting may take until it answers. */
export const ANSWER_MS = 20_000

/** The companion that runs on a home folder, once it answers. Null where none is there. */
export async function runningCompanion(home: string): Promise<Client | null> {
  const state = readState(home)
  // The token is for nobody who has taken over the port of a companion that was killed.
  if (!state?.url || !isAlive(state.pid)) return null
  try {
    const running = client({ home })
    await running.call('GET', '/v1/health', Health)
    return running
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

const Health = z.object({ name: z.literal('holdpoint') })

/** A supervised browser in a companion's process, held by a lease from this one. */
export interface Leased {
  readonly browser: OpenedBrowser
  readonly companion: Client
  /** Resolves when the agent has asked for its browser to be closed. */
  readonly closeAsked: Promise<void>
  /** Resolves when the browser is gone, or the companion is. */
  readonly ended: Promise<void>
  /** Ends the browser; resolves when it is gone. */
  close(): Promise<void>
}

/** Opens a browser on the companion of a home folder, and takes the lease. `start` is called where none
 * is running, again and again until one answers. Rejects with a Failure. */
export async function leaseBrowser(
  home: string,
  wish: NewBrowser,
  start: () => void = () => undefined,
): Promise<Leased> {
  const until = Date.now() + ANSWER_MS
  for (;;) {
    const companion = await runningCompanion(home)
    if (companion) {
      try {
        const browser = await companion.call('POST', '/v1/browsers', OpenedBrowser, wish)
        return await Lease.on(companion, browser)
      } catch (error) {
        // It has ended since it was asked: another takes its place.
        if (!isGone(error)) throw asFound(error)
      }
    } else start()
    if (Date.now() > until)
      throw new Failure(
        'timedOut',
        'not_answering',
        `the companion on \`${home}\` did not answer within ${ANSWER_MS / 1000} s; \`holdpoint status\` tells what it does`,
      )
    await pause(POLL_MS)
  }
}

const POLL_MS = 100

/** Whether a failure means that there is no companion, or none for much longer. */
export function isGone(error: unknown): boolean {
  return (
    error instanceof Failure &&
    (error.code === 'not_running' || error.code === 'companion_stopping')
  )
}

/** The exit code that the same problem has where it is met in this process. */
function asFound(error: unknown): unknown {
  return error instanceof Failure ? failureOf(error) : error
}

/** What a command says of a browser that could not be opened. */
export function failureOf({ code, message }: { code: string; message: string }): Failure {
  if (code === 'browser_missing' || code === 'browser_wrong')
    return new Failure('noBrowser', code, message)
  if (code === 'port_busy') return new Failure('portBusy', code, message)
  return new Failure('setUp', code, message)
}

/** What a browser needs of its owner's environment to show itself there. */
export function screenOf(env: NodeJS.ProcessEnv): NonNullable<NewBrowser['env']> {
  const { DISPLAY, WAYLAND_DISPLAY, XAUTHORITY, XDG_RUNTIME_DIR } = env
  const { TZ, LANG, LANGUAGE, LC_ALL } = env
  return Object.fromEntries(
    Object.entries({
      ...{ DISPLAY, WAYLAND_DISPLAY, XAUTHORITY, XDG_RUNTIME_DIR },
      ...{ TZ, LANG, LANGUAGE, LC_ALL },
    }).filter(([, value]) => value !== undefined),
  )
}

class Lease implements Leased {
  readonly browser: OpenedBrowser
  readonly companion: Client
  readonly closeAsked: Promise<void>
  readonly ended: Promise<void>
  readonly #over = new AbortController()
  #askedToClose: () => void = () => undefined

  private constructor(companion: Client, browser: OpenedBrowser, held: () => void) {
    this.browser = browser
    this.companion = companion
    this.closeAsked = new Promise((resolve) => {
      this.#askedToClose = resolve
    })
    this.ended = this.#hold(held)
  }

  /** Resolves once the lease is held. */
  static async on(companion: Client, browser: OpenedBrowser): Promise<Lease> {
    return await new Promise((resolve, reject) => {
      const lease = new Lease(companion, browser, () => resolve(lease))
      lease.ended.then(
        () => reject(new Failure('setUp', 'not_running', 'the browser ended as soon as it was up')),
        reject,
      )
    })
  }

  async close(): Promise<void> {
    try {
      await this.companion.call('DELETE', `/v1/browsers/${this.browser.id}`, z.null())
    } catch (error) {
      const gone = isGone(error) || (error instanceof Failure && error.code === 'browser_unknown')
      if (!gone) throw error
    } finally {
      this.#over.abort()
    }
  }

  /** A connection that breaks is made anew at once: the companion waits for that a little while. */
  async #hold(held: () => void): Promise<void> {
    const path = `/v1/browsers/${this.browser.id}/lease`
    for (;;) {
      try {
        for await (const event of this.companion.follow(path, this.#over.signal)) {
          if (event === 'open') held()
          if (event === 'close') this.#askedToClose()
          if (event === 'ended') return
        }
      } catch (error) {
        // Whatever the reason, a companion that does not know the browser any more has ended it.
        if (this.#over.signal.aborted || error instanceof Failure) return
      }
      await pause(POLL_MS)
    }
  }
}
