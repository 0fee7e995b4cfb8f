import type {
  Fault,
  StoredBreaker,
  StoredPromotion,
  StoredStep,
  UndoTrial,
} from '#companion/core/step-ports.ts'
import { FaultKind, Keys, StepDoc } from '#shared/protocol/step.ts'

/** Rows of what limits and oversight keep, and what they are. As in rows.ts, a row that does not parse
 * throws: nothing may be decided on it. */

export interface StepRow {
  seq: number
  at: number
  doc: string
}

export function stepOf({ seq, at, doc }: StepRow): StoredStep {
  const { mode, keys, amounts, likeness } = StepDoc.parse(JSON.parse(doc))
  return { seq, audit: `hp_${seq}`, at, mode, keys, amounts, likeness: { ...likeness, amounts } }
}

export interface FaultRow {
  seq: number
  at: number
  kind: string
  step: number | null
  keys: string
}

export function faultOf({ seq, at, kind, step, keys }: FaultRow): Fault {
  return { seq, at, kind: FaultKind.parse(kind), step, keys: Keys.parse(JSON.parse(keys)) }
}

/** A breaker's row needs no parsing: the table is strict, and every column is what it is. */
export type BreakerRow = StoredBreaker

export type PromotionRow = StoredPromotion

export type UndoTrialRow = Omit<UndoTrial, 'ok'> & { ok: number }

export function undoTrialOf(row: UndoTrialRow): UndoTrial {
  return { ...row, ok: row.ok === 1 }
}
