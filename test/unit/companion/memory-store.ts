import { emptyChain, seal } from '#companion/core/audit.ts'
import type {
  Ask,
  Head,
  Pairing,
  RunCount,
  Store,
  StoredHold,
  Token,
  Tx,
} from '#companion/core/ports.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import { type Kept, keptTx, nothingKept } from './memory-steps.ts'

interface State {
  entries: AuditEntry[]
  holds: Map<string, StoredHold>
  asks: Map<string, Ask>
  tokens: Map<string, Token>
  pairings: Map<string, Pairing>
  settings: Map<string, string>
  kept: Kept
}

/** A store in memory, for the core's own tests: one write at a time, all or nothing. Set `failing`
 * to make every write fail after it has run, as a full disk does at the commit. */
export class MemoryStore implements Store {
  failing: Error | null = null
  #state: State = {
    entries: [],
    holds: new Map(),
    asks: new Map(),
    tokens: new Map(),
    pairings: new Map(),
    settings: new Map(),
    kept: nothingKept(),
  }
  #rollbacks = 0

  async write<T>(work: (tx: Tx) => T): Promise<T> {
    await Promise.resolve()
    const state = structuredClone(this.#state)
    try {
      const value = work(txOn(state, this.#rollbacks))
      if (this.failing) throw this.failing
      this.#state = state
      return value
    } catch (error) {
      this.#rollbacks += 1
      throw error
    }
  }

  get entries(): readonly AuditEntry[] {
    return this.#state.entries
  }

  holds: Store['holds'] = async ({ state, released, limit }) => {
    const holds = [...this.#state.holds.values()]
      .map(({ hold }) => hold)
      .filter((hold) => state === undefined || hold.state === state)
      .filter((hold) => released === undefined || hold.released === released)
      .slice(0, limit)
    return { holds, unreadable: 0 }
  }
  hold: Store['hold'] = async (id) => this.#state.holds.get(id) ?? null
  pending: Store['pending'] = async () => (await this.#pending()).length
  openHolds: Store['openHolds'] = async () =>
    [...this.#state.holds.values()].filter(
      ({ hold }) => hold.state === 'pending' || (hold.state === 'approved' && !hold.released),
    )
  unresolved: Store['unresolved'] = async (since) =>
    [...this.#state.asks.values()].filter(
      (ask) => ask.release !== null && ask.outcome === null && ask.at >= since,
    )
  audit: Store['audit'] = async ({ kind, limit }) =>
    this.entries
      .filter((entry) => kind === undefined || entry.kind === kind)
      .slice(-limit)
      .reverse()
  auditAfter: Store['auditAfter'] = async (seq, limit) =>
    this.entries.filter((entry) => entry.seq > seq).slice(0, limit)
  entry: Store['entry'] = async (id) => this.entries.find((entry) => entry.id === id) ?? null
  trace: Store['trace'] = async ({ hold }) => this.entries.filter((entry) => entry.hold === hold)
  counts: Store['counts'] = async () => []
  runs: Store['runs'] = async (limit) =>
    [...new Set(this.entries.flatMap(({ run }) => run ?? []).reverse())]
      .slice(0, limit)
      .flatMap((id) => this.#count(id) ?? [])
  run: Store['run'] = async (id) => this.#count(id)
  runEntries: Store['runEntries'] = async (ids) =>
    this.entries.filter(({ kind, run }) => kind === 'run' && run !== null && ids.includes(run))
  async heldByRun(): Promise<ReadonlyMap<string, number>> {
    const held = new Map<string, number>()
    for (const { descriptor } of await this.#pending())
      if (descriptor.run) held.set(descriptor.run.id, (held.get(descriptor.run.id) ?? 0) + 1)
    return held
  }
  stepsBefore: Store['stepsBefore'] = async (before, limit) =>
    this.#state.kept.steps
      .map(({ seq }) => seq)
      .filter((seq) => seq < before)
      .reverse()
      .slice(0, limit)
  promotions: Store['promotions'] = async (limit) =>
    [...this.#state.kept.promotions.values()].reverse().slice(0, limit)
  tokens: Store['tokens'] = async () => [...this.#state.tokens.values()]
  pairings: Store['pairings'] = async () => [...this.#state.pairings.values()]
  setting: Store['setting'] = async (key) => this.#state.settings.get(key) ?? null
  head: Store['head'] = () => headOf(this.#state)
  links: Store['links'] = async () => []
  close: Store['close'] = async () => undefined

  async #pending(): Promise<Hold[]> {
    return (await this.holds({ state: 'pending', limit: 1e9 })).holds
  }

  #count(id: string): RunCount | null {
    const its = this.entries.filter(({ run }) => run === id)
    const [first, last] = [its[0], its.at(-1)]
    if (!first || !last) return null
    return { id, entries: its.length, firstAt: first.at, lastAt: last.at, name: null, agent: null }
  }
}

function headOf(state: State): Head {
  const last = state.entries.at(-1)
  return last ? { seq: last.seq, hash: last.hash } : emptyChain
}

function txOn(state: State, rollbacks: number): Tx {
  const asks = () => [...state.asks.values()]
  return {
    append(draft) {
      const { entry } = seal(headOf(state), draft)
      state.entries.push(entry)
      return entry
    },
    head: () => headOf(state),
    ...keptTx(state.kept, rollbacks),
    hold: (id) => state.holds.get(id) ?? null,
    putHold: (stored) => void state.holds.set(stored.hold.id, stored),
    ask: (id) => state.asks.get(id) ?? null,
    askByRelease: (id) => asks().find((ask) => ask.release === id) ?? null,
    putAsk: (ask) => void state.asks.set(ask.requestId, ask),
    anyDoubt: (since) => asks().some((ask) => ask.doubt && ask.at >= since),
    inDoubt: (digest, since) =>
      asks().some((ask) => ask.digest === digest && ask.doubt && ask.at >= since),
    clearDoubt(digest) {
      for (const ask of asks())
        if (ask.digest === digest) state.asks.set(ask.requestId, { ...ask, doubt: false })
    },
    putToken: (token) => void state.tokens.set(token.id, token),
    putPairing: (pairing) => void state.pairings.set(pairing.token, pairing),
    setting: (key) => state.settings.get(key) ?? null,
    putSetting: (key, value) =>
      void (value === null ? state.settings.delete(key) : state.settings.set(key, value)),
  }
}
