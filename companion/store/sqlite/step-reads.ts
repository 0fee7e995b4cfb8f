import type Database from 'better-sqlite3'
import type { Store } from '#companion/core/ports.ts'
import type { PromotionRow } from './step-rows.ts'

/** What has been let go and promoted, as it is committed. */
export function stepReads(db: Database.Database): Pick<Store, 'stepsBefore' | 'promotions'> {
  const before = db
    .prepare<[number, number], number>(
      'SELECT seq FROM steps WHERE seq < ? ORDER BY seq DESC LIMIT ?',
    )
    .pluck()
  const promotions = db.prepare<[number], PromotionRow>(
    'SELECT * FROM promotions ORDER BY at DESC, entry DESC LIMIT ?',
  )
  return {
    stepsBefore: async (seq, limit) => before.all(seq, limit),
    promotions: async (limit) => promotions.all(limit),
  }
}
