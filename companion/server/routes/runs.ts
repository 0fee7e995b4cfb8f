import { Hono } from 'hono'
import { bearer } from '../guards/bearer.ts'
import type { Env, Routes, Services } from '../services.ts'

/** Agent sessions that left entries, the newest first. */
export function runs(services: Services): Routes {
  return new Hono<Env>().get('/runs', bearer(services, ['supervisor']), async (c) =>
    c.json({ runs: await services.context.store.runs(200) }),
  )
}
