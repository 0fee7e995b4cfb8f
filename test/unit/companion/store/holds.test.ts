import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { emptyChain, seal } from '#companion/core/audit.ts'
import type { Store } from '#companion/core/ports.ts'
import { openStore } from '#companion/store/sqlite/open-store.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import { decision, descriptor } from '../bench.ts'

/** A store in a file, and that file for a hand from outside. */
function open(): { store: Store; db: Database.Database } {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-holds-'))
  const file = join(home, 'holdpoint.db')
  const store = openStore({ file, seal, empty: emptyChain })
  const db = new Database(file)
  onTestFinished(async () => {
    db.close()
    await store.close()
    rmSync(home, { recursive: true })
  })
  return { store, db }
}

async function put(store: Store, id: string, parts: Partial<Hold> = {}): Promise<void> {
  const hold: Hold = {
    ...{ id, requestId: `ask_${id}`, state: 'pending', released: false, auditId: 'hp_1' },
    ...{ createdAt: `2026-11-21T09:00:0${id}.000Z`, expiresAt: '2026-11-21T09:10:00.000Z' },
    descriptor: descriptor(),
    classification: {
      ...{ capability: 'send', category: 'communication', effect: 'irreversible' },
      signals: [],
    },
    decision: decision('hold'),
    ...parts,
  }
  await store.write((tx) => tx.putHold({ hold, asker: 't_1', ticket: null, verdictAudit: null }))
}

it('lists holds by state, and by whether they were let go, newest first', async () => {
  const { store } = open()
  await put(store, '1')
  await put(store, '2', { state: 'approved' })
  await put(store, '3', { state: 'approved', released: true })
  await put(store, '4', { state: 'approved' })
  const ids = async (query: Parameters<Store['holds']>[0]) =>
    (await store.holds(query)).holds.map(({ id }) => id)
  expect(await ids({ limit: 9 })).toEqual(['4', '3', '2', '1'])
  expect(await ids({ state: 'approved', limit: 9 })).toEqual(['4', '3', '2'])
  expect(await ids({ state: 'approved', released: false, limit: 9 })).toEqual(['4', '2'])
  expect(await ids({ released: true, limit: 9 })).toEqual(['3'])
  expect(await ids({ limit: 1 })).toEqual(['4'])
})

it.each(['{"id":"2"}', 'not json', '{}'])(
  'leaves out a hold stored as %s, counts it, and keeps it held',
  async (doc) => {
    const { store, db } = open()
    await put(store, '1')
    await put(store, '2')
    db.prepare('UPDATE holds SET doc = ? WHERE id = ?').run(doc, '2')
    const page = await store.holds({ state: 'pending', limit: 9 })
    expect(page).toMatchObject({ holds: [{ id: '1' }], unreadable: 1 })
    expect((await store.openHolds()).map(({ hold }) => hold.id)).toEqual(['1'])
    await expect(store.write((tx) => tx.hold('2'))).rejects.toThrow()
    expect(db.prepare('SELECT state, released FROM holds WHERE id = 2').get()).toEqual({
      state: 'pending',
      released: 0,
    })
  },
)
