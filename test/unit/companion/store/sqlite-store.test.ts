import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyChain, seal } from '#companion/core/audit.ts'
import type { Draft, Head, Store } from '#companion/core/ports.ts'
import { openStore } from '#companion/store/sqlite/open-store.ts'
import { migrate } from '#companion/store/sqlite/schema.ts'
import { statementOf } from '#companion/store/sqlite/search.ts'

function open(file = ':memory:', committed?: (head: Head) => void): Store {
  const store = openStore({ file, seal, empty: emptyChain, ...(committed ? { committed } : {}) })
  onTestFinished(() => store.close())
  return store
}

function newFile(): string {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-store-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  return join(home, 'holdpoint.db')
}

function draft(name: string, more: Partial<Draft> = {}): Draft {
  return {
    at: '2026-11-21T09:00:00.000Z',
    kind: 'decision',
    actor: 'extension:Chromium',
    hold: null,
    run: null,
    body: {
      requestId: name,
      descriptor: {
        page: { url: 'https://shop.example.com:8443/refunds?x=1', title: 'Refunds' },
        target: { name },
      },
      classification: { capability: 'transact', category: 'financial' },
      decision: { kind: 'hold', mode: 'enforce', reason: 'a person decides', rules: ['big'] },
    },
    ...more,
  }
}

const add = (store: Store, name: string) => store.write((tx) => tx.append(draft(name)))
const names = async (store: Store, q: string) =>
  (await store.audit({ q, limit: 50 })).map(({ body }) => body.requestId)

describe('write', () => {
  it('makes all writes of one turn durable by one commit', async () => {
    const heads: Head[] = []
    const store = open(':memory:', (head) => heads.push(head))
    await Promise.all(['a', 'b', 'c'].map((name) => add(store, name)))
    expect(heads.map(({ seq }) => seq)).toEqual([3])
  })

  it('undoes a work that throws, and no other', async () => {
    const store = open()
    const results = await Promise.allSettled([
      add(store, 'a'),
      store.write((tx) => {
        tx.append(draft('b'))
        throw new Error('no')
      }),
      add(store, 'c'),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const entries = await store.auditAfter(0, 10)
    expect(entries.map(({ seq, body }) => [seq, body.requestId])).toEqual([
      [1, 'a'],
      [2, 'c'],
    ])
    expect(entries[1]?.prev).toBe(entries[0]?.hash)
  })

  it('rejects when the disk is full, keeps the chain whole, and writes again once it fits', async () => {
    const store = openStore({ file: newFile(), seal, empty: emptyChain, maxPages: 60 })
    onTestFinished(() => store.close())
    await add(store, 'a')
    const full = Promise.allSettled([add(store, 'x'.repeat(300_000)), add(store, 'b')])
    expect((await full)[0]).toMatchObject({ reason: { code: 'SQLITE_FULL' } })
    await add(store, 'c')
    const entries = await store.auditAfter(0, 10)
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_entry, at) => at + 1))
    expect(entries.at(-1)).toMatchObject({ body: { requestId: 'c' } })
    expect(entries.at(-1)?.prev).toBe(entries.at(-2)?.hash)
  })

  it('waits for a foreign lock without stopping the event loop', async () => {
    const file = newFile()
    const store = open(file)
    await add(store, 'a')
    const other = new Database(file)
    other.exec('BEGIN IMMEDIATE')
    const write = add(store, 'b')
    const turns = await new Promise<number>((resolve) => {
      let count = 0
      const end = performance.now() + 300
      const turn = () => {
        count += 1
        if (performance.now() < end) setTimeout(turn, 5)
        else resolve(count)
      }
      turn()
    })
    expect(turns).toBeGreaterThan(5)
    other.exec('COMMIT')
    other.close()
    expect((await write).seq).toBe(2)
  })
})

describe('audit', () => {
  it('filters, and pages by key', async () => {
    const store = open()
    for (let n = 0; n < 5; n++) await add(store, `r${n}`)
    await store.write((tx) => tx.append(draft('s', { kind: 'miss', body: {} })))
    const page = await store.audit({ category: 'financial', limit: 2 })
    expect(page.map(({ seq }) => seq)).toEqual([5, 4])
    const next = await store.audit({ category: 'financial', limit: 2, before: 4 })
    expect(next.map(({ seq }) => seq)).toEqual([3, 2])
    expect((await store.audit({ kind: 'miss', limit: 9 })).length).toBe(1)
    expect((await store.audit({ host: 'shop.example.com:8443', limit: 9 })).length).toBe(5)
    expect((await store.audit({ site: 'example.com', limit: 9 })).length).toBe(5)
    expect((await store.audit({ decision: 'allow', limit: 9 })).length).toBe(0)
  })

  it('leaves out the reads that passed, and nothing else, without looking through them', async () => {
    const file = newFile()
    const store = open(file)
    const body = (capability: string, kind: string) => ({
      classification: { capability, category: 'other' },
      decision: { kind, mode: 'enforce' },
    })
    const bodies = [body('read', 'allow'), body('send', 'allow'), body('read', 'hold')]
    for (let n = 0; n < 40; n++)
      await store.write((tx) => {
        for (const each of bodies) tx.append(draft('r', { body: each }))
        for (let m = 0; m < 50; m++) tx.append(draft('r', { body: body('read', 'allow') }))
        tx.append(draft('m', { kind: 'miss', body: body('read', 'allow') }))
      })
    const seqs = async (before?: number) =>
      (await store.audit({ reads: false, limit: 4, before })).map(({ seq }) => seq)
    expect(await seqs()).toEqual([2160, 2109, 2108, 2106])
    expect(await seqs(2106)).toEqual([2055, 2054, 2052, 2001])
    expect((await store.audit({ limit: 1 }))[0]?.seq).toBe(2160)
    expect((await store.audit({ reads: false, capability: 'send', limit: 99 })).length).toBe(40)
    const db = new Database(file, { readonly: true })
    const { sql, values } = statementOf({ reads: false, before: 2106, limit: 4 }, null)
    const plan = db.prepare<(string | number)[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    const steps = plan.all(...values).map(({ detail }) => detail)
    expect(steps).toContainEqual(expect.stringContaining('facets_acts (seq<?)'))
    db.close()
  })

  it('shows and counts what was recorded just now, with a filter and without', async () => {
    const store = open()
    for (let n = 0; n < 1200; n++) {
      const writes = [add(store, `r${n}`), add(store, `s${n}`)]
      await Promise.all(writes)
      if (n % 300 > 0) continue
      expect((await store.audit({ limit: 1 }))[0]?.seq).toBe(2 * n + 2)
      const [newest] = await store.audit({ kind: 'decision', limit: 1 })
      expect(newest?.seq).toBe(2 * n + 2)
      const [count] = await store.counts('2026-11-21')
      expect(count).toEqual({
        kind: 'decision',
        decision: 'hold',
        mode: 'enforce',
        count: 2 * n + 2,
      })
      if (newest) expect(await store.trace(newest)).toEqual([newest])
    }
  })

  it('finds entries by the beginnings of words, in any script', async () => {
    const store = open()
    for (const name of [
      'Refund order 4711',
      'Überweisung löschen',
      '退款给客户',
      'Delete "all" OR 1=1',
    ])
      await add(store, name)
    expect(await names(store, 'refund 47')).toEqual(['Refund order 4711'])
    expect(await names(store, 'uberw')).toEqual(['Überweisung löschen'])
    expect(await names(store, '客户')).toEqual(['退款给客户'])
    expect(await names(store, '"all" OR')).toEqual(['Delete "all" OR 1=1'])
    expect(await names(store, 'NEAR(')).toEqual([])
    expect(await names(store, '* ( "')).toEqual([])
  })
})

describe('openStore', () => {
  it('refuses a database of a newer shape', async () => {
    const file = newFile()
    await openStore({ file, seal, empty: emptyChain }).close()
    const db = new Database(file)
    db.pragma('user_version = 99')
    db.close()
    expect(() => openStore({ file, seal, empty: emptyChain })).toThrow(/newer Holdpoint/)
  })

  it('brings a database of the first shape to the newest, facets included', async () => {
    const file = newFile()
    const db = new Database(file)
    migrate(db, 1)
    const insert = db.prepare(`INSERT INTO audit VALUES
      (?, ?, '2026-11-21', 'decision', 'a', NULL, NULL, '{}', '', '', 'hold', 'enforce', ?, '', '', ?)`)
    for (const seq of [1, 2, 3])
      insert.run(seq, `hp_${seq}`, seq < 3 ? 'send' : 'delete', `r${seq}`)
    db.exec("INSERT INTO audit_words (rowid, search) VALUES (1, 'one'), (2, 'two')")
    db.close()
    const store = open(file)
    expect((await store.audit({ capability: 'send', limit: 9 })).map(({ seq }) => seq)).toEqual([
      2, 1,
    ])
    expect((await store.audit({ capability: 'delete', limit: 9 })).map(({ seq }) => seq)).toEqual([
      3,
    ])
    expect((await store.audit({ q: 'two', limit: 9 })).map(({ seq }) => seq)).toEqual([2])
  })

  it('continues the chain where it ended', async () => {
    const file = newFile()
    const before = openStore({ file, seal, empty: emptyChain })
    const { hash } = await add(before, 'a')
    await before.close()
    expect(await add(open(file), 'b')).toMatchObject({ seq: 2, prev: hash })
  })
})
