import type { Decision } from '#shared/protocol/decision.ts'
import type { GateSettings } from '#shared/protocol/link.ts'
import type { Later } from './context.ts'
import type { Tx } from './ports.ts'
import { EVERYTHING } from './scopes.ts'
import type { StoredBreaker } from './step-ports.ts'

/** An open breaker. */
export interface OpenBreaker {
  /** `policy` for everything, `rule ID` or `site HOST`. */
  scope: string
  reason: string
  /** ISO 8601. */
  at: string
  /** Entry that says so; null where it could not be recorded yet. */
  audit: string | null
}

/** Opens at a forgery attempt, at a broken audit chain, and where too much of what was let go came to
 * nothing good. While it is open, whatever the policy would let go in its scope waits for a person; it
 * closes only by a person's hand. */
export class Breaker {
  #stored: ReadonlyMap<string, StoredBreaker>
  /** Opened without a record of it: that the write may fail is no reason to stay closed. */
  #unrecorded: OpenBreaker | null = null
  #rollbacks = 0

  /** `stored` is what the store kept. */
  constructor(stored: readonly StoredBreaker[]) {
    this.#stored = new Map(stored.map((breaker) => [breaker.scope, breaker]))
  }

  /** Why everything is held; null where it is not. */
  get reason(): string | null {
    return this.#stored.get(EVERYTHING)?.reason ?? this.#unrecorded?.reason ?? null
  }

  /** Every one that is open, that for everything first. */
  all(): OpenBreaker[] {
    const open = [...this.#stored.values()].flatMap(({ scope, reason, at, audit }) =>
      reason === null ? [] : [{ scope, reason, at, audit }],
    )
    if (this.#unrecorded && !open.some(({ scope }) => scope === EVERYTHING))
      open.push(this.#unrecorded)
    return open.sort((a, b) => rank(a) - rank(b) || (a.scope < b.scope ? -1 : 1))
  }

  /** Opens it for everything at once, in memory; `keep` records it. */
  open(reason: string, at: string): void {
    if (this.reason === null) this.#unrecorded = { scope: EVERYTHING, reason, at, audit: null }
  }

  /** Stores what was opened in memory alone. `audit` is the entry that says so. */
  keep(tx: Tx, audit: string, later: Later): void {
    const open = this.#unrecorded
    if (open === null) return
    tx.putBreaker({ ...open, audit, after: 0 })
    later(() => this.#recorded({ ...open, audit, after: 0 }))
  }

  /** Stores one. It is open in memory at once, and closed there only when the record is durable. */
  put(tx: Tx, breaker: StoredBreaker, later: Later): void {
    this.#look(tx)
    tx.putBreaker(breaker)
    if (breaker.reason !== null) this.#set(breaker)
    later(() => this.#recorded(breaker))
  }

  /** Whether one is open for less than everything. */
  scoped(tx: Tx): boolean {
    this.#look(tx)
    for (const { scope, reason } of this.#stored.values())
      if (reason !== null && scope !== EVERYTHING) return true
    return false
  }

  stored(tx: Tx, scope: string): StoredBreaker | null {
    this.#look(tx)
    return this.#stored.get(scope) ?? null
  }

  /** The decision in force while it may be open for everything or for one of `scopes`. Reads pass and
   * denials stand. */
  tighten(decision: Decision, scopes: readonly string[]): Decision {
    if (decision.mode === 'shadow' || decision.pattern === 'read') return decision
    const open = [EVERYTHING, ...scopes].find((scope) => this.#reasonOf(scope) !== null)
    if (open === undefined) return decision
    const kind = decision.kind === 'deny' ? 'deny' : 'hold'
    if (kind === decision.kind) return { ...decision, mode: 'enforce' }
    const what = open === EVERYTHING ? 'everything' : `everything of ${named(open)}`
    return {
      ...decision,
      kind,
      mode: 'enforce',
      pattern: 'breaker',
      reason: `${what} is held until a person closes the breaker: ${this.#reasonOf(open)}`,
      wouldNeed: [`a person to close the breaker of ${named(open)}`],
    }
  }

  /** Gates must hold everywhere while it is open for everything, observe mode included; while it is open
   * for less, they have to ask. */
  settings(settings: GateSettings): GateSettings {
    if (this.reason !== null) return { ...settings, mode: 'enforce', sites: [], ruleModes: false }
    return this.all().length === 0 ? settings : { ...settings, ruleModes: true }
  }

  #set(breaker: StoredBreaker): void {
    this.#stored = new Map([...this.#stored, [breaker.scope, breaker]])
  }

  #recorded(breaker: StoredBreaker): void {
    this.#set(breaker)
    if (breaker.scope === EVERYTHING) this.#unrecorded = null
  }

  #reasonOf(scope: string): string | null {
    return scope === EVERYTHING ? this.reason : (this.#stored.get(scope)?.reason ?? null)
  }

  /** What a rolled back write noted is read anew. */
  #look(tx: Tx): void {
    const rollbacks = tx.rollbacks()
    if (rollbacks === this.#rollbacks) return
    this.#rollbacks = rollbacks
    this.#stored = new Map(tx.breakers().map((breaker) => [breaker.scope, breaker]))
  }
}

/** `the policy`, `rule \`mail\``, `site \`crm.example.com\``. */
export function named(scope: string): string {
  const [what, which] = scope.split(' ')
  return which === undefined ? 'the policy' : `${what} \`${which}\``
}

function rank({ scope }: OpenBreaker): number {
  return scope === EVERYTHING ? 0 : 1
}
