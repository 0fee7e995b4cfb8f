import { Hono } from 'hono'
import type { Count } from '#companion/core/ports.ts'
import { reviewsDue } from '#companion/core/review.ts'
import type { Status } from '#shared/protocol/api.ts'
import { bearer } from '../guards/bearer.ts'
import type { Env, Routes, Services } from '../services.ts'

const DAY_MS = 24 * 60 * 60_000

/** How things stand. */
export function status(services: Services): Routes {
  return new Hono<Env>().get('/status', bearer(services, ['supervisor']), async (c) =>
    c.json(await statusOf(services, c.get('caller').name)),
  )
}

async function statusOf(services: Services, you: string): Promise<Status> {
  const { context, policy } = services
  const since = new Date(context.clock.now() - DAY_MS).toISOString()
  const scopes = context.breaker
    .all()
    .map(({ scope, reason, at }) => ({ scope, reason, since: at }))
  return {
    version: services.version,
    mode: policy.mode(),
    policyVersion: policy.version(),
    policyOk: policy.ok(),
    startedAt: services.startedAt,
    home: services.home,
    pending: await context.store.pending(),
    runs: services.runs.counts(),
    browsers: browsersOf(services),
    chain: chainOf(services),
    breaker: { open: scopes.length > 0, reason: scopes[0]?.reason ?? null, scopes },
    reviews: await reviewsDue(context, context.clock.now()),
    you,
    day: dayOf(await context.store.counts(since)),
  }
}

/** One line per browser name: a browser that was paired again is still one browser. */
function browsersOf({ access, bus }: Services): Status['browsers'] {
  const browsers = new Map<string, Status['browsers'][number]>()
  for (const { token, name, pairedAt, lastSeen } of access.pairings()) {
    const before = browsers.get(name)
    browsers.set(name, {
      name,
      pairedAt,
      connected: bus.connected(token) || before?.connected === true,
      lastSeen: lastSeen ?? before?.lastSeen ?? null,
    })
  }
  return [...browsers.values()]
}

function chainOf({ chain, context, startedAt }: Services): Status['chain'] {
  const last = chain()
  const entries = context.store.head().seq
  if (!last) return { ok: true, entries, checkedAt: startedAt, problem: null }
  const problem = last.check.ok ? null : last.check.error.message
  return { ok: last.check.ok, entries, checkedAt: last.at, problem }
}

function dayOf(counts: readonly Count[]): Status['day'] {
  const sum = (wanted: (count: Count) => boolean) =>
    counts.filter(wanted).reduce((total, { count }) => total + count, 0)
  const decided = (decision: string) =>
    sum((c) => c.kind === 'decision' && c.mode === 'enforce' && c.decision === decision)
  const inMode = (mode: string) => sum((c) => c.kind === 'decision' && c.mode === mode)
  const verdicts = (verdict: string) => sum((c) => c.kind === 'verdict' && c.decision === verdict)
  const kind = (name: string) => sum((c) => c.kind === name)
  return {
    allow: decided('allow'),
    hold: decided('hold'),
    deny: decided('deny'),
    shadow: inMode('shadow'),
    observe: inMode('observe'),
    approved: verdicts('approve'),
    denied: verdicts('deny'),
    miss: kind('miss'),
    forgery: kind('forgery'),
  }
}
