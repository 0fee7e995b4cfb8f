import { DAY } from './duration.ts'
import { keys } from './history.ts'
import type { Exceeded, Meter } from './meter.ts'
import type { Ceilings } from './policy.ts'
import type { Rate } from './rate.ts'
import type { Shortfall } from './shortfall.ts'

/** One ceiling. */
interface Ceiling {
  /** `run`, `hour`, `day`, `day send`. */
  readonly name: string
  /** What it counts, in the plural: `steps`, `send steps`. */
  readonly of: string
  /** The key that counts it. */
  readonly key: string
  readonly rate: Rate
}

/** All ceilings but the budgets. */
export function ceilingRates({ run, hour, day }: Ceilings): Ceiling[] {
  const all: [string, string, number | null, Rate['window']][] = [
    ['run', keys.all, run, 'run'],
    ['hour', keys.all, hour, 3_600_000],
    ['day', keys.all, day.all, DAY],
  ]
  for (const [word, max] of day.capability) all.push([word, keys.capability(word), max, DAY])
  for (const [word, max] of day.category) all.push([word, keys.category(word), max, DAY])
  return all.flatMap(([word, key, max, window]) => {
    if (max === null) return []
    const whole = key === keys.all
    return [
      {
        name: whole ? word : `day ${word}`,
        of: whole ? 'steps' : `${word} steps`,
        key,
        rate: { max, window, text: `${max}/${whole ? word : 'day'}` },
      },
    ]
  })
}

/** Which ceilings a step counts for. */
export function ceilingsFor(ceilings: Ceilings, { subject }: Meter): Ceiling[] {
  const { capability, category } = subject.c
  const own = new Set([keys.all, keys.capability(capability), keys.category(category)])
  return ceilingRates(ceilings).filter(({ key }) => own.has(key))
}

/** The ceilings that one more step would go above. */
export function aboveCeilings(ceilings: Ceilings, meter: Meter): Shortfall[] {
  const found = ceilingsFor(ceilings, meter).flatMap(({ name, of, key, rate }) => {
    const exceeded = meter.over(key, [rate])
    return exceeded ? [shortfall('ceiling', name, `The ceiling of ${of}`, exceeded)] : []
  })
  const { capability } = meter.subject.c
  const budgets = ceilings.budgets.get(capability) ?? []
  const spent = meter.overspent(keys.capability(capability), budgets)
  if (spent) found.push(shortfall('budget', capability, `The budget of ${capability} steps`, spent))
  return found
}

function shortfall(
  pattern: 'ceiling' | 'budget',
  name: string,
  what: string,
  { allowed, is, text, retryAfter }: Exceeded,
): Shortfall {
  return {
    pattern,
    reason: `${what} is ${allowed} and ${is}, so a person decides`,
    need: `${what.toLowerCase()} not to be used up, ${text} (${is})`,
    rules: [],
    retryAfter,
    batch: `${pattern} ${name}`,
    tell: null,
    suggest: null,
  }
}
