import { chmodSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Head, Seal, Store } from '#companion/core/ports.ts'
import { BUSY_MS, groupCommit } from './group-commit.ts'
import { reads } from './reads.ts'
import { isMigrated, migrate } from './schema.ts'
import { isFiltered } from './search.ts'
import { searchIndex } from './search-index.ts'
import { type Chain, unit } from './unit.ts'

export interface StoreOptions {
  /** Database file, or `:memory:`. Made with mode 0600 where there is none. */
  file: string
  seal: Seal
  /** The chain before its first entry. */
  empty: Head
  /** Most pages of 4 KiB that the file may grow to; without it, what the disk holds. */
  maxPages?: number
  /** Told of the new head after every durable transaction. */
  committed?(head: Head): void
}

/** The store on SQLite: write-ahead log, every commit synced to the disk, one commit for all writes
 * of one turn of the event loop. Throws where the file cannot be opened or is of a newer shape. */
export function openStore(options: StoreOptions): Store {
  const db = new Database(options.file)
  if (options.file !== ':memory:') chmodSync(options.file, 0o600)
  db.pragma(`busy_timeout = ${BUSY_MS}`)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  // At 4,000 pages a checkpoint's stall is shortest without the log growing (measured).
  db.pragma('wal_autocheckpoint = 4000')
  db.pragma('foreign_keys = ON')
  if (options.maxPages !== undefined) db.pragma(`max_page_count = ${options.maxPages}`)
  migrate(db)

  const chain: Chain = { head: lastLink(db) ?? options.empty, rollbacks: 0 }
  const tx = unit(db, chain, options.seal)
  const mark = () => {
    const before = chain.head
    return () => {
      chain.head = before
      chain.rollbacks += 1
    }
  }
  const commits = groupCommit(db, mark, () => {
    index.note(chain.head.seq)
    options.committed?.(chain.head)
  })
  const index = searchIndex(db, commits.write)
  index.note(chain.head.seq)
  const read = reads(db)
  return {
    ...read,
    write: (work) => commits.write(() => work(tx)),
    async audit(query) {
      if (isFiltered(query)) await index.upToDate()
      return await read.audit(query)
    },
    async trace(entry) {
      if (entry.hold === null) await index.upToDate()
      return await read.trace(entry)
    },
    async counts(since) {
      await index.upToDate()
      return await read.counts(since)
    },
    head: () => chain.head,
    async close() {
      index.stop()
      await commits.idle()
      db.close()
    },
  }
}

/** A store opened to be looked at only: nothing is migrated and nothing can be written. */
export function openForReading(file: string): Pick<Store, 'links' | 'audit' | 'auditAfter'> & {
  close(): void
} {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  db.pragma(`busy_timeout = ${BUSY_MS}`)
  if (!isMigrated(db)) {
    db.close()
    throw new Error('the database is of another version of Holdpoint; start this one on it once')
  }
  return { ...reads(db), close: () => void db.close() }
}

function lastLink(db: Database.Database): Head | undefined {
  return db.prepare<[], Head>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get()
}
