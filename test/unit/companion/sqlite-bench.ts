import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { emptyChain, seal } from '#companion/core/audit.ts'
import type { Context } from '#companion/core/context.ts'
import { ask, redeem, type Settled } from '#companion/core/intake.ts'
import { CEILINGS } from '#companion/core/kept-ceilings.ts'
import { type PolicyBook, policyBook } from '#companion/core/policy-book.ts'
import type { Store } from '#companion/core/ports.ts'
import { openCore } from '#companion/core/recover.ts'
import { decideHold } from '#companion/core/verdict.ts'
import { openStore } from '#companion/store/sqlite/open-store.ts'
import { Action, actionOf } from '#shared/policy/action.ts'
import type { StreamEvent } from '#shared/protocol/api.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import type { FromCompanion } from '#shared/protocol/link.ts'
import { countingIds, FakeClock } from './bench.ts'

/** The agent's door, and three people. */
export const agent = { id: 't_agent', actor: 'agent:bot' }
export const ann = { id: 't_ann', actor: 'supervisor', name: 'ann' }
export const bob = { id: 't_bob', actor: 'supervisor', name: 'bob' }
export const eve = { id: 't_eve', actor: 'supervisor', name: 'eve' }

export type Say = Partial<Action> & { run?: string; agent?: string }

/** A core on the real store and the real policy; what an action is classified as is what it says. */
export class SqliteBench {
  readonly clock = new FakeClock()
  readonly published: StreamEvent[] = []
  readonly told: { asker: string; message: FromCompanion }[] = []
  readonly reported: unknown[] = []
  /** True for a write that is to fail after it has run. */
  failing: () => boolean = () => false
  readonly #file: string
  readonly #classes = new Map<Descriptor, Classification>()
  readonly #ids = countingIds()
  #store: Store | undefined
  #context: Context | undefined
  book: PolicyBook = policyBook()
  #asks = 0

  private constructor() {
    const home = mkdtempSync(join(tmpdir(), 'holdpoint-core-'))
    onTestFinished(async () => {
      await this.#store?.close()
      rmSync(home, { recursive: true })
    })
    this.#file = join(home, 'holdpoint.db')
  }

  static async open(policy: string, maxPages?: number): Promise<SqliteBench> {
    const bench = new SqliteBench()
    await bench.restart(policy, maxPages)
    return bench
  }

  get context(): Context {
    if (!this.#context) throw new Error('not open')
    return this.#context
  }

  get store(): Store {
    return this.context.store
  }

  /** Another companion on the same file, as after a stop. */
  async restart(policy = this.book.text(), maxPages?: number): Promise<void> {
    this.#context?.deadlines.clearAll()
    await this.#store?.close()
    const size = maxPages === undefined ? {} : { maxPages }
    const store = openStore({ file: this.#file, seal, empty: emptyChain, ...size })
    this.#store = store
    this.book = policyBook(null, { ceilings: await store.setting(CEILINGS) })
    this.book.offer(policy)
    this.#context = await openCore({
      store: faulty(store, () => this.failing()),
      clock: this.clock,
      ids: this.#ids,
      policy: this.book,
      bus: {
        publish: (event) => void this.published.push(event),
        tell: (asker, message) => void this.told.push({ asker, message }),
      },
      classify: (d) => {
        const found = this.#classes.get(d)
        if (!found) throw new Error('this action was not made by `describe`')
        return found
      },
      report: (error) => void this.reported.push(error),
    })
    await this.keep()
  }

  /** Takes another version of the policy, and records it. */
  async take(policy: string): Promise<'same' | 'loaded' | 'broken'> {
    const came = this.book.offer(policy)
    await this.keep()
    return came
  }

  async keep(): Promise<void> {
    await this.store.write((tx) => this.book.keep(tx, new Date(this.clock.now()).toISOString()))
  }

  describe({ run, agent: name, ...say }: Say = {}): Descriptor {
    // The API door has no outcomes, so nothing is in doubt after a restart.
    const { descriptor, classification } = actionOf(Action.parse({ door: 'api', ...say }))
    const of = run === undefined ? {} : { run: { id: run, ...(name && { agent: name }) } }
    const made = { ...descriptor, ...of }
    this.#classes.set(made, classification)
    return made
  }

  async ask(say: Say = {}, id = `ask-${++this.#asks}`): Promise<Settled> {
    return await ask(this.context, { id, descriptor: this.describe(say), asker: agent })
  }

  /** Asks for something that has to be held. */
  async held(say: Say = {}): Promise<Hold> {
    const { answer } = await this.ask(say)
    if (answer.state !== 'held') throw new Error(`expected held, got ${JSON.stringify(answer)}`)
    return answer.hold
  }

  async decide(hold: Hold, verdict: 'approve' | 'deny', by = ann) {
    const of = { hold: hold.id, verdict, surface: 'dashboard', automation: null } as const
    return await decideHold(this.context, { ...of, by, name: by.name, from: '127.0.0.1' })
  }

  /** Approves, and takes the approval up; the audit id under which it was let go. */
  async approved(hold: Hold, by = ann): Promise<string> {
    const done = await this.decide(hold, 'approve', by)
    if (!done.ok) throw new Error(done.error.message)
    const told = this.told.findLast(
      ({ message }) => message.type === 'decided' && message.hold === hold.id,
    )
    const ticket = told?.message.type === 'decided' ? told.message.ticket : undefined
    const descriptor = { ...hold.descriptor }
    this.#classes.set(descriptor, hold.classification)
    const of = { id: `redeem-${hold.id}`, descriptor, asker: agent }
    const answer = await redeem(this.context, { ...of, hold: hold.id, ticket: ticket ?? '' })
    if (answer.state !== 'go') throw new Error(`expected go, got ${JSON.stringify(answer)}`)
    return answer.audit
  }

  async entries(kind?: string) {
    const all = await this.store.auditAfter(0, 100_000)
    return all.filter((entry) => kind === undefined || entry.kind === kind)
  }

  /** Numbers of the entries that a step is stored for. */
  async steps(): Promise<number[]> {
    return (await this.store.stepsBefore(1e9, 100_000)).reverse()
  }
}

/** The same store, whose writes may fail after they have run, as on a full disk. */
function faulty(store: Store, failing: () => boolean): Store {
  return {
    ...store,
    write: (work) =>
      store.write((tx) => {
        const value = work(tx)
        if (failing()) throw new Error('the disk is full')
        return value
      }),
  }
}
