import type Database from 'better-sqlite3'
import type { AuditQuery } from '#companion/core/ports.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { type AuditRow, ENTRY, entryOf } from './rows.ts'
import { words } from './search-text.ts'

type Values = (string | number)[]

/** Entries that match, newest first, by key: page N costs what page 1 costs. */
export function search(db: Database.Database, query: AuditQuery): AuditEntry[] {
  const match = query.q === undefined ? null : matchOf(query.q)
  if (match === '') return []
  const { sql, values } = statementOf(query, match)
  return db
    .prepare<Values, AuditRow>(sql)
    .all(...values)
    .map(entryOf)
}

/** The statement for a query; `match` are its words for FTS5, null where it has none. */
export function statementOf(
  query: AuditQuery,
  match: string | null,
): { sql: string; values: Values } {
  const equal: [string, string | undefined][] = [
    ['kind', query.kind],
    ['decision', query.decision],
    ['category', query.category],
    ['capability', query.capability],
    ['host', query.host],
    ['run', query.run],
  ]
  const where: string[] = []
  const values: Values = []
  for (const [column, value] of equal) {
    if (value === undefined) continue
    where.push(`${column} = ?`)
    values.push(value)
  }
  if (query.site !== undefined) {
    where.push('instr(host, ?) > 0')
    values.push(query.site.toLowerCase())
  }
  // Word for word the condition of the index `facets_acts`, or SQLite would not use that.
  if (query.reads === false)
    where.push("NOT (kind = 'decision' AND decision = 'allow' AND capability = 'read')")
  if (query.before !== undefined) {
    where.push('seq < ?')
    values.push(query.before)
  }
  if (match !== null) {
    where.push('seq IN (SELECT rowid FROM audit_words WHERE audit_words MATCH ?)')
    values.push(match)
  }
  const condition = where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''
  // Without a filter it has to show what was recorded just now, which may have no facets yet.
  const table = isFiltered(query) ? 'audit_facets' : 'audit'
  const sql = `SELECT ${ENTRY} FROM audit WHERE seq IN
    (SELECT seq FROM ${table} ${condition} ORDER BY seq DESC LIMIT ?) ORDER BY seq DESC`
  return { sql, values: [...values, query.limit] }
}

/** Whether a query asks for more than the newest entries, and so needs the search index. */
export function isFiltered({ before: _before, limit: _limit, ...filters }: AuditQuery): boolean {
  return Object.values(filters).some((value) => value !== undefined)
}

/** Every word must begin a word of the entry. The words have no character that FTS5 would read as
 * syntax; the quotes keep AND, OR, NOT and NEAR from being operators. */
function matchOf(text: string): string {
  return words(text)
    .slice(0, 10)
    .map((word) => `"${word}"*`)
    .join(' ')
}
