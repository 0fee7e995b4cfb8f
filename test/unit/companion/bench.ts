import type { Context, Ports } from '#companion/core/context.ts'
import type { Clock, Ids } from '#companion/core/ports.ts'
import { openCore } from '#companion/core/recover.ts'
import { holdEverything } from '#shared/policy/hold-everything.ts'
import type { Policy } from '#shared/policy/policy.ts'
import type { StreamEvent } from '#shared/protocol/api.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { FromCompanion } from '#shared/protocol/link.ts'
import { MemoryStore } from './memory-store.ts'

/** A clock that moves only when told: the wall and the monotonic clock apart from each other. */
export class FakeClock implements Clock {
  wall = Date.parse('2026-11-21T09:00:00.000Z')
  #mono = 0
  #timers = new Set<{ at: number; run: () => void }>()

  now = () => this.wall
  monotonic = () => this.#mono
  after: Clock['after'] = (ms, run) => {
    const timer = { at: this.#mono + ms, run }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Both clocks go on by `ms`, and what is due runs. */
  advance(ms: number): void {
    this.wall += ms
    this.#mono += ms
    for (const timer of [...this.#timers])
      if (timer.at <= this.#mono) {
        this.#timers.delete(timer)
        timer.run()
      }
  }
}

export function countingIds(): Ids {
  let last = 0
  const next = () => String(++last)
  return {
    next: (prefix) => `${prefix}_${next()}`,
    secret: () => `secret${next()}`,
    code: () => next().padStart(6, '0'),
  }
}

/** Turns of the event loop enough for what a timer set off to be written. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

export const me = { id: 't_browser', actor: 'extension:Chromium' }

/** A core on a store in memory. What the classifier and the policy say is set by the test. */
export interface Bench {
  context: Context
  store: MemoryStore
  clock: FakeClock
  told: { asker: string; message: FromCompanion }[]
  published: StreamEvent[]
  reported: unknown[]
  says: { classification: Classification; decision: Decision; expiry: number; policy: Policy }
  /** A companion that starts on the same store, as after a crash. */
  restart(): Promise<Context>
}

export async function bench(): Promise<Bench> {
  const store = new MemoryStore()
  const clock = new FakeClock()
  const told: Bench['told'] = []
  const published: StreamEvent[] = []
  const reported: unknown[] = []
  const says: Bench['says'] = {
    classification: {
      capability: 'send',
      category: 'communication',
      effect: 'irreversible',
      signals: [],
    },
    decision: decision('hold'),
    expiry: 600_000,
    policy: holdEverything,
  }
  const ports: Ports = {
    store,
    clock,
    ids: countingIds(),
    bus: {
      publish: (event) => void published.push(event),
      tell: (asker, message) => void told.push({ asker, message }),
    },
    policy: {
      current: () => says.policy,
      decide: () => says.decision,
      expiry: () => says.expiry,
      settings: () => ({ mode: 'enforce', policyVersion: 'v', sites: [], ruleModes: false }),
      version: () => 'v',
      sideEffects: () => false,
      sideEffectPatterns: () => [],
    },
    classify: () => says.classification,
    report: (error) => void reported.push(error),
  }
  const context = await openCore(ports)
  const restart = () => {
    context.deadlines.clearAll()
    return openCore(ports)
  }
  return { context, store, clock, told, published, reported, says, restart }
}

export function decision(kind: Decision['kind'], more: Partial<Decision> = {}): Decision {
  return {
    kind,
    rules: [],
    reason: `because ${kind}`,
    pattern: 'review-gate',
    mode: 'enforce',
    wouldNeed: [],
    policyVersion: 'v',
    ...more,
  }
}

export function descriptor(more: Partial<Descriptor> = {}): Descriptor {
  return {
    door: 'extension',
    provenance: 'unknown',
    gesture: 'click',
    page: { url: 'https://mail.example.com/compose', title: 'Compose', top: true },
    target: { role: 'button', name: 'Send', tag: 'button', path: 'form > button', hints: [] },
    terms: { amounts: [], recipients: ['ann@example.com'], rows: null },
    ...more,
  }
}

/** The same action with another amount. */
export function paying(text: string): Descriptor {
  const minor = Number(text.replace(/\D/g, ''))
  return descriptor({
    terms: { amounts: [{ currency: 'USD', minor, text }], recipients: [], rows: null },
  })
}
