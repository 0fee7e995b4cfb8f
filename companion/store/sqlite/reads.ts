import type Database from 'better-sqlite3'
import type { Count, Store, StoredHold } from '#companion/core/ports.ts'
import { LINKS, type LinkRow, linkOf } from './link-row.ts'
import {
  type AskRow,
  type AuditRow,
  askOf,
  ENTRY,
  entryOf,
  type HoldRow,
  holdOf,
  type PairingRow,
  pairingOf,
  type TokenRow,
  tokenOf,
} from './rows.ts'
import { runReads } from './run-reads.ts'
import { search } from './search.ts'
import { stepReads } from './step-reads.ts'

/** Every read of the store, of what is committed. */
export function reads(db: Database.Database): Omit<Store, 'write' | 'head' | 'close'> {
  return {
    ...holdReads(db),
    ...auditReads(db),
    ...runReads(db),
    ...stepReads(db),
    ...accessReads(db),
  }
}

function holdReads(
  db: Database.Database,
): Pick<Store, 'holds' | 'hold' | 'pending' | 'openHolds' | 'unresolved'> {
  const one = db.prepare<[string], HoldRow>('SELECT * FROM holds WHERE id = ?')
  const open = db.prepare<[], HoldRow>(
    "SELECT * FROM holds WHERE state = 'pending' OR (state = 'approved' AND released = 0)",
  )
  const count = db.prepare<[], number>("SELECT count(*) FROM holds WHERE state = 'pending'").pluck()
  const unresolved = db.prepare<[string], AskRow>(
    'SELECT * FROM asks WHERE release IS NOT NULL AND outcome IS NULL AND at >= ?',
  )
  return {
    async holds({ state, released, limit }) {
      const equal: [string, string | number][] = []
      if (state !== undefined) equal.push(['state', state])
      if (released !== undefined) equal.push(['released', released ? 1 : 0])
      const where = equal.map(([column]) => `${column} = ?`).join(' AND ') || 'true'
      const sql = `SELECT * FROM holds WHERE ${where} ORDER BY created_at DESC LIMIT ?`
      const values = [...equal.map(([, value]) => value), limit]
      const rows = db.prepare<(string | number)[], HoldRow>(sql).all(...values)
      const holds = readable(rows).map(({ hold }) => hold)
      return { holds, unreadable: rows.length - holds.length }
    },
    async hold(id) {
      const row = one.get(id)
      return row ? holdOf(row) : null
    },
    pending: async () => count.get() ?? 0,
    openHolds: async () => readable(open.all()),
    unresolved: async (since) => unresolved.all(since).map(askOf),
  }
}

/** The rows that still say what a hold is. */
function readable(rows: readonly HoldRow[]): StoredHold[] {
  return rows.flatMap((row) => {
    try {
      return [holdOf(row)]
    } catch {
      // Written by another version, or from outside: nothing can be decided on it, so it stays held.
      return []
    }
  })
}

function auditReads(
  db: Database.Database,
): Pick<Store, 'audit' | 'auditAfter' | 'entry' | 'trace' | 'counts' | 'links'> {
  const after = db.prepare<[number, number], AuditRow>(
    `SELECT ${ENTRY} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`,
  )
  const one = db.prepare<[number], AuditRow>(`SELECT ${ENTRY} FROM audit WHERE seq = ?`)
  const ofHold = db.prepare<[string], AuditRow>(
    `SELECT ${ENTRY} FROM audit WHERE hold = ? ORDER BY seq LIMIT 1000`,
  )
  const ofRequest = db.prepare<[string], AuditRow>(
    `SELECT ${ENTRY} FROM audit WHERE seq IN
      (SELECT seq FROM audit_facets WHERE request = ? ORDER BY seq LIMIT 1000) ORDER BY seq`,
  )
  // The plus keeps SQLite from walking the whole index of `kind` for the sake of its order.
  const counts = db.prepare<[string], Count>(
    `SELECT kind, decision, mode, count(*) AS count FROM audit_facets WHERE at >= ?
      GROUP BY +kind, +decision, +mode`,
  )
  const links = db.prepare<[number, number], LinkRow>(LINKS)
  return {
    audit: async (query) => search(db, query),
    auditAfter: async (seq, limit) => after.all(seq, limit).map(entryOf),
    async entry(id) {
      const seq = id.match(/^hp_([1-9]\d{0,15})$/)?.[1]
      const row = seq === undefined ? undefined : one.get(Number(seq))
      return row ? entryOf(row) : null
    },
    async trace(entry) {
      if (entry.hold !== null) return ofHold.all(entry.hold).map(entryOf)
      const { requestId } = entry.body
      if (typeof requestId !== 'string') return [entry]
      return ofRequest.all(requestId).map(entryOf)
    },
    counts: async (since) => counts.all(since),
    links: async (seq, limit) => links.all(seq, limit).map(linkOf),
  }
}

function accessReads(db: Database.Database): Pick<Store, 'tokens' | 'pairings' | 'setting'> {
  const tokens = db.prepare<[], TokenRow>('SELECT * FROM tokens ORDER BY created_at')
  const pairings = db.prepare<[], PairingRow>('SELECT * FROM pairings ORDER BY paired_at')
  const setting = db.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck()
  return {
    tokens: async () => tokens.all().map(tokenOf),
    pairings: async () => pairings.all().map(pairingOf),
    setting: async (key) => setting.get(key) ?? null,
  }
}
