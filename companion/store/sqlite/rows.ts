import type { Ask, Pairing, StoredHold, Token } from '#companion/core/ports.ts'
import { Role } from '#shared/protocol/access.ts'
import { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { Hold } from '#shared/protocol/hold.ts'
import { Answer } from '#shared/protocol/link.ts'
import { OutcomeState } from '#shared/protocol/words.ts'

/** Rows as SQLite gives them, and what they are. A row that does not parse throws: another version
 * wrote it, or the file was changed from outside, and nothing may be decided on it. */

export interface AuditRow {
  seq: number
  id: string
  at: string
  kind: string
  actor: string
  hold: string | null
  run: string | null
  body: string
  prev: string
  hash: string
}

/** The columns of an `AuditRow`. */
export const ENTRY = 'seq, id, at, kind, actor, hold, run, body, prev, hash'

export function entryOf(row: AuditRow): AuditEntry {
  const body: unknown = JSON.parse(row.body)
  return AuditEntry.parse({ ...row, body })
}

export interface HoldRow {
  asker: string
  ticket_hash: string | null
  ticket_until: number | null
  verdict_audit: string | null
  doc: string
}

export function holdOf(row: HoldRow): StoredHold {
  const ticket =
    row.ticket_hash === null || row.ticket_until === null
      ? null
      : { hash: row.ticket_hash, until: row.ticket_until }
  const hold = Hold.parse(JSON.parse(row.doc))
  return { hold, asker: row.asker, ticket, verdictAudit: row.verdict_audit }
}

export interface AskRow {
  request_id: string
  asker: string
  at: string
  answer: string | null
  hold: string | null
  release: string | null
  outcome: string | null
  digest: string
  doubt: number
}

export function askOf(row: AskRow): Ask {
  return {
    requestId: row.request_id,
    asker: row.asker,
    at: row.at,
    answer: row.answer === null ? null : Answer.parse(JSON.parse(row.answer)),
    hold: row.hold,
    release: row.release,
    outcome: row.outcome === null ? null : OutcomeState.parse(row.outcome),
    digest: row.digest,
    doubt: row.doubt === 1,
  }
}

export interface TokenRow {
  id: string
  name: string
  role: string
  hash: string
  created_at: string
  revoked_at: string | null
}

export function tokenOf(row: TokenRow): Token {
  const { id, name, hash, created_at: createdAt, revoked_at: revokedAt } = row
  return { id, name, role: Role.parse(row.role), hash, createdAt, revokedAt }
}

export interface PairingRow {
  token: string
  name: string
  origin: string
  paired_at: string
  last_seen: string | null
}

export function pairingOf(row: PairingRow): Pairing {
  const { token, name, origin, paired_at: pairedAt, last_seen: lastSeen } = row
  return { token, name, origin, pairedAt, lastSeen }
}
