import { Hono } from 'hono'
import type { Env, Routes, Services } from '../services.ts'

/** Whether the companion is there. The one route without a token, and it says nothing else. */
export function health(services: Services): Routes {
  return new Hono<Env>().get('/health', (c) =>
    c.json({ name: 'holdpoint', version: services.version }),
  )
}
