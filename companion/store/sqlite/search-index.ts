import type Database from 'better-sqlite3'
import { searchText } from './search-text.ts'

/** Entries indexed in one go: few enough to hold nobody up, enough to share the cost of a segment. */
const CHUNK = 500

/** A tail shorter than a chunk is indexed after this long, in ms. */
const REST_MS = 200

/** The words and facets by which the log is searched. They are derived from what is durable already, so
 * they may lag a chunk behind: no decision waits for them. */
export interface SearchIndex {
  /** Notes that all entries up to number `seq` are durable. */
  note(seq: number): void
  /** Resolves when every entry noted so far can be found. */
  upToDate(): Promise<void>
  stop(): void
}

/** `write` runs a work in a durable transaction, like a decision's. */
export function searchIndex(
  db: Database.Database,
  write: <T>(work: () => T) => Promise<T>,
): SearchIndex {
  const index = chunkOn(db)
  let done = lastIndexed(db)
  let newest = done
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  const step = async () => {
    done = await write(() => index(done))
  }
  const start = () => {
    clearTimeout(timer)
    timer = undefined
    running ??= step().finally(() => {
      running = undefined
    })
    return running
  }
  return {
    note(seq) {
      newest = seq
      if (running || newest === done) return
      // What fails here is no loss: the next entry, or the next search, tries again.
      if (newest - done >= CHUNK) start().catch(() => undefined)
      else timer ??= setTimeout(() => start().catch(() => undefined), REST_MS).unref()
    },
    async upToDate() {
      const wanted = newest
      while (done < wanted) await start()
    },
    stop: () => clearTimeout(timer),
  }
}

/** Indexes a chunk of the entries after number `done`, and returns the last one's number. */
function chunkOn(db: Database.Database): (done: number) => number {
  const next = db.prepare<
    [number, number],
    { seq: number; actor: string; kind: string; body: string }
  >('SELECT seq, actor, kind, body FROM audit WHERE seq > ? ORDER BY seq LIMIT ?')
  const insert = db.prepare('INSERT INTO audit_words (rowid, search) VALUES (?, ?)')
  const facets = db.prepare(`INSERT INTO audit_facets
    SELECT seq, at, kind, run, decision, mode, capability, category, host, request FROM audit
    WHERE seq > ? AND seq <= ? ORDER BY seq`)
  return (done) => {
    const rows = next.all(done, CHUNK)
    for (const { seq, actor, kind, body } of rows)
      insert.run(seq, searchText(actor, kind, JSON.parse(body)))
    const last = rows.at(-1)?.seq ?? done
    facets.run(done, last)
    return last
  }
}

function lastIndexed(db: Database.Database): number {
  const last = 'SELECT seq FROM audit_facets ORDER BY seq DESC LIMIT 1'
  return db.prepare<[], number>(last).pluck().get() ?? 0
}
