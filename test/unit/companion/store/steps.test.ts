import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyChain, seal } from '#companion/core/audit.ts'
import type { Store, Tx } from '#companion/core/ports.ts'
import type { StoredReview, StoredStep } from '#companion/core/step-ports.ts'
import { openStore } from '#companion/store/sqlite/open-store.ts'
import { migrate } from '#companion/store/sqlite/schema.ts'

function newFile(): string {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-steps-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  return join(home, 'holdpoint.db')
}

function open(file = newFile()): Store {
  const store = openStore({ file, seal, empty: emptyChain })
  onTestFinished(() => store.close())
  return store
}

const amounts = { USD: 500 }
const likeness = { kind: 'x transact refund', recipients: ['ann'], amounts, text: 'refund' }

/** An entry, and the step that it lets go. */
function stepIn(tx: Tx, run: string | null, at: number): StoredStep {
  const body = { requestId: 'r' }
  const { seq, id } = tx.append({ at: '', kind: 'decision', actor: 'a', hold: null, run, body })
  const keys = ['all', `run ${run ?? ''}`]
  const step: StoredStep = { seq, audit: id, at, mode: 'enforce', keys, amounts, likeness }
  tx.putStep(step)
  return step
}

describe('steps', () => {
  it('come back as they were, oldest first, from a time and a number on, and by their run', async () => {
    const store = open()
    const put = await store.write((tx) => [
      stepIn(tx, 'one', 10),
      stepIn(tx, 'two', 20),
      stepIn(tx, 'one', 20),
      stepIn(tx, null, 30),
    ])
    const read = <T>(work: (tx: Tx) => T) => store.write(work)
    expect(await read((tx) => tx.steps(0, 0))).toEqual(put)
    expect((await read((tx) => tx.steps(20, 0))).map(({ seq }) => seq)).toEqual([2, 3, 4])
    expect((await read((tx) => tx.steps(20, 3))).map(({ seq }) => seq)).toEqual([4])
    expect((await read((tx) => tx.stepsOfRun('one'))).map(({ seq }) => seq)).toEqual([1, 3])
    expect(await read((tx) => [tx.lastStepAt(), tx.step(2), tx.step(9)])).toEqual([
      30,
      put[1],
      null,
    ])
    expect(await store.stepsBefore(4, 2)).toEqual([3, 2])
  })

  it('of a work that throws are gone, and that shows', async () => {
    const store = open()
    const failed = store.write((tx) => {
      stepIn(tx, null, 10)
      throw new Error('no')
    })
    const seen = store.write((tx) => [tx.steps(0, 0).length, tx.rollbacks(), tx.head().seq])
    await expect(failed).rejects.toThrow('no')
    expect(await seen).toEqual([0, 1, 0])
  })
})

it('reviews count from the error on that was one too many, for one rule on its terms', async () => {
  const store = open()
  const results = ['clean', 'error', 'clean', 'accepted', 'error', 'clean', 'none'] as const
  await store.write((tx) => {
    for (const [index, result] of results.entries()) {
      const seq = index + 1
      const of: StoredReview = {
        audit: `hp_${seq}`,
        rule: 'a',
        terms: 't',
        seq,
        at: seq * 10,
        result,
      }
      tx.putReview(of)
      tx.putReview({ ...of, rule: 'b' })
    }
  })
  const reviews = (allowed: number, since = 0, terms = 't') =>
    store.write((tx) => tx.reviews('a', terms, allowed, since))
  expect(await reviews(0)).toEqual({ clean: 1, errors: 0, accepted: false })
  expect(await reviews(1)).toEqual({ clean: 2, errors: 1, accepted: true })
  expect(await reviews(2)).toEqual({ clean: 3, errors: 2, accepted: true })
  expect(await reviews(2, 30)).toEqual({ clean: 2, errors: 1, accepted: true })
  expect(await reviews(2, 0, 'other')).toEqual({ clean: 0, errors: 0, accepted: false })
  await store.write((tx) =>
    tx.settleReviews('hp_7', { audit: 'hp_8', result: 'error', seq: 8, at: 80 }),
  )
  expect(await reviews(0)).toEqual({ clean: 0, errors: 0, accepted: false })
})

it('a breaker that was open before an update is open after it', async () => {
  const file = newFile()
  const db = new Database(file)
  migrate(db, 3)
  db.exec("INSERT INTO settings VALUES ('breaker', 'a script pressed Approve')")
  db.close()
  const store = open(file)
  expect(await store.write((tx) => tx.breakers())).toMatchObject([
    { scope: 'policy', reason: 'a script pressed Approve', after: 0 },
  ])
  expect(await store.setting('breaker')).toBeNull()
})
