import { resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { PolicyView, Status, StreamEvent } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Hold, Verdict } from '#shared/protocol/hold.ts'
import type { PolicyUse, Promotion, StagedPage } from '#shared/protocol/oversight.ts'
import type { Frame, Run } from '#shared/protocol/run.ts'
import { holds } from './dashboard-holds.ts'
import { entries, policy, status } from './dashboard-samples.ts'
import { oversightRoutes } from './oversight-routes.ts'
import { use } from './oversight-samples.ts'

export const TOKEN = 'supervisor-token'

/** A stand-in for the companion with the same API, whose state a test can set and read. */
export interface Stand {
  url: string
  holds: Hold[]
  /** How many pending holds it says it cannot read. */
  unreadable: number
  entries: AuditEntry[]
  status: Status
  policy: PolicyView
  use: PolicyUse
  staged: StagedPage
  promotions: Promotion[]
  /** Code and words with which it refuses every approval; null where it takes them. */
  refusal: { code: string; detail: string } | null
  runs: Run[]
  /** Sent to whoever watches a picture, now and then again. */
  frame: Frame | null
  /** How many watch a picture. */
  watching: number
  /** Bodies of every request that changes something, in order, as `METHOD path body`. */
  received: string[]
  push(event: StreamEvent): void
  /** Ends every open stream and refuses new connections, as a stopped companion does. */
  stop(): Promise<void>
}

const dist = resolve(import.meta.dirname, '../../companion/dist/dashboard')
/** What the companion sends along with the dashboard: a build that needs more fails here. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

export async function startStand(): Promise<Stand> {
  const listeners = new Set<(event: StreamEvent | null) => void>()
  const stand: Stand = {
    url: '',
    holds: holds(),
    unreadable: 0,
    entries: entries(),
    status: status(),
    policy: policy(),
    use: use({ uses: [], earned: [] }),
    staged: { sandbox: [], actions: [] },
    promotions: [],
    refusal: null,
    runs: [],
    frame: null,
    watching: 0,
    received: [],
    push: (event) => {
      for (const listener of listeners) listener(event)
    },
    stop: async () => undefined,
  }
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    c.header('content-security-policy', CSP)
  })
  app.use('/v1/*', async (c, next) => {
    if (c.req.header('authorization') !== `Bearer ${TOKEN}`)
      return c.json(
        { type: 'about:blank', title: 'unauthorised', status: 401, code: 'unauthorised' },
        401,
      )
    if (c.req.method !== 'GET')
      stand.received.push(`${c.req.method} ${c.req.path} ${await c.req.raw.clone().text()}`)
    return next()
  })
  routes(app, stand, listeners)
  app.use(serveStatic({ root: dist }))
  await new Promise<void>((ready) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      stand.url = `http://127.0.0.1:${port}/`
      ready()
    })
    stand.stop = () =>
      new Promise((done) => {
        for (const listener of listeners) listener(null)
        server.close(() => done())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
  })
  return stand
}

function routes(app: Hono, stand: Stand, listeners: Set<(event: StreamEvent | null) => void>) {
  app.get('/v1/status', (c) => c.json(stand.status))
  app.get('/v1/policy', (c) => c.json(stand.policy))
  app.get('/v1/holds', (c) => {
    const { state, released } = c.req.query()
    const found = stand.holds
      .filter((hold) => state === undefined || hold.state === state)
      .filter((hold) => released === undefined || hold.released === (released === '1'))
    return c.json({ holds: found, unreadable: state === 'pending' ? stand.unreadable : 0 })
  })
  app.get('/v1/holds/:id', (c) => c.json(stand.holds.find((hold) => hold.id === c.req.param('id'))))
  app.post('/v1/holds/:id/verdict', async (c) => {
    const { verdict, reason }: { verdict: 'approve' | 'deny'; reason?: string } = await c.req.json()
    if (verdict === 'approve' && stand.refusal)
      return c.json({ type: 'about:blank', title: 'Refused', status: 403, ...stand.refusal }, 403)
    return c.json(settle(stand, c.req.param('id'), verdict, reason))
  })
  app.get('/v1/audit', (c) => {
    const wanted = c.req.query()
    const limit = Number(wanted.limit ?? 50)
    const found = stand.entries
      .filter((entry) => entry.seq < Number(wanted.before ?? Number.MAX_SAFE_INTEGER))
      .filter((entry) => !wanted.kind || entry.kind === wanted.kind)
      .filter((entry) => !wanted.run || entry.run === wanted.run)
      .filter((entry) => wanted.reads !== '0' || !isRead(entry))
      .filter((entry) => !wanted.q || JSON.stringify(entry.body).includes(wanted.q))
      .reverse()
    const shown = found.slice(0, limit)
    return c.json({
      entries: shown,
      next: found.length > limit ? (shown.at(-1)?.seq ?? null) : null,
    })
  })
  app.get('/v1/audit/:id', (c) => {
    const entry = stand.entries.find((each) => each.id === c.req.param('id'))
    if (!entry)
      return c.json(
        { type: 'about:blank', title: 'no such entry', status: 404, code: 'not_found' },
        404,
      )
    const same = stand.entries.filter((each) => each.hold !== null && each.hold === entry.hold)
    const last = entry === stand.entries.at(-1)
    return c.json({ entry, trace: same.length > 0 ? same : [entry], last })
  })
  app.post('/v1/pair/code', (c) =>
    c.json({
      code: '481920',
      url: 'chrome-extension://bnlphlnplpphbimjjjhdjmiifjolfagl/pair.html#code=481920',
      expiresAt: new Date(Date.now() + 300_000).toISOString(),
    }),
  )
  oversightRoutes(app, stand)
  app.put('/v1/policy/mode', (c) => c.json(stand.policy))
  runRoutes(app, stand)
  app.get('/v1/events', (c) =>
    streamSSE(c, async (stream) => {
      await new Promise<void>((done) => {
        const listener = (event: StreamEvent | null) => {
          if (event === null) return done()
          void stream.writeSSE({
            event: event.event,
            id: String(Date.now()),
            data: JSON.stringify(event),
          })
        }
        listeners.add(listener)
        stream.onAbort(() => {
          listeners.delete(listener)
          done()
        })
        void stream.writeSSE({ event: 'status', data: '{"event":"status"}' })
      })
    }),
  )
}

/** Settles a hold and tells everyone, as any surface's verdict does. One that several people have to
 * approve only gets one approval more, until there are enough. */
export function settle(
  stand: Stand,
  id: string,
  verdict: 'approve' | 'deny',
  reason?: string,
  by = stand.status.you,
): Hold | undefined {
  const given: Verdict = {
    ...{ verdict, by, surface: 'dashboard', at: new Date().toISOString() },
    ...(reason ? { reason } : {}),
  }
  stand.holds = stand.holds.map((one) => (one.id === id ? answered(one, given) : one))
  const hold = stand.holds.find((each) => each.id === id)
  if (hold) stand.push({ event: 'hold', hold })
  return hold
}

function answered(hold: Hold, given: Verdict): Hold {
  if (given.verdict === 'deny') return { ...hold, state: 'denied', verdict: given }
  const { approver, people = 1 } = hold.decision
  const approval = approver === undefined ? given : { ...given, role: approver }
  const approvals = [...(hold.approvals ?? []), approval]
  return approvals.length < people
    ? { ...hold, approvals }
    : { ...hold, approvals, state: 'approved', verdict: approval }
}

function isRead({ body }: AuditEntry): boolean {
  return /"capability":"read".*"kind":"allow"/.test(JSON.stringify(body))
}

function runRoutes(app: Hono, stand: Stand): void {
  const change = (ids: readonly string[], parts: Partial<Run>) => {
    stand.runs = stand.runs.map((run) => (ids.includes(run.id) ? { ...run, ...parts } : run))
    for (const run of stand.runs) if (ids.includes(run.id)) stand.push({ event: 'run', run })
  }
  const one = (id: string) => stand.runs.find((run) => run.id === id)
  app.get('/v1/runs', (c) => c.json({ runs: stand.runs }))
  app.get('/v1/runs/:id', (c) => {
    const run = one(c.req.param('id'))
    const problem = { type: 'about:blank', title: 'no such run', status: 404, code: 'run_unknown' }
    return run ? c.json(run) : c.json(problem, 404)
  })
  app.post('/v1/runs', async (c) => {
    const { state }: { state: Run['state'] } = await c.req.json()
    const live = stand.runs.filter(({ endedAt }) => endedAt === null).map(({ id }) => id)
    change(live, { state, ...(state === 'killed' ? { endedAt: new Date().toISOString() } : {}) })
    return c.json({ runs: stand.runs })
  })
  app.post('/v1/runs/:id', async (c) => {
    const { state }: { state: Run['state'] } = await c.req.json()
    change([c.req.param('id')], {
      ...{ state, takeover: false },
      ...(state === 'killed' ? { endedAt: new Date().toISOString() } : {}),
    })
    return c.json(one(c.req.param('id')))
  })
  app.post('/v1/runs/:id/takeover', async (c) => {
    const { on }: { on: boolean } = await c.req.json()
    change([c.req.param('id')], { takeover: on })
    return c.json(one(c.req.param('id')))
  })
  app.post('/v1/runs/:id/input', (c) => c.body(null, 204))
  app.get('/v1/runs/:id/picture', (c) =>
    streamSSE(c, async (stream) => {
      let over = false
      stream.onAbort(() => {
        over = true
      })
      stand.watching += 1
      for (let sent: Frame | null = null; !over; await stream.sleep(50)) {
        if (!stand.frame || stand.frame === sent) continue
        sent = stand.frame
        await stream.writeSSE({ event: 'frame', data: JSON.stringify(sent) })
      }
      stand.watching -= 1
    }),
  )
}
