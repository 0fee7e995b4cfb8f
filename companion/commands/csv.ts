import type { AuditEntry } from '#shared/protocol/audit-entry.ts'

const columns = ['seq', 'id', 'at', 'kind', 'actor', 'hold', 'run', 'body', 'prev', 'hash'] as const

/** One entry as a line of CSV (RFC 4180), null for the header. */
export function csvOf(entry: AuditEntry | null): string {
  const cells = entry
    ? columns.map((column) => {
        const value = entry[column]
        return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? '')
      })
    : columns
  return `${cells.map((value) => cell(String(value))).join(',')}\r\n`
}

/** A spreadsheet runs what begins like a formula, and page text may be meant to be run: such a cell
 * is made text by an apostrophe. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
