import type Database from 'better-sqlite3'
import type { Fault, StepTx, StoredStep } from '#companion/core/step-ports.ts'
import { type FaultRow, faultOf, type StepRow, stepOf } from './step-rows.ts'
import type { Chain } from './unit.ts'

/** Reads and writes of what has been let go. There is no index by time: time never goes back in this
 * table, so whoever looks for what is new walks from its end. */
export function stepTx(db: Database.Database, chain: Chain): StepTx {
  return { ...stepsOn(db), ...faultsOn(db), rollbacks: () => chain.rollbacks }
}

function stepsOn(
  db: Database.Database,
): Pick<StepTx, 'putStep' | 'step' | 'steps' | 'stepsOfRun' | 'lastStepAt'> {
  const insert = db.prepare('INSERT INTO steps (seq, at, doc) VALUES (?, ?, ?)')
  const one = db.prepare<[number], StepRow>('SELECT * FROM steps WHERE seq = ?')
  const newest = db.prepare<[number], StepRow>(
    'SELECT * FROM steps WHERE seq > ? ORDER BY seq DESC',
  )
  const ofRun = db.prepare<[string], StepRow>(
    `SELECT steps.* FROM audit JOIN steps ON steps.seq = audit.seq
      WHERE audit.run = ? ORDER BY audit.seq`,
  )
  const last = db.prepare<[], number>('SELECT at FROM steps ORDER BY seq DESC LIMIT 1').pluck()
  return {
    putStep({ seq, at, mode, keys, amounts, likeness }) {
      const { kind, recipients, text } = likeness
      const doc = { mode, keys, amounts, likeness: { kind, recipients, text } }
      insert.run(seq, at, JSON.stringify(doc))
    },
    step(seq) {
      const row = one.get(seq)
      return row ? stepOf(row) : null
    },
    steps(since, after) {
      const found: StoredStep[] = []
      for (const row of newest.iterate(after)) {
        if (row.at < since) break
        found.push(stepOf(row))
      }
      return found.reverse()
    },
    stepsOfRun: (run) => ofRun.all(run).map(stepOf),
    lastStepAt: () => last.get() ?? 0,
  }
}

function faultsOn(
  db: Database.Database,
): Pick<StepTx, 'putFault' | 'faults' | 'faultsOf' | 'dropFaults'> {
  const insert = db.prepare('INSERT INTO faults (seq, at, kind, step, keys) VALUES (?, ?, ?, ?, ?)')
  const newest = db.prepare<[number], FaultRow>(
    'SELECT * FROM faults WHERE seq > ? ORDER BY seq DESC',
  )
  const ofStep = db.prepare<[number], FaultRow>('SELECT * FROM faults WHERE step = ? ORDER BY seq')
  const drop = db.prepare('DELETE FROM faults WHERE step = ? AND kind = ?')
  return {
    putFault({ seq, at, kind, step, keys }) {
      insert.run(seq, at, kind, step, JSON.stringify(keys))
    },
    faults(since, after) {
      const found: Fault[] = []
      for (const row of newest.iterate(after)) {
        if (row.at < since) break
        found.push(faultOf(row))
      }
      return found.reverse()
    },
    faultsOf: (step) => ofStep.all(step).map(faultOf),
    dropFaults: (step, kind) => void drop.run(step, kind),
  }
}
