import type Database from 'better-sqlite3'
import type { Head, Seal, Tx } from '#companion/core/ports.ts'
import { columns } from './columns.ts'
import { oversightTx } from './oversight-tx.ts'
import { type AskRow, askOf, type HoldRow, holdOf } from './rows.ts'
import { stepTx } from './step-tx.ts'

/** The chain's head as this process knows it. */
export interface Chain {
  head: Head
  /** How often it was put back. */
  rollbacks: number
}

/** The unit of work on an open transaction, with every statement prepared once. Appending moves
 * `chain.head`; who rolls back puts it back. */
export function unit(db: Database.Database, chain: Chain, seal: Seal): Tx {
  return {
    ...auditTx(db, chain, seal),
    ...holdTx(db),
    ...askTx(db),
    ...stepTx(db, chain),
    ...oversightTx(db),
    ...accessTx(db),
  }
}

function auditTx(db: Database.Database, chain: Chain, seal: Seal): Pick<Tx, 'append' | 'head'> {
  const insert = db.prepare(`INSERT INTO audit
    (seq, id, at, kind, actor, hold, run, body, prev, hash,
     decision, mode, capability, category, host, request)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  return {
    append(draft) {
      const { entry, body } = seal(chain.head, draft)
      const { seq, id, at, kind, actor, hold, run, prev, hash } = entry
      const c = columns(entry.body)
      insert.run(
        ...[seq, id, at, kind, actor, hold, run, body, prev, hash],
        ...[c.decision, c.mode, c.capability, c.category, c.host, c.request],
      )
      chain.head = { seq, hash }
      return entry
    },
    head: () => chain.head,
  }
}

function holdTx(db: Database.Database): Pick<Tx, 'hold' | 'putHold'> {
  const select = db.prepare<[string], HoldRow>('SELECT * FROM holds WHERE id = ?')
  const upsert = db.prepare(`INSERT INTO holds
    (id, state, released, created_at, asker, ticket_hash, ticket_until, verdict_audit, doc)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, released = excluded.released,
      ticket_hash = excluded.ticket_hash, ticket_until = excluded.ticket_until,
      verdict_audit = excluded.verdict_audit, doc = excluded.doc`)
  return {
    hold(id) {
      const row = select.get(id)
      return row ? holdOf(row) : null
    },
    putHold({ hold, asker, ticket, verdictAudit }) {
      const released = hold.released ? 1 : 0
      upsert.run(
        ...[hold.id, hold.state, released, hold.createdAt, asker],
        ...[ticket?.hash ?? null, ticket?.until ?? null, verdictAudit, JSON.stringify(hold)],
      )
    },
  }
}

function askTx(
  db: Database.Database,
): Pick<Tx, 'ask' | 'askByRelease' | 'putAsk' | 'anyDoubt' | 'inDoubt' | 'clearDoubt'> {
  const byRequest = db.prepare<[string], AskRow>('SELECT * FROM asks WHERE request_id = ?')
  const byRelease = db.prepare<[string, string], AskRow>(
    `SELECT * FROM asks WHERE release = ? AND request_id =
      (SELECT request FROM audit WHERE seq = CAST(substr(?, 4) AS INTEGER))`,
  )
  const upsert = db.prepare(`INSERT INTO asks
    (request_id, asker, at, answer, hold, release, outcome, digest, doubt)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (request_id) DO UPDATE SET answer = excluded.answer, hold = excluded.hold,
      release = excluded.release, outcome = excluded.outcome, digest = excluded.digest,
      doubt = excluded.doubt`)
  const doubted = db
    .prepare<[string, string], number>(
      'SELECT 1 FROM asks WHERE digest = ? AND doubt = 1 AND at >= ? LIMIT 1',
    )
    .pluck()
  const anyDoubted = db
    .prepare<[string], number>('SELECT 1 FROM asks WHERE doubt = 1 AND at >= ? LIMIT 1')
    .pluck()
  const clear = db.prepare('UPDATE asks SET doubt = 0 WHERE digest = ? AND doubt = 1')
  return {
    ask(requestId) {
      const row = byRequest.get(requestId)
      return row ? askOf(row) : null
    },
    /** By way of the entry, which tells whose release it is: an index would cost every release a page. */
    askByRelease(auditId) {
      const row = byRelease.get(auditId, auditId)
      return row ? askOf(row) : null
    },
    putAsk(ask) {
      const answer = ask.answer === null ? null : JSON.stringify(ask.answer)
      upsert.run(
        ...[ask.requestId, ask.asker, ask.at, answer, ask.hold, ask.release],
        ...[ask.outcome, ask.digest, ask.doubt ? 1 : 0],
      )
    },
    anyDoubt: (since) => anyDoubted.get(since) !== undefined,
    inDoubt: (digest, since) => doubted.get(digest, since) !== undefined,
    clearDoubt: (digest) => void clear.run(digest),
  }
}

function accessTx(
  db: Database.Database,
): Pick<Tx, 'putToken' | 'putPairing' | 'setting' | 'putSetting'> {
  const token = db.prepare(`INSERT INTO tokens (id, name, role, hash, created_at, revoked_at)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET revoked_at = excluded.revoked_at`)
  const pairing = db.prepare(`INSERT INTO pairings (token, name, origin, paired_at, last_seen)
    VALUES (?, ?, ?, ?, ?) ON CONFLICT (token) DO UPDATE SET last_seen = excluded.last_seen`)
  const get = db.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck()
  const put = db.prepare(`INSERT INTO settings (key, value) VALUES (?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value`)
  const drop = db.prepare('DELETE FROM settings WHERE key = ?')
  return {
    putToken: (t) => void token.run(t.id, t.name, t.role, t.hash, t.createdAt, t.revokedAt),
    putPairing: (p) => void pairing.run(p.token, p.name, p.origin, p.pairedAt, p.lastSeen),
    setting: (key) => get.get(key) ?? null,
    putSetting: (key, value) => void (value === null ? drop.run(key) : put.run(key, value)),
  }
}
