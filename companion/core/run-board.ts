import type { Run, RunChange, TakeoverActs } from '#shared/protocol/run.ts'
import { type Asker, type Context, durably, isoNow } from './context.ts'
import { withdrawIn } from './end.ts'
import { type Refusal, type Result, refused } from './hold.ts'
import { gate, type LiveRun, type PictureSource, type RunState } from './live-run.ts'
import { listRuns, oneRun } from './run-list.ts'

/** How long a takeover goes on that nobody watches. */
export const UNATTENDED_MS = 15_000

const COMPANION: Asker = { id: 'companion', actor: 'companion' }

type Change = 'started' | 'client' | 'paused' | 'resumed' | 'killed' | 'ended' | 'takeover'

/** Which runs there are, and a person's hand on each: pause, kill, take over. What stops an agent
 * takes effect at once, recorded or not; what lets it go on is recorded first. A restart ends every
 * run, and nothing of its state outlives it. */
export class RunBoard {
  readonly #context: Context
  readonly #live = new Map<string, RunState>()

  constructor(context: Context) {
    this.#context = context
  }

  /** A run has come up. Rejects where that could not be recorded: it must not go on then. */
  async started(run: LiveRun, client: string | null = null): Promise<void> {
    if (this.#live.has(run.id)) throw new Error(`there is a run \`${run.id}\` already`)
    const state: RunState = {
      ...{ run, client, startedAt: isoNow(this.#context), paused: false, takeover: null },
      ...{ killing: false, watchers: new Set(), unattended: null },
    }
    this.#live.set(run.id, state)
    const { startedBy } = run
    if (startedBy !== undefined) this.#context.starters.set(run.id, startedBy)
    const by = startedBy === undefined ? {} : { startedBy }
    const done = await this.#record(state, 'started', COMPANION, by)
    if (done.ok) return
    this.#live.delete(run.id)
    throw new Error(done.error.message)
  }

  /** Which client drives it, once it has said so. */
  client(id: string, family: string): void {
    const state = this.#live.get(id)
    if (!state || state.client === family) return
    state.client = family
    this.#record(state, 'client', COMPANION).catch(this.#context.report)
  }

  /** The agent or its browser has left. Does nothing for a run that was killed. */
  async ended(id: string, why: string): Promise<void> {
    const state = this.#live.get(id)
    if (!state || state.killing) return
    this.#close(state)
    await this.#record(state, 'ended', COMPANION, { why })
  }

  list(): Promise<Run[]> {
    return listRuns(this.#context.store, this.#live)
  }

  get(id: string): Promise<Run | null> {
    return oneRun(this.#context.store, this.#live, id)
  }

  /** Cookies of a run's browser; none where it has ended. */
  async cookies(id: string): Promise<readonly Record<string, unknown>[]> {
    return (await this.#live.get(id)?.run.cookies?.()) ?? []
  }

  /** How many may act, and how many are paused. */
  counts(): { live: number; paused: number } {
    const paused = [...this.#live.values()].filter((state) => state.paused).length
    return { live: this.#live.size - paused, paused }
  }

  /** Pauses, resumes or kills one run. */
  async set(id: string, to: RunChange['state'], by: Asker): Promise<Result<{ run: Run }>> {
    const state = this.#live.get(id)
    if (!state) return await this.#missing(id)
    const done = await this.#set(state, to, by)
    if (!done.ok) return done
    const run = await this.get(id)
    return run ? { ok: true, run } : await this.#missing(id)
  }

  /** The same for every live run at once; resolves when all have done it. Where one could not, the
   * others have all the same. */
  async setAll(to: RunChange['state'], by: Asker): Promise<Result<{ runs: Run[] }>> {
    const all = [...this.#live.values()]
    const done = await Promise.all(all.map((state) => this.#set(state, to, by)))
    const failed = done.find((one) => !one.ok)
    return failed ?? { ok: true, runs: await this.list() }
  }

  /** Watches a run's pages until the returned function is called; `ended` is called when it ends. */
  async watch(
    id: string,
    listener: Parameters<PictureSource['watch']>[0],
    ended: () => void,
  ): Promise<Result<{ stop(): void }>> {
    const state = this.#live.get(id)
    if (!state) return await this.#missing(id)
    const { picture } = state.run
    if (!picture) return refused('picture_unknown', `run \`${id}\` has no picture`)
    const stop = picture.watch(listener)
    state.watchers.add(ended)
    this.#attend(state)
    return {
      ok: true,
      stop: () => {
        stop()
        state.watchers.delete(ended)
        this.#attend(state)
      },
    }
  }

  /** A person takes the browser in hand, or gives it back. */
  async takeover(id: string, on: boolean, by: Asker): Promise<Result<{ run: Run }>> {
    const state = this.#live.get(id)
    if (!state) return await this.#missing(id)
    if (!state.run.takeover)
      return refused('takeover_unknown', `run \`${id}\` cannot be taken over`)
    const done = on ? await this.#begin(state, by) : await this.#end(state, by, false)
    if (!done.ok) return done
    const run = await this.get(id)
    return run ? { ok: true, run } : await this.#missing(id)
  }

  /** What a person does with a run in their hands, in order. */
  async act(id: string, { page, acts }: TakeoverActs): Promise<Result<object>> {
    const state = this.#live.get(id)
    if (!state) return await this.#missing(id)
    for (const input of acts) {
      if (!state.takeover || !state.run.takeover)
        return refused('takeover_off', `run \`${id}\` is not taken over; take it over first`)
      if (input.type === 'press') state.takeover.presses += 1
      if (input.type === 'text' || (input.type === 'key' && input.down)) state.takeover.keys += 1
      try {
        await state.run.takeover.act(page, input)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        return refused('input_refused', `the page did not take the input: ${why}`)
      }
    }
    return { ok: true }
  }

  async #set(state: RunState, to: RunChange['state'], by: Asker): Promise<Result<object>> {
    if (to === 'killed') return await this.#kill(state, by)
    const paused = to === 'paused'
    if (state.paused === paused) return { ok: true }
    if (paused) {
      state.paused = true
      gate(state)
      return await this.#record(state, 'paused', by)
    }
    const done = await this.#record(state, 'resumed', by, {}, () => {
      state.paused = false
    })
    if (done.ok && this.#live.has(state.run.id)) gate(state)
    return done
  }

  async #kill(state: RunState, by: Asker): Promise<Result<object>> {
    state.killing = true
    const [killed, withdrawn] = await Promise.allSettled([
      state.run.kill(),
      this.#withdraw(state, by),
    ])
    if (withdrawn.status === 'rejected') this.#context.report(withdrawn.reason)
    if (killed.status === 'rejected') {
      state.killing = false
      this.#context.report(killed.reason)
      return refused(
        'kill_failed',
        `run \`${state.run.id}\` did not end; stop the companion, its browser ends with it`,
      )
    }
    this.#close(state)
    return await this.#record(state, 'killed', by)
  }

  /** What it had held is gone with it, also where its door has no time left to say so. */
  async #withdraw({ run }: RunState, by: Asker): Promise<void> {
    const open = await this.#context.store.openHolds()
    const its = open.filter(({ hold }) => hold.descriptor.run?.id === run.id)
    await durably(this.#context, (tx, later) => {
      for (const { hold } of its) {
        const stored = tx.hold(hold.id)
        if (stored) withdrawIn(this.#context, tx, later, stored, by, 'a person killed the run')
      }
    })
  }

  async #begin(state: RunState, by: Asker): Promise<Result<object>> {
    if (state.takeover) return { ok: true }
    state.takeover = { presses: 0, keys: 0 }
    gate(state)
    const done = await this.#record(state, 'takeover', by, { on: true })
    if (done.ok && this.#live.has(state.run.id)) state.run.takeover?.begin(done.audit)
    if (!done.ok) state.takeover = null
    if (!done.ok) gate(state)
    this.#attend(state)
    return done
  }

  /** `left` where nobody gave it back: then the agent stays paused, for a person to resume. */
  async #end(state: RunState, by: Asker, left: boolean): Promise<Result<object>> {
    const { takeover } = state
    if (!takeover) return { ok: true }
    state.run.takeover?.end()
    state.takeover = null
    if (left) state.paused = true
    this.#attend(state)
    const done = await this.#record(state, 'takeover', by, { on: false, left, ...takeover })
    if (!done.ok) state.paused = true
    if (this.#live.has(state.run.id)) gate(state)
    return done
  }

  /** A takeover ends by itself once nobody has watched for a while. */
  #attend(state: RunState): void {
    const alone = state.takeover !== null && state.watchers.size === 0
    if (alone && state.unattended) return
    state.unattended?.()
    state.unattended = alone
      ? this.#context.clock.after(UNATTENDED_MS, () => {
          state.unattended = null
          this.#end(state, COMPANION, true).catch(this.#context.report)
        })
      : null
  }

  #close(state: RunState): void {
    this.#live.delete(state.run.id)
    this.#context.starters.delete(state.run.id)
    if (state.takeover) state.run.takeover?.end()
    state.takeover = null
    state.unattended?.()
    for (const ended of [...state.watchers]) ended()
  }

  /** Records a change, then tells everyone. `then` runs once it is durable. */
  async #record(
    state: RunState,
    change: Change,
    by: Asker,
    more: Record<string, unknown> = {},
    then?: () => void,
  ): Promise<Result<{ audit: string }>> {
    const { id, name, agent } = state.run
    const done = await durably(this.#context, (tx, later) => {
      if (then) later(then)
      const body = { change, name, agent, client: state.client, ...more }
      const at = isoNow(this.#context)
      return tx.append({ at, kind: 'run', actor: by.actor, hold: null, run: id, body })
    })
    const run = await this.get(id)
    if (run) this.#context.bus.publish({ event: 'run', run })
    return done.ok ? { ok: true, audit: done.value.id } : done
  }

  async #missing(id: string): Promise<{ ok: false; error: Refusal }> {
    return (await this.#context.store.run(id))
      ? refused('run_ended', `run \`${id}\` has ended`)
      : refused('run_unknown', `there is no run \`${id}\``)
  }
}
