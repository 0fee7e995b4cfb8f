import type { Decided } from '#companion/core/door.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import type { Agent } from './agent.ts'
import type { Target } from './targets.ts'

/** An action that was asked about: it waits for a person, or was approved and not taken up yet. */
export interface Open {
  state: 'open'
  hold: Hold
  decided: Promise<Decided>
  agent: Agent
  /** The page it was meant for; null for the browser as a whole. */
  page: Target | null
}

/** An action that was denied, by a rule or by a person. */
export interface Denied {
  state: 'denied'
  audit: string
  reason: string
  tell?: string | undefined
  suggest?: string | undefined
  rules: readonly string[]
  hold?: string | undefined
  /** How often it was tried again. */
  repeats: number
}

export type Remembered = Open | Denied

/** Most denials of one run that are kept; the oldest are then put to the policy once more. */
const DENIAL_LIMIT = 1000

/** What became of each run's actions, by the digest of what an approval binds: the same action repeated
 * joins its hold, takes up its approval, or is denied at once. Denials last as long as the policy that
 * they were made under. */
export class Memory {
  readonly #runs = new Map<string, Map<string, Remembered>>()
  readonly #policyVersion: () => string
  #version: string

  constructor(policyVersion: () => string) {
    this.#policyVersion = policyVersion
    this.#version = policyVersion()
  }

  get(run: string, digest: string): Remembered | undefined {
    this.#forgetOldPolicy()
    return this.#runs.get(run)?.get(digest)
  }

  put(run: string, digest: string, action: Remembered): void {
    this.#forgetOldPolicy()
    const actions = this.#runs.get(run) ?? new Map<string, Remembered>()
    this.#runs.set(run, actions)
    actions.delete(digest)
    actions.set(digest, action)
    if (actions.size > DENIAL_LIMIT) this.#dropOldest(actions)
  }

  /** Forgets `action`, unless another has taken its place. */
  forget(run: string, digest: string, action: Remembered): void {
    const actions = this.#runs.get(run)
    if (actions?.get(digest) === action) actions.delete(digest)
  }

  /** Forgets what is open and fits, and returns it. */
  takeOpen(fits: (action: Open) => boolean): Open[] {
    const taken: Open[] = []
    for (const actions of this.#runs.values())
      for (const [digest, action] of actions)
        if (action.state === 'open' && fits(action)) {
          actions.delete(digest)
          taken.push(action)
        }
    return taken
  }

  #dropOldest(actions: Map<string, Remembered>): void {
    for (const [digest, action] of actions)
      if (action.state === 'denied') {
        actions.delete(digest)
        return
      }
  }

  #forgetOldPolicy(): void {
    const version = this.#policyVersion()
    if (version === this.#version) return
    this.#version = version
    for (const actions of this.#runs.values())
      for (const [digest, action] of actions) if (action.state === 'denied') actions.delete(digest)
  }
}
