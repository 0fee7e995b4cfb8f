import type { Meter } from './meter.ts'
import type { Limit, Policy } from './policy.ts'
import type { Shortfall } from './shortfall.ts'
import { fits, limitedTo, limitKey } from './step.ts'

/** The policy's limits that one more action of this kind would exceed. */
export function aboveLimits({ limits }: Policy, meter: Meter): Shortfall[] {
  return limits.flatMap((limit) => {
    if (!fits(limit, meter.subject)) return []
    const exceeded = meter.over(limitKey(limit, meter.subject), limit.rates)
    if (exceeded === null) return []
    const { allowed, is, text, retryAfter } = exceeded
    const to = showLimited(limit, meter)
    return [
      {
        pattern: 'rate-limit' as const,
        reason: `The policy limits ${limit.says}${to} to ${allowed} and ${is}, so a person decides`,
        need: `no more than ${text} of ${limit.says}${to} (${is})`,
        rules: [],
        retryAfter,
        batch: `limit ${text}${to}`,
        tell: limit.tell,
        suggest: limit.suggest,
      },
    ]
  })
}

/** ` in category financial`, ` by agent a1`; empty for a limit of all together. */
export function showLimited({ by }: Limit, { subject }: Meter): string {
  const of = limitedTo(by, subject)
  if (of === null) return ''
  const name = of === '' ? `an unknown ${by}` : `${by} ${of}`
  return by === 'site' ? ` on ${name}` : by === 'agent' ? ` by ${name}` : ` in ${name}`
}
