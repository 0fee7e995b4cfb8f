import type { Hono } from 'hono'
import { type Stand, settle } from './dashboard-companion.ts'

/** What the stand-in companion answers where people oversee more than one hold. */
export function oversightRoutes(app: Hono, stand: Stand): void {
  app.post('/v1/holds/verdicts', async (c) => {
    const body: { holds: string[]; verdict: 'approve' | 'deny'; reason?: string } =
      await c.req.json()
    const results = body.holds.map((id) => {
      if (body.verdict === 'approve' && stand.refusal) return { ok: false, id, ...stand.refusal }
      return { ok: true, id, hold: settle(stand, id, body.verdict, body.reason) }
    })
    return c.json({ results })
  })
  app.post('/v1/breaker/reset', async (c) => {
    const { scope }: { scope: string } = await c.req.json()
    const scopes = stand.status.breaker.scopes.filter((one) => one.scope !== scope)
    const reason = scopes[0]?.reason ?? null
    stand.status = { ...stand.status, breaker: { open: scopes.length > 0, reason, scopes } }
    return c.json({ open: scopes.length > 0 })
  })
  app.post('/v1/reviews', (c) => {
    stand.status = { ...stand.status, reviews: [] }
    return c.json({ audit_id: 'hp_99' })
  })
  app.get('/v1/policy/use', (c) => c.json(stand.use))
  app.post('/v1/policy/earned/:rule', (c) => {
    const rule = c.req.param('rule')
    const earned = stand.use.earned.map((one) =>
      one.rule === rule ? { ...one, accepted: true, allowed: true, proposed: false } : one,
    )
    stand.use = { ...stand.use, earned }
    return c.json({ audit_id: 'hp_99' })
  })
  app.get('/v1/staged', (c) => c.json(stand.staged))
  app.get('/v1/promotions', (c) => c.json({ promotions: stand.promotions }))
  app.post('/v1/promotions', async (c) => {
    const { entries, note }: { entries: string[]; note: string } = await c.req.json()
    const chosen = stand.staged.actions.filter(({ entry }) => entries.includes(entry))
    const until = new Date(Date.now() + 3_600_000).toISOString()
    const made = { at: new Date().toISOString(), until, by: 'supervisor', note }
    stand.promotions = [
      ...chosen.map((action) => ({
        ...{ id: action.entry, action, ...made },
        state: 'unspent' as const,
      })),
      ...stand.promotions,
    ]
    stand.staged = {
      ...stand.staged,
      actions: stand.staged.actions.filter(({ entry }) => !entries.includes(entry)),
    }
    return c.json({ promotions: stand.promotions })
  })
  app.delete('/v1/promotions/:id', (c) => {
    const id = c.req.param('id')
    stand.promotions = stand.promotions.map((one) =>
      one.id === id ? { ...one, state: 'revoked' as const } : one,
    )
    return c.json({ audit_id: 'hp_99' })
  })
  app.post('/v1/audit/:id/undo', (c) =>
    c.json({ audit_id: 'hp_99', did: ['opened the task', 'pressed Delete', 'saw “Deleted”'] }),
  )
}
