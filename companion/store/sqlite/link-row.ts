import type { Link } from '#companion/core/ports.ts'
import { type Columns, columns } from './columns.ts'
import type { AuditRow } from './rows.ts'

/** `misfiled` is 1 where the facets do not say what the entry says. */
export type LinkRow = AuditRow & Columns & { misfiled: 0 | 1 }

const FACETS = 'at kind run decision mode capability category host request'.split(' ')

/** The entries after number ?, at most ?, for verification. The last ones may not have facets yet. */
export const LINKS = `SELECT audit.*, CASE WHEN facet.seq IS NULL
    THEN audit.seq < (SELECT ifnull(max(seq), 0) FROM audit_facets)
    ELSE (${FACETS.map((name) => `facet.${name}`)}) IS NOT (${FACETS.map((name) => `audit.${name}`)})
  END AS misfiled
  FROM audit LEFT JOIN audit_facets AS facet ON facet.seq = audit.seq
  WHERE audit.seq > ? ORDER BY audit.seq LIMIT ?`

/** A stored entry for verification. Nothing is parsed away: the chain is over the bytes as they are,
 * and every search column must still say what the body says. */
export function linkOf(row: LinkRow): Link {
  const { seq, id, at, kind, actor, hold, run, body, prev, hash } = row
  return { seq, id, at, kind, actor, hold, run, body, prev, hash, intact: isIntact(row) }
}

function isIntact(row: LinkRow): boolean {
  const body = parsed(row.body)
  if (!body || row.misfiled) return false
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
