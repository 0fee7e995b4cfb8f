import type Database from 'better-sqlite3'
import type { OversightTx, ReviewResult } from '#companion/core/step-ports.ts'
import { type BreakerRow, type PromotionRow, type UndoTrialRow, undoTrialOf } from './step-rows.ts'

/** Reads and writes of what people oversee: few rows, each by a person's hand or an error. */
export function oversightTx(db: Database.Database): OversightTx {
  return { ...breakersOn(db), ...reviewsOn(db), ...promotionsOn(db), ...undoTrialsOn(db) }
}

function breakersOn(db: Database.Database): Pick<OversightTx, 'breakers' | 'putBreaker'> {
  const all = db.prepare<[], BreakerRow>('SELECT * FROM breakers ORDER BY scope')
  const put = db.prepare(`INSERT INTO breakers (scope, reason, at, audit, after)
    VALUES (?, ?, ?, ?, ?) ON CONFLICT (scope) DO UPDATE SET reason = excluded.reason,
      at = excluded.at, audit = excluded.audit, after = excluded.after`)
  return {
    breakers: () => all.all(),
    putBreaker: ({ scope, reason, at, audit, after }) =>
      void put.run(scope, reason, at, audit, after),
  }
}

function reviewsOn(
  db: Database.Database,
): Pick<OversightTx, 'putReview' | 'settleReviews' | 'reviews'> {
  const put = db.prepare(`INSERT INTO reviews (audit, rule, terms, seq, at, result)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
  const settle = db.prepare(
    'UPDATE reviews SET audit = ?, result = ?, seq = ?, at = ? WHERE audit = ?',
  )
  const tooMany = db
    .prepare<[string, string, number], number>(
      `SELECT seq FROM reviews WHERE rule = ? AND terms = ? AND result = 'error'
        ORDER BY seq DESC LIMIT 1 OFFSET ?`,
    )
    .pluck()
  const count = db
    .prepare<[string, string, string, number, number], number>(
      `SELECT count(*) FROM reviews
        WHERE rule = ? AND terms = ? AND result = ? AND seq > ? AND at >= ?`,
    )
    .pluck()
  return {
    putReview: (r) => void put.run(r.audit, r.rule, r.terms, r.seq, r.at, r.result),
    settleReviews: (audit, to) => void settle.run(to.audit, to.result, to.seq, to.at, audit),
    reviews(rule, terms, allowed, since) {
      const from = tooMany.get(rule, terms, allowed) ?? 0
      const of = (result: ReviewResult, at: number) => count.get(rule, terms, result, from, at) ?? 0
      return {
        clean: of('clean', since),
        errors: of('error', since),
        accepted: of('accepted', 0) > 0,
      }
    },
  }
}

function promotionsOn(
  db: Database.Database,
): Pick<OversightTx, 'promotion' | 'unspent' | 'putPromotion'> {
  const one = db.prepare<[string], PromotionRow>('SELECT * FROM promotions WHERE entry = ?')
  const unspent = db.prepare<[string, number], PromotionRow>(
    `SELECT * FROM promotions WHERE terms = ? AND spent IS NULL AND revoked IS NULL AND until > ?
      ORDER BY at, entry LIMIT 1`,
  )
  const put = db.prepare(`INSERT INTO promotions (entry, terms, by, note, at, until, spent, revoked)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (entry) DO UPDATE SET terms = excluded.terms, by = excluded.by,
      note = excluded.note, at = excluded.at, until = excluded.until, spent = excluded.spent,
      revoked = excluded.revoked`)
  return {
    promotion: (entry) => one.get(entry) ?? null,
    unspent: (terms, now) => unspent.get(terms, now) ?? null,
    putPromotion: (p) =>
      void put.run(p.entry, p.terms, p.by, p.note, p.at, p.until, p.spent, p.revoked),
  }
}

function undoTrialsOn(db: Database.Database): Pick<OversightTx, 'putUndoTrial' | 'undoTrial'> {
  const put = db.prepare(
    'INSERT INTO undo_trials (audit, recipe, text, at, ok) VALUES (?, ?, ?, ?, ?)',
  )
  const newest = db.prepare<[string, string], UndoTrialRow>(
    `SELECT * FROM undo_trials WHERE recipe = ? AND text = ?
      ORDER BY at DESC, length(audit) DESC, audit DESC LIMIT 1`,
  )
  return {
    putUndoTrial: ({ audit, recipe, text, at, ok }) =>
      void put.run(audit, recipe, text, at, ok ? 1 : 0),
    undoTrial(recipe, text) {
      const row = newest.get(recipe, text)
      return row ? undoTrialOf(row) : null
    },
  }
}
