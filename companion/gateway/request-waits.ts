import type { Decided, Door } from '#companion/core/door.ts'
import type { Clock } from '#companion/core/ports.ts'
import type { Descriptor, RunRef } from '#shared/protocol/descriptor.ts'
import type { Answer, Evidence } from '#shared/protocol/link.ts'
import { type Denial, denials } from './deny-request.ts'
import { exact, type Repeat, RequestMemory } from './request-memory.ts'

/** Most holds of requests that one run may have open: a page could make thousands. */
export const MOST_HOLDS = 20

/** A request that somebody has to decide about. */
export interface Asked {
  run: RunRef
  descriptor: Descriptor
  repeat: Repeat
  /** How long its sender can wait, in ms; null for as long as the hold lives. */
  patience: number | null
  /** Aborted when its sender is gone: nobody may let it go after that. */
  gone: AbortSignal
}

/** What becomes of it. `gone`: there is nothing left to let go or to fail. */
export type Fate =
  | { state: 'go'; audit: string }
  | { state: 'no'; denial: Denial }
  | { state: 'gone' }

interface WaitsOptions {
  doorOf(run: RunRef): Door
  /** A new id for something that is asked. */
  nextId(): string
  clock: Clock
  report(error: unknown): void
}

interface Waiter {
  asked: Asked
  settle(fate: Fate): void
}

/** One hold with everybody who sent the very same request. */
interface Open {
  run: RunRef
  hold: string
  audit: string
  waiters: Set<Waiter>
  /** Somebody was told to repeat the request: the hold lives on without a waiter. */
  kept: boolean
  /** An agent's script sent it, or may have. */
  byAgent: boolean
}

/** Puts requests to the door and waits with them. */
export class RequestWaits {
  readonly #options: WaitsOptions
  readonly #memory = new RequestMemory()
  readonly #open = new Map<string, Open>()
  readonly #asking = new Map<string, { run: string; answer: Promise<unknown> }>()
  /** Runs that were told of too many holds, until there is room again. */
  readonly #full = new Set<string>()

  constructor(options: WaitsOptions) {
    this.#options = options
  }

  /** Resolves when the request may go, or has to fail. Rejects where the door does. */
  async settle(asked: Asked): Promise<Fate> {
    const before = this.#memory.denial(asked.repeat)
    if (before) return { state: 'no', denial: before }
    const key = exact(asked.repeat)
    // The same request at the same time is one question.
    for (let other = this.#asking.get(key); other; other = this.#asking.get(key)) await other.answer
    const open = this.#open.get(key)
    if (open) return await this.#wait(key, open, asked)
    if (this.#count(asked.run) >= MOST_HOLDS) return await this.#tooMany(asked)
    const answering = this.#ask(asked)
    const asking = answering.then(
      (answer) => answer.state === 'held' && this.#hold(key, answer, asked),
      () => false,
    )
    this.#asking.set(key, { run: asked.run.id, answer: asking })
    await asking
    this.#asking.delete(key)
    return await this.#fate(key, await answering, asked)
  }

  /** A run has ended: nothing of it waits any longer. */
  ended(run: string): void {
    this.#end('the run has ended', (open) => open.run.id === run)
  }

  /** The run's agents have gone: nothing that their scripts sent goes out any more. */
  left(run: string): void {
    this.#end('its agent has gone', (open) => open.run.id === run && open.byAgent)
  }

  #end(reason: string, fits: (open: Open) => boolean): void {
    for (const [key, open] of this.#open) {
      if (!fits(open)) continue
      this.#open.delete(key)
      this.#withdraw(open, reason)
      for (const waiter of open.waiters) waiter.settle(no('withdrawn', `${reason}.`))
    }
  }

  async #ask(asked: Asked): Promise<Answer> {
    const door = this.#options.doorOf(asked.run)
    const approval = this.#memory.take(asked.repeat)
    const id = this.#options.nextId()
    if (!approval) return await door.ask(id, asked.descriptor)
    return await door.redeem(id, approval.hold, approval.ticket, asked.descriptor)
  }

  async #fate(key: string, answer: Answer, asked: Asked): Promise<Fate> {
    switch (answer.state) {
      case 'go':
        if (!asked.gone.aborted) return { state: 'go', audit: answer.audit }
        await this.#options.doorOf(asked.run).outcome(answer.audit, TOO_LATE)
        return { state: 'gone' }
      case 'held': {
        const open = this.#open.get(key)
        return open ? await this.#wait(key, open, asked) : { state: 'gone' }
      }
      case 'denied': {
        // By a rule: asked again it is decided again, since the rule may have changed.
        const { reason, tell, suggest, audit } = answer
        return { state: 'no', denial: denials.denied(reason, { tell, suggest }, audit) }
      }
      case 'shadowed':
        return { state: 'no', denial: denials.shadowed(answer.audit) }
      case 'recorded':
        return no('refused', 'the companion only recorded it.')
      case 'refused':
        return no(answer.code, `${answer.reason}.`)
    }
  }

  #hold(key: string, answer: Extract<Answer, { state: 'held' }>, asked: Asked): boolean {
    const { id, auditId } = answer.hold
    const open: Open = {
      ...{ run: asked.run, hold: id, audit: auditId, waiters: new Set(), kept: false },
      byAgent: asked.descriptor.provenance !== 'page',
    }
    this.#open.set(key, open)
    this.#options
      .doorOf(asked.run)
      .decided(id)
      .then((decided) => this.#decided(key, open, decided, asked))
      .catch(this.#options.report)
    return true
  }

  #wait(key: string, open: Open, asked: Asked): Promise<Fate> {
    return new Promise((resolve) => {
      const settle = (fate: Fate) => {
        cancel?.()
        asked.gone.removeEventListener('abort', left)
        open.waiters.delete(waiter)
        resolve(fate)
      }
      const left = () => {
        settle({ state: 'gone' })
        if (open.waiters.size > 0 || open.kept) return
        if (this.#open.get(key) === open) this.#open.delete(key)
        this.#withdraw(open, 'the document that sent the request has gone')
      }
      const cancel =
        asked.patience === null
          ? undefined
          : this.#options.clock.after(asked.patience, () => {
              open.kept = true
              settle({ state: 'no', denial: denials.pending(open.audit) })
            })
      const waiter: Waiter = { asked, settle }
      open.waiters.add(waiter)
      asked.gone.addEventListener('abort', left)
      if (asked.gone.aborted) left()
    })
  }

  async #decided(key: string, open: Open, decided: Decided, first: Asked): Promise<void> {
    if (this.#open.get(key) === open) this.#open.delete(key)
    this.#full.delete(open.run.id)
    const [waiter, ...twins] = open.waiters
    if (decided.state === 'approved' && decided.ticket !== undefined) {
      const approval = { hold: open.hold, ticket: decided.ticket, audit: open.audit }
      this.#memory.approve(first.repeat, approval)
      // Somebody who still waits takes it up as any repeat would; without one it waits for a repeat.
      if (waiter) waiter.settle(await this.settle(waiter.asked))
      for (const twin of twins) twin.settle({ state: 'no', denial: denials.twin(open.audit) })
      return
    }
    const denial =
      decided.state === 'denied'
        ? denials.denied(decided.reason ?? 'A person denied it.', decided, open.audit)
        : denials.ended(decided.state, decided.reason, open.audit)
    if (decided.state === 'denied') this.#memory.deny(first.repeat, denial)
    for (const each of open.waiters) each.settle({ state: 'no', denial })
  }

  #withdraw(open: Open, reason: string): void {
    this.#full.delete(open.run.id)
    this.#options.doorOf(open.run).withdraw(open.hold, reason).catch(this.#options.report)
  }

  #count(run: RunRef): number {
    const waiting = [...this.#open.values()].filter((open) => open.run.id === run.id)
    const asking = [...this.#asking.values()].filter((one) => one.run === run.id)
    return waiting.length + asking.length
  }

  async #tooMany({ run }: Asked): Promise<Fate> {
    const reason = `${MOST_HOLDS} requests of this run already wait for a person`
    if (!this.#full.has(run.id)) {
      this.#full.add(run.id)
      await this.#options.doorOf(run).refused({ code: 'too_many_holds', reason })
    }
    return no('too_many_holds', `${reason}.`)
  }
}

export const TOO_LATE: Evidence = {
  outcome: 'failed',
  error: 'nothing was sent: its sender had gone',
}

function no(code: string, reason: string): Fate {
  return { state: 'no', denial: denials.refused(code, reason) }
}
