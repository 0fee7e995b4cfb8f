import type { Link } from '#companion/core/ports.ts'
import { type Columns, columns } from './columns.ts'
import type { AuditRow } from './rows.ts'

export type LinkRow = AuditRow & Columns

/** A stored entry for verification. Nothing is parsed away: the chain is over the bytes as they are,
 * and every search column must still say what the body says. */
export function linkOf(row: LinkRow): Link {
  const { seq, id, at, kind, actor, hold, run, body, prev, hash } = row
  return { seq, id, at, kind, actor, hold, run, body, prev, hash, intact: isIntact(row) }
}

function isIntact(row: LinkRow): boolean {
  const body = parsed(row.body)
  if (!body) return false
  const derived = columns(body)
  return (
    derived.decision === row.decision &&
    derived.mode === row.mode &&
    derived.capability === row.capability &&
    derived.category === row.category &&
    derived.host === row.host &&
    derived.request === row.request
  )
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null // no JSON any more: the row is not intact, which is what the caller reports
  }
}
