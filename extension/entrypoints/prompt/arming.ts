/** How long the prompt has to be visible, unchanged and attended to before Approve works, in ms. */
export const ARM_MS = 700

export interface Arming {
  /** Since when everything needed has held without interruption; null while it does not. */
  since: number | null
}

export type ArmingStep =
  /** What the browser says about the card's visibility on the screen. */
  | { is: 'visible' | 'hidden'; at: number }
  /** The focus came back to the window, or the card shows something else now. */
  | { is: 'disturbed'; at: number }

/** The next state. Visibility starts the clock, everything else sets it back. */
export function arm(state: Arming, step: ArmingStep): Arming {
  if (step.is === 'hidden') return { since: null }
  if (step.is === 'visible') return state.since === null ? { since: step.at } : state
  return state.since === null ? state : { since: step.at }
}

/** Time left until Approve works, in ms; 0 when it does, null while the prompt is not visible. */
export function armsIn(state: Arming, at: number): number | null {
  return state.since === null ? null : Math.max(0, ARM_MS - (at - state.since))
}
