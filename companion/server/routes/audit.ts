import { Hono } from 'hono'
import * as z from 'zod/mini'
import type { AuditTrace } from '#shared/protocol/access.ts'
import type { AuditPage } from '#shared/protocol/api.ts'
import { AuditKind } from '#shared/protocol/audit-entry.ts'
import { Capability, Category } from '#shared/protocol/words.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readQuery } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'

const whole = z.coerce.number().check(z.int(), z.minimum(1))

const Query = z.object({
  kind: z.optional(AuditKind),
  decision: z.optional(z.enum(['allow', 'hold', 'deny', 'approve'])),
  category: z.optional(Category),
  capability: z.optional(Capability),
  host: z.optional(z.string().check(z.maxLength(300))),
  run: z.optional(z.string().check(z.maxLength(501))),
  site: z.optional(z.string().check(z.maxLength(300))),
  q: z.optional(z.string().check(z.maxLength(200))),
  /** `0` leaves out the reads that passed. */
  reads: z.optional(z.enum(['0', '1'])),
  before: z.optional(whole),
  limit: z._default(whole.check(z.maximum(500)), 50),
})

/** The log: pages of entries, and one entry with everything recorded of the same action. */
export function audit(services: Services): Routes {
  const { store } = services.context
  return new Hono<Env>()
    .get('/audit', bearer(services, ['supervisor']), async (c) => {
      const { q, reads, ...query } = readQuery(c, Query)
      const words = q?.trim() ? { q } : {}
      const acts = reads === undefined ? {} : { reads: reads === '1' }
      const entries = await store.audit({ ...query, ...words, ...acts, limit: query.limit + 1 })
      const shown = entries.slice(0, query.limit)
      const more = entries.length > query.limit
      const page: AuditPage = { entries: shown, next: more ? (shown.at(-1)?.seq ?? null) : null }
      return c.json(page)
    })
    .get('/audit/:id', bearer(services, ['supervisor']), async (c) => {
      const entry = await store.entry(c.req.param('id'))
      if (!entry)
        return answerProblem(c, 'audit_unknown', `there is no entry \`${c.req.param('id')}\``)
      const trace = await store.trace(entry)
      const answer: AuditTrace = { entry, trace, last: entry.seq >= store.head().seq }
      return c.json(answer)
    })
}
