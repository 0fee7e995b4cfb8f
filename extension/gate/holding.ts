import type { Occasion } from '#shared/page/occasion.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { ToFrame } from '../messages.ts'
import type { HeldAction } from './held-action.ts'
import type { Line } from './line.ts'
import type { Pass } from './pass.ts'

/** What the frame's second script, `hold.js`, does: it describes in full, asks, shows the prompt and
 * releases. Most frames never hold anything, so it is brought in when one does. */
export interface Holding {
  describe(target: Element, occasion: Occasion): Descriptor | null
  add(action: HeldAction): void
  waits(target: Element): boolean
  /** True while an action waits. */
  readonly any: boolean
  /** True while the prompt is modal: real input is for the prompt. */
  readonly up: boolean
  /** True for events on the prompt's own elements. */
  owns(event: Event): boolean
  receive(message: Exclude<ToFrame, { type: 'link' | 'hold-failed' }>): void
  /** A new line: the worker behind it knows nothing of this frame. */
  announce(): void
  /** Asks again about everything unresolved. */
  askAgain(): void
}

/** What the gate lends to it. */
export interface HoldingEnds {
  line: Line
  pass: Pass
  promptUrl(nonce: string): string
}

/** Most actions that wait for the second script; what a page makes beyond that is swallowed. */
const WAITING_LIMIT = 20

/** The second script, here or on its way. Whatever is added is stopped already and stays so until the
 * script is here and somebody said yes; where it cannot be brought in, the next action tries again. */
export function createHolding(ends: HoldingEnds) {
  let holding: Holding | null = null
  let asked = false
  let early: HeldAction[] = []

  function bring(): void {
    if (!holding && !asked) asked = ends.line.send({ type: 'bring-hold' })
  }

  return {
    get here() {
      return holding
    },
    /** Asks the worker for the script, unless it is here or on its way. */
    bring,
    add(action: HeldAction) {
      if (holding) return holding.add(action)
      if (early.length < WAITING_LIMIT) early.push(action)
      bring()
    },
    waits: (target: Element) =>
      holding?.waits(target) ?? early.some((action) => action.target === target),
    get any() {
      return holding?.any ?? early.length > 0
    },
    /** The script has come. A second copy of it finds the place taken. */
    arrive(start: (ends: HoldingEnds) => Holding) {
      if (holding) return
      holding = start(ends)
      for (const action of early) holding.add(action)
      early = []
    },
    /** It could not be brought in, or the worker that was to bring it is gone. */
    failed() {
      asked = false
    },
    announce() {
      if (holding) holding.announce()
      else if (early.length > 0) bring()
    },
  }
}
