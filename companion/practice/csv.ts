import type { Context } from 'hono'

/** Answers rows as a CSV file to download; the first row names the columns. */
export function csv<T extends object>(c: Context, name: string, rows: readonly T[]): Response {
  const lines = rows.map((row) => Object.values(row).map(cell).join(','))
  const head = Object.keys(rows[0] ?? {}).join(',')
  return c.body(`${[head, ...lines].join('\r\n')}\r\n`, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
  })
}

function cell(value: unknown): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
