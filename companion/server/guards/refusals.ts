import type { Context as HonoContext } from 'hono'
import { type Context, durably, isoNow } from '#companion/core/context.ts'

const WINDOW_MS = 60_000

/** Most refusals recorded in a minute: a page must not be able to fill the disk by being refused. */
const LIMIT = 20

/** Records requests that no door of ours sends: a foreign Host or Origin. They are evidence, but
 * anybody's page can send them, so unlike a forgery by a known bearer they do not open the breaker:
 * else any site could stop the work by asking for it. */
export class Refusals {
  readonly #context: Context
  #since = Number.NEGATIVE_INFINITY
  #count = 0
  #left = 0

  constructor(context: Context) {
    this.#context = context
  }

  /** Resolves once recorded, or at once where the minute's share is used up; those are counted and
   * the count is put into the next record. Never rejects: the request is refused in any case. */
  async record(c: HonoContext, code: string): Promise<void> {
    const now = this.#context.clock.monotonic()
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now
      this.#count = 0
    }
    this.#count += 1
    if (this.#count > LIMIT) {
      this.#left += 1
      return
    }
    const unrecorded = this.#left
    this.#left = 0
    const verdict = /^\/v1\/holds\/(?:[^/]+\/verdict|verdicts)$/.test(c.req.path)
    const show = (name: string) => c.req.header(name)?.slice(0, 200) ?? null
    await durably(this.#context, (tx) =>
      tx.append({
        at: isoNow(this.#context),
        kind: verdict ? 'forgery' : 'refused',
        actor: 'unknown',
        hold: null,
        run: null,
        body: {
          code,
          method: c.req.method,
          path: c.req.path.slice(0, 200),
          origin: show('origin'),
          host: show('host'),
          unrecorded,
        },
      }),
    )
  }
}
