import { numberOf, type Params, paramsOf, textOf } from './cdp.ts'
import type { Target } from './targets.ts'
import { within } from './within.ts'

/** A page as it looked: `width` and `height` are those of its viewport, in CSS pixels. */
export interface Shot {
  /** Base64. */
  jpeg: string
  width: number
  height: number
}

/** `held`: twice a second, for a person who looks. `hands`: every change, for a person who works with
 * the page; the agent waits meanwhile, else its clicks would take four times as long. */
export type Pace = 'held' | 'hands'

const SIZES: Record<Pace, Params> = {
  held: { quality: 50, maxWidth: 800, maxHeight: 500 },
  hands: { quality: 60, maxWidth: 1280, maxHeight: 800 },
}

const PULSE_MS = 500

/** A page that was never drawn sends no frame; then a screenshot is tried, which may never come. */
const SHOT_MS = 1000

/** The pictures of one page until it is stopped, in a session of the companion's own: they run beside
 * the agent's own screencast, and neither stops the other.
 *
 * Measured on Chromium 156: a screencast that starts sends the page as it was last drawn, within
 * 25 ms, also while a dialog or a busy script blocks the page or its tab is behind another, where a
 * screenshot waits. With `everyNthFrame` above 1 it sends nothing of a page that stands still, and
 * not the last change of one that moves. So every frame is asked for, and who only looks starts the
 * screencast anew for each picture. */
export class Screencast {
  readonly pace: Pace
  readonly #target: Target
  readonly #onShot: (shot: Shot) => void
  readonly #unlisten: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #last = ''
  #over = false

  constructor(target: Target, pace: Pace, onShot: (shot: Shot) => void) {
    this.pace = pace
    this.#target = target
    this.#onShot = onShot
    this.#unlisten = target.session.on('Page.screencastFrame', (frame) => this.#take(frame))
    this.#start()
  }

  stop(): void {
    this.#over = true
    clearTimeout(this.#timer)
    this.#unlisten()
    this.#tell('Page.stopScreencast')
  }

  #start(): void {
    this.#tell('Page.enable')
    this.#tell('Page.startScreencast', { format: 'jpeg', everyNthFrame: 1, ...SIZES[this.pace] })
    this.#timer = setTimeout(() => void this.#shoot(), SHOT_MS)
  }

  #take(frame: Params): void {
    // Without this the browser sends no further frame.
    this.#tell('Page.screencastFrameAck', { sessionId: frame.sessionId })
    clearTimeout(this.#timer)
    if (this.pace === 'held') {
      this.#tell('Page.stopScreencast')
      this.#timer = setTimeout(() => this.#start(), PULSE_MS)
    }
    const { deviceWidth, deviceHeight } = paramsOf(frame.metadata)
    this.#shot(frame.data, deviceWidth, deviceHeight)
  }

  async #shoot(): Promise<void> {
    const { session } = this.#target
    const metrics = await within(SHOT_MS, session.call('Page.getLayoutMetrics'))
    const asked = { format: 'jpeg', quality: 50, optimizeForSpeed: true }
    const taken = await within(SHOT_MS, session.call('Page.captureScreenshot', asked))
    const { clientWidth, clientHeight } = paramsOf(metrics?.cssLayoutViewport)
    this.#shot(taken?.data, clientWidth, clientHeight)
    clearTimeout(this.#timer)
    if (!this.#over) this.#timer = setTimeout(() => this.#start(), PULSE_MS)
  }

  #shot(data: unknown, deviceWidth: unknown, deviceHeight: unknown): void {
    const jpeg = textOf(data)
    const [width, height] = [numberOf(deviceWidth), numberOf(deviceHeight)]
    if (this.#over || !jpeg || jpeg === this.#last || !width || !height) return
    this.#last = jpeg
    this.#onShot({ jpeg, width, height })
  }

  #tell(method: string, params: Params = {}): void {
    this.#target.session.call(method, params).catch(() => {
      // The page has gone, and its pictures with it.
    })
  }
}
