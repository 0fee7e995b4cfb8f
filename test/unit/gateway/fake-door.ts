import type { Decided, Door, Refused } from '#companion/core/door.ts'
import { classify } from '#shared/classify/classify.ts'
import { changes } from '#shared/protocol/binding.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Change, Hold } from '#shared/protocol/hold.ts'
import type { Answer, Evidence } from '#shared/protocol/link.ts'

/** A door whose policy lets reads and `allows` go, denies `denies`, and holds everything else until the
 * test approves or denies it. It keeps every call in order. */
export class FakeDoor implements Door {
  readonly asked: Descriptor[] = []
  readonly holds: Hold[] = []
  readonly log: string[] = []
  readonly refusals: Refused[] = []
  readonly outcomes: { audit: string; evidence: Evidence }[] = []
  allows: (d: Descriptor) => boolean = () => false
  denies: (d: Descriptor) => boolean = () => false
  shadows: (d: Descriptor) => boolean = () => false
  /** Whether reads go at once, before their record. */
  passes = true
  /** Runs while an answer is on its way. */
  whileAnswering: () => Promise<void> = () => Promise.resolve()
  readonly #verdicts = new Map<string, (decided: Decided) => void>()
  readonly #decided = new Map<string, Promise<Decided>>()
  readonly #open = new Set<string>()
  #last = 0

  async ask(_id: string, descriptor: Descriptor): Promise<Answer> {
    this.asked.push(descriptor)
    const audit = `audit_${++this.#last}`
    const read = classify(descriptor).capability === 'read'
    this.log.push(`ask ${descriptor.target.name}`)
    await this.whileAnswering()
    if (read || this.allows(descriptor)) return { state: 'go', audit, mode: 'enforce' }
    if (this.denies(descriptor)) return { state: 'denied', audit, reason: 'a rule says no' }
    if (this.shadows(descriptor)) return { state: 'shadowed', audit, reason: 'shadow mode' }
    return { state: 'held', hold: this.#hold(descriptor, audit) }
  }

  pass(_id: string, descriptor: Descriptor): boolean {
    if (!this.passes || classify(descriptor).capability !== 'read') return false
    this.asked.push(descriptor)
    this.log.push(`pass ${descriptor.target.name}`)
    return true
  }

  decided(hold: string): Promise<Decided> {
    const decided = this.#decided.get(hold)
    if (!decided) throw new Error(`there is no hold ${hold}`)
    return decided
  }

  async redeem(_id: string, hold: string, ticket: string, now: Descriptor): Promise<Answer> {
    const held = this.holds.find(({ id }) => id === hold)
    if (!held || ticket !== `ticket ${hold}` || !this.#open.delete(hold))
      return { state: 'refused', code: 'hold_released', reason: 'used' }
    const audit = `audit_${++this.#last}`
    const moved = changes(held.descriptor, now)
    this.log.push(`redeem ${now.target.name}${moved.length > 0 ? ' changed' : ''}`)
    await this.whileAnswering()
    if (moved.length === 0) return { state: 'go', audit, mode: 'enforce' }
    return { state: 'held', hold: this.#hold(now, audit, moved) }
  }

  covered(): Promise<string | null> {
    return Promise.resolve('audit_covered')
  }

  outcome(audit: string, evidence: Evidence): Promise<void> {
    this.outcomes.push({ audit, evidence })
    return Promise.resolve()
  }

  withdraw(hold: string, reason: string): Promise<void> {
    this.#open.delete(hold)
    this.#verdicts.delete(hold)
    this.log.push(`withdraw ${hold}: ${reason}`)
    return Promise.resolve()
  }

  refused(refused: Refused): Promise<string | null> {
    this.refusals.push(refused)
    return Promise.resolve('audit_refused')
  }

  forged(): Promise<void> {
    return Promise.resolve()
  }

  /** The hold made next, or the last one that nobody decided. */
  async pending(): Promise<Hold> {
    for (let i = 0; i < 400; i++) {
      const hold = this.holds.findLast(({ id }) => this.#verdicts.has(id))
      if (hold) return hold
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error(`nothing is held; asked: ${JSON.stringify(this.asked.at(-1))}`)
  }

  async approve(): Promise<Hold> {
    const hold = await this.pending()
    this.#settle(hold, { state: 'approved', ticket: `ticket ${hold.id}` })
    return hold
  }

  async deny(reason = 'not today'): Promise<Hold> {
    const hold = await this.pending()
    this.#settle(hold, { state: 'denied', reason })
    return hold
  }

  async expire(): Promise<Hold> {
    const hold = await this.pending()
    this.#settle(hold, { state: 'expired', reason: 'nobody decided in time' })
    return hold
  }

  #settle(hold: Hold, decided: Decided): void {
    this.#verdicts.get(hold.id)?.(decided)
    this.#verdicts.delete(hold.id)
  }

  #hold(descriptor: Descriptor, auditId: string, moved?: Change[]): Hold {
    const id = `hold_${++this.#last}`
    const hold: Hold = {
      id,
      requestId: `request_${id}`,
      state: 'pending',
      createdAt: '2030-01-01T00:00:00.000Z',
      expiresAt: '2030-01-01T00:10:00.000Z',
      descriptor,
      classification: classify(descriptor),
      decision: {
        kind: 'hold',
        rules: ['r1'],
        reason: 'a person decides',
        pattern: 'review-gate',
        mode: 'enforce',
        wouldNeed: [],
        policyVersion: 'v1',
      },
      released: false,
      auditId,
      ...(moved && { changes: moved }),
    }
    this.holds.push(hold)
    this.#open.add(id)
    this.#decided.set(id, new Promise((resolve) => this.#verdicts.set(id, resolve)))
    return hold
  }
}
