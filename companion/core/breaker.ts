import type { Decision } from '#shared/protocol/decision.ts'
import type { GateSettings } from '#shared/protocol/link.ts'
import type { Tx } from './ports.ts'

const SETTING = 'breaker'

/** Opens at a forgery attempt or a broken audit chain. While it is open, whatever the policy would
 * let go waits for a person; it closes only by a person's hand. */
export class Breaker {
  #reason: string | null

  /** `stored` is the setting as the store kept it. */
  constructor(stored: string | null) {
    this.#reason = stored
  }

  get reason(): string | null {
    return this.#reason
  }

  /** Opens at once, in memory: that the write may fail is no reason to stay closed. */
  open(reason: string): void {
    this.#reason ??= reason
  }

  keep(tx: Tx): void {
    tx.putSetting(SETTING, this.#reason)
  }

  reset(): void {
    this.#reason = null
  }

  /** The decision in force while the breaker may be open. Reads pass and denials stand. */
  tighten(decision: Decision): Decision {
    const reason = this.#reason
    if (reason === null || decision.mode === 'shadow' || decision.pattern === 'read')
      return decision
    const kind = decision.kind === 'deny' ? 'deny' : 'hold'
    if (kind === decision.kind) return { ...decision, mode: 'enforce' }
    return {
      ...decision,
      kind,
      mode: 'enforce',
      pattern: 'review-gate',
      reason: `everything is held until a person resets the breaker: ${reason}`,
    }
  }

  /** Gates must hold everywhere while the breaker is open, observe mode included. */
  settings(settings: GateSettings): GateSettings {
    return this.#reason === null
      ? settings
      : { ...settings, mode: 'enforce', sites: [], ruleModes: false }
  }

  static readonly setting = SETTING
}
