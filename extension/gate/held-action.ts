import type { Occasion } from '#shared/page/describe.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'

/** A gesture that was stopped on its way to the page and can be made to happen later. */
export interface HeldAction {
  /** What it acts on, and on what occasion: enough to describe it again at release. */
  target: Element
  occasion: Occasion
  /** As it was when it was held. */
  descriptor: Descriptor
  /** Plain link the action is known to lead to: a GET request that proves its outcome. */
  leadsTo?: string
  /** Makes it happen on `target`, or on the element that has taken its place. */
  release(target: Element): void
}

/** What the guards need of the frame they stand in. */
export interface Gatekeeper {
  /** True where this page's gestures are only recorded. */
  observing(): boolean
  /** Takes over an action that was stopped. */
  hold(action: HeldAction): void
  /** True while an action on this element waits. */
  waits(target: Element): boolean
  /** The action could not even be described: it was stopped and nobody can be asked. */
  dropped(): void
  /** Clicks the link marked with `data-holdpoint-release` in the page's own world. */
  clickScriptLink(mark: string): void
  /** A gesture without an effect goes through natively. */
  passed(descriptor: Descriptor): void
  /** Observe mode: an execute step goes through natively. */
  record(descriptor: Descriptor): void
}
