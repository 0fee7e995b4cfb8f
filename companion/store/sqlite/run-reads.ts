import type Database from 'better-sqlite3'
import type { RunCount, Store } from '#companion/core/ports.ts'
import { type AuditRow, ENTRY, entryOf } from './rows.ts'

/** The plus keeps SQLite on the index of `run`, which has the numbers in order. */
const FIRST = (key: string) => `(SELECT json_extract(body, '$.descriptor.run.${key}') FROM audit
  WHERE run = of.run AND +kind = 'decision' ORDER BY seq LIMIT 1)`

/** Counts over the index alone; the rows are looked up only of the runs that are asked for. */
const COUNT = (which: string) => `WITH of AS (
    SELECT run, count(*) AS entries, min(seq) AS first, max(seq) AS last FROM audit
      WHERE ${which} GROUP BY run ORDER BY last DESC LIMIT ?)
  SELECT run AS id, entries,
    (SELECT at FROM audit WHERE seq = of.first) AS firstAt,
    (SELECT at FROM audit WHERE seq = of.last) AS lastAt,
    ${FIRST('name')} AS name, ${FIRST('agent')} AS agent FROM of ORDER BY last DESC`

/** What the log and the holds say of runs. */
export function runReads(
  db: Database.Database,
): Pick<Store, 'runs' | 'run' | 'runEntries' | 'heldByRun'> {
  const runs = db.prepare<[number], RunCount>(COUNT('run IS NOT NULL'))
  const one = db.prepare<[string, number], RunCount>(COUNT('run = ?'))
  // The plus keeps SQLite off the index of `run`: a run has few entries of its kind among many.
  const entries = db.prepare<[string], AuditRow>(
    `SELECT ${ENTRY} FROM audit
      WHERE kind = 'run' AND +run IN (SELECT value FROM json_each(?)) ORDER BY seq`,
  )
  const held = db.prepare<[], { id: string; count: number }>(
    `SELECT json_extract(doc, '$.descriptor.run.id') AS id, count(*) AS count FROM holds
      WHERE state = 'pending' AND json_extract(doc, '$.descriptor.run.id') IS NOT NULL GROUP BY 1`,
  )
  return {
    runs: async (limit) => runs.all(limit),
    run: async (id) => one.get(id, 1) ?? null,
    runEntries: async (ids) => entries.all(JSON.stringify(ids)).map(entryOf),
    heldByRun: async () => new Map(held.all().map(({ id, count }) => [id, count])),
  }
}
