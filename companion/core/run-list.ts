import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Run } from '#shared/protocol/run.ts'
import type { RunState } from './live-run.ts'
import type { RunCount, Store } from './ports.ts'

/** Most runs that a list shows. */
const LISTED = 200

type Live = ReadonlyMap<string, RunState>

/** Every run that is live, then those that the log knows, the newest first. */
export async function listRuns(store: Store, live: Live): Promise<Run[]> {
  const counts = await store.runs(LISTED)
  const [entries, held] = await Promise.all([
    store.runEntries(counts.map(({ id }) => id)),
    store.heldByRun(),
  ])
  const known = new Map(counts.map((count) => [count.id, count]))
  const now = [...live.values()].reverse().map((state) => liveRun(state, known, held))
  const before = counts
    .filter(({ id }) => !live.has(id))
    .map((count) => pastRun(count, entriesOf(entries, count.id), held))
  return [...now, ...before]
}

/** One run, live or past; null where the log knows none by this id. */
export async function oneRun(store: Store, live: Live, id: string): Promise<Run | null> {
  const [count, entries, held] = await Promise.all([
    store.run(id),
    store.runEntries([id]),
    store.heldByRun(),
  ])
  const state = live.get(id)
  if (state) return liveRun(state, new Map(count ? [[id, count]] : []), held)
  return count ? pastRun(count, entries, held) : null
}

function liveRun(
  state: RunState,
  counts: ReadonlyMap<string, RunCount>,
  held: ReadonlyMap<string, number>,
): Run {
  const { id, name, agent } = state.run
  return {
    ...{ id, name, agent, client: state.client },
    state: state.paused ? 'paused' : 'live',
    takeover: state.takeover !== null,
    startedAt: state.startedAt,
    endedAt: null,
    held: held.get(id) ?? 0,
    entries: counts.get(id)?.entries ?? 0,
  }
}

/** A run of an earlier companion may have no entry of its end: then its last entry is the last that
 * is known of it. One that came by another door has no entries of its own at all. */
function pastRun(
  count: RunCount,
  entries: readonly AuditEntry[],
  held: ReadonlyMap<string, number>,
): Run {
  const at = (change: string) => entries.find(({ body }) => body.change === change)?.at
  const killed = at('killed')
  return {
    id: count.id,
    name: said(entries, 'name') ?? count.name ?? count.id,
    agent: said(entries, 'agent') ?? count.agent ?? 'unknown',
    client: said(entries, 'client'),
    state: killed === undefined ? 'ended' : 'killed',
    takeover: false,
    startedAt: at('started') ?? count.firstAt,
    endedAt: killed ?? at('ended') ?? count.lastAt,
    held: held.get(count.id) ?? 0,
    entries: count.entries,
  }
}

function entriesOf(entries: readonly AuditEntry[], id: string): AuditEntry[] {
  return entries.filter(({ run }) => run === id)
}

/** What the last entry that says anything says under `key`. */
function said(entries: readonly AuditEntry[], key: string): string | null {
  const values = entries.map(({ body }) => body[key]).filter((value) => typeof value === 'string')
  return values.at(-1) ?? null
}
