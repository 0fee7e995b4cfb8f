import { Hono } from 'hono'
import { durably, isoNow } from '#companion/core/context.ts'
import { setMode } from '#shared/policy/set-mode.ts'
import { ModeBody } from '#shared/protocol/access.ts'
import { bearer } from '../guards/bearer.ts'
import { policyUse } from '../policy-use.ts'
import { ProblemError } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'

/** Runs that count as being at work: a client of the API tells of no end. */
const RECENT_MS = 60 * 60_000
const RECENT_RUNS = 50

/** The policy in force, in its own words and in plain ones, and its mode. */
export function policy(services: Services): Routes {
  const view = () => services.policy.view(services.policyFile.path)
  return new Hono<Env>()
    .get('/policy', bearer(services, ['supervisor']), (c) => c.json(view()))
    .get('/policy/use', bearer(services, ['supervisor']), async (c) => {
      const since = services.context.clock.now() - RECENT_MS
      const recent = (await services.runs.list())
        .filter(({ endedAt }) => endedAt === null || Date.parse(endedAt) >= since)
        .slice(0, RECENT_RUNS)
      return c.json(await policyUse(services.context, services.policy.mode(), recent))
    })
    .put('/policy/mode', bearer(services, ['supervisor'], { approves: true }), async (c) => {
      const { site, mode } = await readBody(c, ModeBody)
      if (!services.policy.ok())
        throw new ProblemError('policy_invalid', 'the policy file has mistakes; mend it first')
      const set = setMode(services.policy.text(), site, mode)
      if (!set.ok)
        throw new ProblemError('policy_invalid', set.problems[0]?.message ?? 'cannot set the mode')
      await replace(services, set.text, site === null)
      await recordPolicy(services, c.get('caller').actor, { change: 'mode', site, mode })
      return c.json(view())
    })
}

async function replace(services: Services, text: string, global: boolean): Promise<void> {
  try {
    await services.policyFile.replace(text)
  } catch (error) {
    services.context.report(error)
    const { path } = services.policyFile
    throw new ProblemError(
      'policy_unwritable',
      `\`${path}\` cannot be written; nothing was changed`,
    )
  }
  if (global) services.policy.dropMode()
  services.policy.offer(text)
}

/** Says in the log and to everyone connected which policy is in force now. */
export async function recordPolicy(
  services: Pick<Services, 'context' | 'policy' | 'bus'>,
  actor: string,
  what: Record<string, unknown>,
): Promise<void> {
  const { context, policy, bus } = services
  const [version, ok] = [policy.version(), policy.ok()]
  const body = { ...what, version, ok, problems: policy.problems() }
  const at = isoNow(context)
  await durably(context, (tx) => {
    tx.append({ at, kind: 'policy', actor, hold: null, run: null, body })
    policy.keep(tx, at)
  })
  bus.publish({ event: 'policy', version, ok })
}
