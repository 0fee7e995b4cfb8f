import type { Occasion } from '#shared/page/occasion.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Recorded } from './recording.ts'

/** A gesture that was stopped on its way to the page and can be made to happen later. */
export interface HeldAction {
  /** What it acts on, and on what occasion: enough to describe it again at release. */
  target: Element
  occasion: Occasion
  /** As it was when it was held. Null where it was held before this frame had its second script,
   * which describes it as soon as it arrives, or where describing failed. */
  descriptor: Descriptor | null
  /** What the control called itself when it was held: whatever is described later must still say so. */
  named: string | null
  /** Plain link the action is known to lead to: a GET request that proves its outcome. */
  leadsTo?: string
  /** What makes it happen. */
  replay: Replay
}

/** The recorded events of a gesture, or the navigation that was cancelled. Events that follow a
 * gesture (keyup, dblclick) are added to its `records` while it waits. */
export type Replay =
  | { kind: 'pointer' | 'keys'; records: Recorded[] }
  /** `untrusted` submits were dispatched by a script and reach only its listeners. */
  | {
      kind: 'submit'
      form: HTMLFormElement
      submitter: HTMLElement | null
      untrusted: Recorded | null
    }
  | { kind: 'drop'; record: Recorded }
  | { kind: 'form-navigation'; url: string; entries: FormData; source: Element | null }
  | { kind: 'navigation'; url: string; replace: boolean }

/** What the guards need of the frame they stand in. */
export interface Gatekeeper {
  /** True where this page's gestures are only recorded. */
  observing(): boolean
  /** The full description, null where this frame cannot make one (yet). */
  describe(target: Element, occasion: Occasion): Descriptor | null
  /** Takes over an action that was stopped. */
  hold(action: HeldAction): void
  /** True while an action on this element waits. */
  waits(target: Element): boolean
  /** A gesture without an effect goes through natively. */
  passed(descriptor: Descriptor): void
  /** Observe mode: an execute step goes through natively. */
  record(descriptor: Descriptor): void
}
