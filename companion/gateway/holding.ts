import type { Decided, Door } from '#companion/core/door.ts'
import { digestOf } from '#companion/core/judge.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import type { Answer } from '#shared/protocol/link.ts'
import { type Action, type Look, whatOf, whereOf } from './action.ts'
import type { Agent, ClientFamily, CommandAnswer } from './agent.ts'
import { dialectOf } from './dialects/index.ts'
import type { Denied, Memory, Open } from './memory.ts'
import type { Causes, CauseTicket } from './parts.ts'
import { type Refusal, type RefusalFacts, refusalText } from './refusal.ts'
import type { Release } from './release.ts'
import { awaitVerdict, type Waiting } from './wait.ts'

export interface HoldingOptions {
  memory: Memory
  release: Release
  causes: Causes
  doorOf(agent: Agent): Door
  budgets: Readonly<Record<ClientFamily, number>>
  waiting: Waiting
  /** Told of what is held, for its picture. */
  held?(hold: string, agent: Agent, look: Look): void
  /** It is held no more, however it ended. */
  done?(hold: string): void
  /** Never goes back, in ms. */
  monotonic(): number
  nextId(): string
  report(error: unknown): void
}

/** What became of an action. `gone`: nobody is there to be told. */
export type Settled =
  | { state: 'sent'; cause: CauseTicket | null; answer: Promise<CommandAnswer> }
  | { state: 'refused'; refusal: Refusal }
  | { state: 'gone' }

/** How often a page may change what an action would act on before the action is given up. */
const ROUNDS = 4

/** How many repetitions of a denied action are put on record, each. */
const REPEATS_RECORDED = 3

/** Takes one action from its first look to its end: forwarded by `Release`, or refused. */
export class Holding {
  readonly #options: HoldingOptions

  constructor(options: HoldingOptions) {
    this.#options = options
  }

  async settle(action: Action): Promise<Settled> {
    let look = await action.look()
    for (let round = 0; round < ROUNDS; round++) {
      if (action.command.agent.gone.aborted) return { state: 'gone' }
      const step = await this.#step(action, look)
      if (step.state !== 'again') return step
      look = step.look ?? (await action.look())
    }
    return this.#refuse(look, {
      kind: 'refused',
      reason: 'the page keeps changing what it is about',
    })
  }

  async #step(action: Action, look: Look): Promise<Settled | Again> {
    const { agent } = action.command
    const { memory, causes, nextId } = this.#options
    const digest = digestOf(look.descriptor)
    const known = memory.get(agent.run.id, digest)
    if (known?.state === 'denied') return await this.#deniedBefore(agent, look, known)
    const descriptor = { ...look.descriptor, run: agent.run }
    const door = this.#options.doorOf(agent)
    if (!known && !sendsForm(look) && door.pass(nextId(), descriptor))
      return await this.#go(action, look, null, look.target && causes.note(look.target))
    const cause = look.target && causes.begin(look.target, look.objectId)
    if (known) return await this.#await(action, look, known, cause)
    const answer = await door.ask(nextId(), descriptor)
    return await this.#answered(action, look, answer, cause)
  }

  async #answered(
    action: Action,
    look: Look,
    answer: Answer,
    cause: CauseTicket | null,
  ): Promise<Settled | Again> {
    if (answer.state === 'go') return await this.#go(action, look, answer.audit, cause)
    if (answer.state === 'held')
      return await this.#await(action, look, this.#open(action, look, answer.hold), cause)
    cause?.dropped()
    switch (answer.state) {
      case 'denied': {
        const { audit, reason, tell, suggest, rules = [] } = answer
        const words = { reason, tell, suggest, rules }
        const denied: Denied = { state: 'denied', audit, ...words, repeats: 0 }
        return this.#deny(action.command.agent, look, denied)
      }
      case 'shadowed':
        return this.#refuse(look, { kind: 'shadowed', reason: answer.reason, audit: answer.audit })
      case 'refused':
        return this.#refuse(look, { kind: 'refused', reason: answer.reason })
      case 'recorded':
        return this.#refuse(look, { kind: 'refused', reason: 'it was recorded and not decided' })
    }
  }

  async #go(
    action: Action,
    look: Look,
    audit: string | null,
    cause: CauseTicket | null,
  ): Promise<Settled | Again> {
    const released = await this.#options.release.letGo(action, look, audit, cause)
    if (released.state === 'sent') return { state: 'sent', cause, answer: released.answer }
    if (released.state === 'changed') return { state: 'again' }
    const reason = 'what it was meant for has gone'
    return this.#refuse(look, { kind: 'refused', reason, ...(audit !== null && { audit }) })
  }

  #open(action: Action, look: Look, hold: Hold): Open {
    const { agent } = action.command
    const decided = this.#options.doorOf(agent).decided(hold.id)
    const open: Open = { state: 'open', hold, decided, agent, page: action.page }
    const digest = digestOf(look.descriptor)
    this.#options.memory.put(agent.run.id, digest, open)
    this.#options.held?.(hold.id, agent, look)
    // Decided while nobody waits: a denial is remembered, an approval lies ready until it is taken up.
    decided.then(
      (verdict) => this.#decidedLater(agent, digest, open, verdict),
      this.#options.report,
    )
    return open
  }

  #decidedLater(agent: Agent, digest: string, open: Open, verdict: Decided): void {
    const { memory } = this.#options
    this.#options.done?.(open.hold.id)
    if (verdict.state === 'approved' || memory.get(agent.run.id, digest) !== open) return
    if (verdict.state === 'denied') memory.put(agent.run.id, digest, deniedBy(open, verdict))
    else memory.forget(agent.run.id, digest, open)
  }

  /** Waits for the person, as long as the client does. */
  async #await(
    action: Action,
    look: Look,
    open: Open,
    cause: CauseTicket | null,
  ): Promise<Settled | Again> {
    const { agent } = action.command
    const { memory, waiting, monotonic, budgets } = this.#options
    const left = action.since + budgets[dialectOf(agent).client()] - monotonic()
    const verdict = await awaitVerdict(open.decided, Math.max(0, left), action, look, waiting)
    const facts = { rules: open.hold.decision.rules, audit: open.hold.auditId, hold: open.hold.id }
    if (verdict !== 'late' && verdict !== 'moved' && verdict !== 'left') {
      if (verdict.state === 'approved' && verdict.ticket !== undefined)
        return await this.#redeem(action, look, open, verdict.ticket, cause)
      cause?.dropped()
      if (verdict.state === 'denied') return this.#deny(agent, look, deniedBy(open, verdict))
      memory.forget(agent.run.id, digestOf(look.descriptor), open)
      const reason = verdict.reason ?? `the hold is ${verdict.state}`
      return this.#refuse(look, { kind: 'refused', reason, ...facts })
    }
    cause?.dropped()
    if (verdict === 'left') return { state: 'gone' }
    if (verdict === 'late') {
      const { reason, tell, suggest } = open.hold.decision
      const waitedMs = monotonic() - action.since
      return this.#refuse(look, { kind: 'pending', reason, tell, suggest, waitedMs, ...facts })
    }
    memory.forget(agent.run.id, digestOf(look.descriptor), open)
    const reason = 'the page that it was meant for has gone'
    this.#options.done?.(open.hold.id)
    await this.#options.doorOf(agent).withdraw(open.hold.id, reason)
    return this.#refuse(look, { kind: 'refused', reason, ...facts })
  }

  async #redeem(
    action: Action,
    look: Look,
    open: Open,
    ticket: string,
    begun: CauseTicket | null,
  ): Promise<Settled | Again> {
    const { agent } = action.command
    const { memory, release, causes } = this.#options
    begun?.dropped()
    await agent.ready()
    // The page had all the time of the hold to become another.
    const again = await action.look()
    if (agent.gone.aborted) return { state: 'gone' }
    memory.forget(agent.run.id, digestOf(look.descriptor), open)
    const cause = again.target && causes.begin(again.target, again.objectId)
    const answer = await release.redeem(action, again, open.hold.id, ticket)
    if (answer.state === 'refused' && isSpent(answer.code)) {
      cause?.dropped()
      return { state: 'again', look: again }
    }
    // A person has decided: what goes is what is there after the last wait, however short that was.
    const { at: _at, ...seen } = again
    return await this.#answered(action, seen, answer, cause)
  }

  #deny(agent: Agent, look: Look, denied: Denied): Settled {
    this.#options.memory.put(agent.run.id, digestOf(look.descriptor), denied)
    return this.#refuse(look, { kind: 'denied', ...denied })
  }

  async #deniedBefore(agent: Agent, look: Look, denied: Denied): Promise<Settled> {
    if (denied.repeats++ < REPEATS_RECORDED) {
      const { audit, reason } = denied
      const what = whatOf(look.descriptor)
      await this.#options.doorOf(agent).refused({ code: 'denied_before', reason, what, audit })
    }
    return this.#refuse(look, { kind: 'denied', ...denied })
  }

  #refuse(look: Look, facts: Omit<RefusalFacts, 'what' | 'where'>): Settled {
    const { descriptor } = look
    const text = refusalText({ what: whatOf(descriptor), where: whereOf(descriptor), ...facts })
    return { state: 'refused', refusal: { kind: facts.kind, text } }
  }
}

/** A read whose form is a POST, a search or a login: that request is recorded as covered by the read's
 * own entry, which has to be there first. */
function sendsForm({ descriptor: { form } }: Look): boolean {
  return form?.method === 'post'
}

/** Look again, and decide anew; `look` where that was done just now. */
interface Again {
  state: 'again'
  look?: Look
}

function deniedBy({ hold }: Open, { reason, tell, suggest }: Decided): Denied {
  const rules = hold.decision.rules
  const said = reason ?? 'a person denied it'
  return {
    state: 'denied',
    audit: hold.auditId,
    hold: hold.id,
    reason: said,
    tell,
    suggest,
    rules,
    repeats: 0,
  }
}

/** The approval was not used in time, or was used: the action is a new one. */
function isSpent(code: string): boolean {
  return /^hold_(?:expired|released|withdrawn|unknown)$|^already_released$/.test(code)
}
