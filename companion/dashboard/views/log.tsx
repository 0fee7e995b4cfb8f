import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { AuditPage } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { Icon } from '#shared/ui/icon.tsx'
import type { Desk } from '../desk.ts'
import { isPassedRead } from '../read-entry.ts'
import { Filters, NO_FILTERS, queryOf, type Wanted } from './filters.tsx'
import { LogRow } from './log-row.tsx'

const PAGE = 50

/** The log, newest first, growing at the top while it is open. */
export function Log({ desk }: { desk: Desk }): JSX.Element {
  const [wanted, setWanted] = useState<Wanted>(NO_FILTERS)
  const [reads, setReads] = useState(false)
  // Who asks for reads gets them.
  const hides = !reads && wanted.capability !== 'read'
  const log = usePages(desk, wanted, hides)
  const filtered = queryOf(wanted) !== ''
  const newer = desk.arrived.value.filter(
    (entry) => entry.seq > (log.entries?.[0]?.seq ?? 0) && !(hides && isPassedRead(entry)),
  )
  const entries = filtered ? log.entries : merged(newer, log.entries)
  return (
    <section class="view" aria-labelledby="log-title">
      <header class="view-head">
        <h1 id="log-title">Log</h1>
        <p class="view-says">Everything that was decided, and what came of it. Newest first.</p>
      </header>
      <Filters wanted={wanted} onChange={setWanted} />
      <p class="log-reads">
        <span>Reads that passed: {hides ? 'hidden' : 'shown'}</span>
        {wanted.capability !== 'read' && (
          <button type="button" class="button" onClick={() => setReads(!reads)}>
            <Icon name="eye" size={16} />
            {reads ? 'Hide reads' : 'Show reads'}
          </button>
        )}
      </p>
      {filtered && log.entries && newer.length > 0 && (
        <button type="button" class="button more" onClick={log.again}>
          {newer.length} new since: look again
        </button>
      )}
      {log.trouble && (
        <p class="alert" role="alert">
          <Icon name="alert" />
          <span>{log.trouble}</span>
          <button type="button" class="button" onClick={log.again}>
            Try again
          </button>
        </p>
      )}
      {entries === null && !log.trouble && <div class="skeleton list-skeleton" aria-busy="true" />}
      {entries && entries.length > 0 && <Days entries={entries} />}
      {entries?.length === 0 && (
        <NoEntries filtered={filtered} onClear={() => setWanted(NO_FILTERS)} />
      )}
      {log.next !== null && (
        <button type="button" class="button more" disabled={log.loading} onClick={log.older}>
          {log.loading ? 'Loading…' : 'Older'}
        </button>
      )}
    </section>
  )
}

/** The entries under a heading for each day. What only continues an action says which one. */
function Days({ entries }: { entries: readonly AuditEntry[] }): JSX.Element {
  const days = new Map<string, AuditEntry[]>()
  const actions = new Map<string, AuditEntry>()
  for (const entry of entries) {
    const day = new Date(entry.at).toLocaleDateString(undefined, { dateStyle: 'full' })
    days.set(day, [...(days.get(day) ?? []), entry])
    if (entry.kind === 'decision' && entry.hold !== null) actions.set(entry.hold, entry)
  }
  return (
    <>
      {[...days].map(([day, list]) => (
        <section key={day} aria-label={day}>
          <h2 class="log-day">{day}</h2>
          <ol class="log">
            {list.map((entry) => (
              <LogRow key={entry.seq} entry={entry} action={actions.get(entry.hold ?? '')} />
            ))}
          </ol>
        </section>
      ))}
    </>
  )
}

function NoEntries({ filtered, onClear }: { filtered: boolean; onClear(): void }): JSX.Element {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name="list" size={28} />
      </span>
      <p class="empty-lead">
        {filtered ? 'No entry matches these filters.' : 'Nothing is recorded yet.'}
      </p>
      {filtered && (
        <button type="button" class="button" onClick={onClear}>
          Clear filters
        </button>
      )}
    </div>
  )
}

interface Pages {
  /** Null until the first answer. */
  entries: readonly AuditEntry[] | null
  next: number | null
  loading: boolean
  trouble: string | null
  older(): void
  again(): void
}

/** Pages of the log for these filters, without the reads where `hides`. An answer to filters that are no longer wanted is dropped. */
function usePages(desk: Desk, wanted: Wanted, hides: boolean): Pages {
  const [entries, setEntries] = useState<readonly AuditEntry[] | null>(null)
  const [next, setNext] = useState<number | null>(null)
  const [loading, setLoading] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [turn, setTurn] = useState(0)
  const filters = queryOf(wanted)
  const query = `${filters}${hides ? '&reads=0' : ''}`
  const load = async (before: number | null, still: () => boolean) => {
    setLoading(true)
    const from = before === null ? '' : `&before=${before}`
    const result = await desk.client.get(`v1/audit?limit=${PAGE}${query}${from}`, AuditPage)
    if (!still()) return
    setLoading(false)
    setTrouble(result.ok ? null : `The log could not be loaded: ${result.error.message}`)
    if (!result.ok) return
    setEntries((had) => merged(before === null ? [] : (had ?? []), result.value.entries))
    setNext(result.value.next)
  }
  useEffect(() => {
    let wantedStill = true
    const timer = setTimeout(
      () => void load(null, () => wantedStill),
      turn === 0 && !filters ? 0 : 200,
    )
    return () => {
      wantedStill = false
      clearTimeout(timer)
    }
  }, [query, turn, desk])
  return {
    entries,
    next,
    loading,
    trouble,
    older: () => void load(next, () => true),
    again: () => setTurn(turn + 1),
  }
}

function merged(
  newer: readonly AuditEntry[],
  older: readonly AuditEntry[] | null,
): readonly AuditEntry[] | null {
  if (older === null) return null
  const known = new Set(newer.map((entry) => entry.seq))
  return [...newer, ...older.filter((entry) => !known.has(entry.seq))]
}
