import type { Clock } from '#companion/core/ports.ts'
import type { LiveBus } from './live-bus.ts'

/** How a wait for a verdict ended: `moved` is a hold that is pending no longer; `over` the end of the
 * time; `gone` a client that left, or that asks by another connection now. */
export type Waited = 'moved' | 'over' | 'gone'

/** Keeps answers back until a hold is decided. Of one request id only the newest asker waits: an
 * answer to an older one would be read by nobody, and what it lets go would be lost. */
export class VerdictWait {
  readonly #clock: Clock
  readonly #bus: LiveBus
  readonly #waiting = new Map<string, () => void>()

  constructor(clock: Clock, bus: LiveBus) {
    this.#clock = clock
    this.#bus = bus
  }

  /** Resolves once `hold` is pending no longer, after `ms`, or when `left` aborts. `pending` is asked
   * after the wait has begun, so that no verdict falls between. */
  until(
    request: string,
    hold: string,
    ms: number,
    left: AbortSignal,
    pending: () => Promise<boolean>,
  ): Promise<Waited> {
    this.#waiting.get(request)?.()
    return new Promise((resolve, reject) => {
      const end = (how: Waited) => {
        stop()
        cancel()
        left.removeEventListener('abort', gone)
        if (this.#waiting.get(request) === gone) this.#waiting.delete(request)
        resolve(how)
      }
      const gone = () => end('gone')
      const stop = this.#bus.listen((event) => {
        if (event.event === 'hold' && event.hold.id === hold && event.hold.state !== 'pending')
          end('moved')
      })
      const cancel = this.#clock.after(ms, () => end('over'))
      this.#waiting.set(request, gone)
      left.addEventListener('abort', gone)
      if (left.aborted) return gone()
      pending().then((still) => {
        if (!still) end('moved')
      }, reject)
    })
  }
}
