import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { verifyHome } from '#companion/commands/audit.ts'
import { emptyChain, seal } from '#companion/core/audit.ts'
import { HeadFile } from '#companion/store/head-file.ts'
import { openStore } from '#companion/store/sqlite/open-store.ts'

const clean = mkdtempSync(join(tmpdir(), 'holdpoint-tamper-'))

/** Appends decisions as the companion does, and closes the log in order. */
async function append(home: string, count: number): Promise<void> {
  let head: HeadFile | undefined
  const file = join(home, 'holdpoint.db')
  const store = openStore({ file, seal, empty: emptyChain, committed: (last) => head?.note(last) })
  head = HeadFile.open(home, store.head().seq > 0, emptyChain)
  for (let n = 0; n < count; n++) {
    await store.write((tx) =>
      tx.append({
        at: '2026-11-21T09:00:00.000Z',
        kind: 'decision',
        actor: 'extension:Chromium',
        hold: `hold_${n}`,
        run: 'run_1',
        body: {
          requestId: `r${n}`,
          descriptor: { page: { url: 'https://a.example/x' }, target: { name: `Pay ${n}` } },
          classification: { capability: 'transact', category: 'financial' },
          decision: { kind: 'hold', mode: 'enforce' },
        },
      }),
    )
  }
  // A search files what has not been filed yet.
  await store.audit({ kind: 'decision', limit: 1 })
  await store.close()
  await head.flush()
}

beforeAll(() => append(clean, 12))
afterAll(() => rmSync(clean, { recursive: true }))

/** A copy of the clean home. */
function copy(): string {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-tamper-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  cpSync(clean, home, { recursive: true })
  return home
}

function tamper(home: string, ...sql: string[]): void {
  const db = new Database(join(home, 'holdpoint.db'))
  for (const statement of sql) db.exec(statement)
  db.close()
}

async function code(home: string): Promise<string> {
  const check = await verifyHome(home)
  return check.ok ? 'ok' : check.error.code
}

describe('audit verify', () => {
  it('passes a log that nobody touched', async () => {
    expect(await verifyHome(copy())).toMatchObject({ ok: true, entries: 12 })
  })

  const columns = {
    ...{ id: "'hp_99'", at: "'2020-01-01T00:00:00.000Z'", kind: "'outcome'", actor: "'human'" },
    ...{ hold: "'hold_x'", run: 'NULL', body: `replace(body, 'Pay', 'Send')`, prev: "'0'" },
    ...{ hash: "''", decision: "'allow'", mode: "'shadow'", capability: "'read'" },
    ...{ category: "'other'", host: "'b.example'", request: "'r99'" },
  }
  it.each(Object.entries(columns))('sees an edited %s', async (column, value) => {
    for (const seq of [1, 5, 12]) {
      const home = copy()
      tamper(home, `UPDATE audit SET ${column} = ${value} WHERE seq = ${seq}`)
      expect(await code(home)).not.toBe('ok')
    }
  })

  const facets = 'at kind run decision mode capability category host request'.split(' ')
  it.each(facets)('sees an edited facet %s', async (facet) => {
    const home = copy()
    tamper(home, `UPDATE audit_facets SET ${facet} = 'x' WHERE seq = 5`)
    expect(await code(home)).toBe('column')
  })

  it('sees an entry taken out of the facets, and none that has no facets yet', async () => {
    const home = copy()
    tamper(home, 'DELETE FROM audit_facets WHERE seq > 9')
    expect(await code(home)).toBe('ok')
    tamper(home, 'DELETE FROM audit_facets WHERE seq = 5')
    expect(await code(home)).toBe('column')
  })

  it('knows of every column of the table', () => {
    const db = new Database(join(clean, 'holdpoint.db'), { readonly: true })
    const names = db.prepare<[], { name: string }>('PRAGMA table_info(audit)').all()
    const filed = db.prepare<[], { name: string }>('PRAGMA table_info(audit_facets)').all()
    db.close()
    expect(filed.map(({ name }) => name)).toEqual(['seq', ...facets])
    expect(names.map(({ name }) => name).sort()).toEqual([...Object.keys(columns), 'seq'].sort())
  })

  it.each([
    ['the first entry deleted', 'DELETE FROM audit WHERE seq = 1'],
    ['a middle entry deleted', 'DELETE FROM audit WHERE seq = 6'],
    ['the last entry cut off', 'DELETE FROM audit WHERE seq = 12'],
    ['the last half cut off', 'DELETE FROM audit WHERE seq > 6'],
    ['everything deleted', 'DELETE FROM audit'],
    ['every hash cleared', "UPDATE audit SET hash = '', prev = ''"],
    ['an entry renumbered', 'UPDATE audit SET seq = 99 WHERE seq = 12'],
  ])('sees %s', async (_what, sql) => {
    const home = copy()
    tamper(home, sql)
    expect(await code(home)).not.toBe('ok')
  })

  it('sees two entries swapped', async () => {
    const home = copy()
    tamper(
      home,
      'UPDATE audit SET seq = 100 WHERE seq = 4',
      'UPDATE audit SET seq = 4 WHERE seq = 5',
      'UPDATE audit SET seq = 5 WHERE seq = 100',
    )
    expect(await code(home)).not.toBe('ok')
  })

  it('sees the whole chain recomputed over a changed entry', async () => {
    const home = copy()
    const db = new Database(join(home, 'holdpoint.db'))
    const rows = db
      .prepare<
        [],
        { seq: number; at: string; actor: string; hold: string; run: string; body: string }
      >('SELECT * FROM audit ORDER BY seq')
      .all()
    const update = db.prepare('UPDATE audit SET body = ?, prev = ?, hash = ? WHERE seq = ?')
    let head = emptyChain
    for (const { seq, at, actor, hold, run, body } of rows) {
      const forged = JSON.parse(
        seq === 3 ? body.replace('"run_1"', '"x"').replace('r2', 'r2b') : body,
      )
      const made = seal(head, { at, kind: 'decision', actor, hold, run, body: forged })
      update.run(made.body, made.entry.prev, made.entry.hash, seq)
      head = { seq, hash: made.entry.hash }
    }
    for (const table of ['audit', 'audit_facets'])
      db.exec(`UPDATE ${table} SET request = 'r2b' WHERE seq = 3`)
    db.close()
    expect(await code(home)).toBe('rewritten')
  })

  it('sees the database rolled back to an older copy', async () => {
    const home = copy()
    await append(home, 3)
    expect(await code(home)).toBe('ok')
    cpSync(join(clean, 'holdpoint.db'), join(home, 'holdpoint.db'))
    expect(await code(home)).toBe('truncated')
  })

  it('sees a forged, a missing and an unreadable head', async () => {
    const forged = copy()
    const head = readFileSync(join(forged, 'audit.head'), 'utf8')
    tamper(forged, 'DELETE FROM audit WHERE seq = 12')
    writeFileSync(join(forged, 'audit.head'), head.replace(/^12/, '11'))
    expect(await code(forged)).toBe('head_unreadable')
    for (const file of ['audit.head', 'audit.key']) {
      const home = copy()
      rmSync(join(home, file))
      expect(await code(home)).toBe('head_unreadable')
    }
  })

  it('does not take a crash between the commit and the head for tampering', async () => {
    const home = copy()
    const before = readFileSync(join(home, 'audit.head'), 'utf8')
    await append(home, 3)
    writeFileSync(join(home, 'audit.head'), before)
    expect(await verifyHome(home)).toMatchObject({ ok: true, entries: 15 })
  })
})
