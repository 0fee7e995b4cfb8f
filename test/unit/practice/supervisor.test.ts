import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { afterEach, expect, it } from 'vitest'
import { supervisor, until } from '#companion/practice/supervisor.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'

let stop: () => void = () => undefined
afterEach(() => stop())

/** A companion that only has a log, in pages of two, and a list of the verdicts it was given. */
async function companion(entries: readonly AuditEntry[]) {
  const verdicts: unknown[] = []
  const app = new Hono()
  app.use(async (c, next) =>
    c.req.header('authorization') === 'Bearer secret' ? await next() : c.json({}, 401),
  )
  app.get('/v1/audit', (c) => {
    const before = Number(c.req.query('before') ?? 1000)
    const page = entries.filter(({ seq }) => seq < before).slice(-2)
    const first = page[0]?.seq ?? 1
    return c.json({ entries: page.reverse(), next: first > 1 ? first : null })
  })
  app.post('/v1/holds/:id/verdict', async (c) => {
    verdicts.push([c.req.param('id'), await c.req.json<unknown>()])
    return c.json({})
  })
  const server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stop = () => {
    server.close()
    server.closeAllConnections()
  }
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { url: `http://127.0.0.1:${port}`, verdicts }
}

function entry(seq: number): AuditEntry {
  const at = '2026-11-20T10:00:00.000Z'
  const rest = { hold: null, run: null, body: {}, prev: '', hash: '' }
  return { seq, id: `hp_${seq}`, at, kind: 'decision', actor: 'x', ...rest }
}

it('reads the log over several pages, oldest first, from where it was left', async () => {
  const { url } = await companion([1, 2, 3, 4, 5, 6, 7].map(entry))
  const seqs = async (after: number) =>
    (await supervisor(url, 'secret').entriesAfter(after)).map(({ seq }) => seq)
  expect(await seqs(0)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(await seqs(3)).toEqual([4, 5, 6, 7])
  expect(await seqs(7)).toEqual([])
})

it('carries a verdict and its reason', async () => {
  const { url, verdicts } = await companion([])
  await supervisor(url, 'secret').decide('hold_1', 'approve')
  await supervisor(url, 'secret').decide('hold_2', 'deny', 'no')
  expect(verdicts).toEqual([
    ['hold_1', { verdict: 'approve' }],
    ['hold_2', { verdict: 'deny', reason: 'no' }],
  ])
})

it('throws what a companion answers that does not take its token', async () => {
  const { url } = await companion([])
  await expect(supervisor(url, 'wrong').pending()).rejects.toThrow(
    '`/v1/holds?state=pending` answered 401',
  )
})

it('waits for a value, and no longer than its patience', async () => {
  let reads = 0
  expect(await until(() => (++reads === 3 ? 'here' : undefined), 5_000)).toBe('here')
  expect(await until(() => undefined, 0)).toBeUndefined()
})
