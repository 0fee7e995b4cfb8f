import type { Policy } from '#shared/policy/policy.ts'
import { LONGEST_WINDOW } from '#shared/policy/rate.ts'
import type { BreakerRule, ErrorKind } from '#shared/policy/schema-limits.ts'
import type { Context, Later } from './context.ts'
import { openBreaker } from './open-breaker.ts'
import type { Tx } from './ports.ts'
import { EVERYTHING, keyOfScope, scopeOfKey } from './scopes.ts'
import type { Fault } from './step-ports.ts'
import { firstSince } from './trail.ts'

/** Opens the breakers, of those that these keys are scopes of, in whose scope too much went wrong of
 * late. To be called whenever something was let go, was denied or went wrong. */
export function trip(
  context: Context,
  tx: Tx,
  later: Later,
  { breaker }: Policy,
  keys: readonly string[],
): void {
  if (!breaker) return
  for (const key of keys) {
    const scope = scopeOfKey(key)
    if (scope === null || !breaker.per.some((per) => per === kindOf(scope))) continue
    const known = context.breaker.stored(tx, scope)
    if (known && known.reason !== null) continue
    const reason = tooMuch(context, tx, breaker, scope, known?.after ?? 0)
    if (reason !== null) openBreaker(context, tx, later, scope, reason)
  }
}

function kindOf(scope: string): string {
  return scope === EVERYTHING ? EVERYTHING : scope.slice(0, scope.indexOf(' '))
}

/** Why the breaker of a scope has to open; null where it need not. */
function tooMuch(
  context: Context,
  tx: Tx,
  breaker: BreakerRule,
  scope: string,
  after: number,
): string | null {
  const now = context.ledger.now(tx, context.clock.now())
  const since = now - (breaker.within ?? LONGEST_WINDOW)
  const faults = context.ledger.faults(tx, since)
  const loose = faults.filter(
    (fault) => fault.at >= since && fault.seq > after && isLoose(fault, breaker, scope),
  )
  // Nearly always nothing has gone wrong, and there is nothing to count.
  if (faults.length === 0) return null
  const steps = context.ledger.counted(tx, 'enforce', keyOfScope(scope), since, now)
  const trials = [
    ...steps
      .slice(Math.max(firstSince(steps, since), steps.length - breaker.of_last))
      .map(({ seq }) => seq)
      .filter((seq) => seq > after),
    ...loose.map(({ seq }) => seq),
  ]
    .sort((a, b) => b - a)
    .slice(0, breaker.of_last)
  return verdict(breaker, trials, errorsAmong(trials, faults, breaker))
}

function isLoose({ step, kind, keys }: Fault, { counts }: BreakerRule, scope: string): boolean {
  return step === null && counts.includes(kind) && keys.includes(keyOfScope(scope))
}

/** What went wrong with each of the trials, each counted once. */
function errorsAmong(
  trials: readonly number[],
  faults: readonly Fault[],
  { counts }: BreakerRule,
): ReadonlyMap<number, ErrorKind> {
  const oldest = trials.at(-1) ?? Infinity
  const tried = new Set(trials)
  const found = new Map<number, ErrorKind>()
  for (const { seq, step, kind } of faults.toReversed()) {
    // It is told of after it was let go.
    if (seq < oldest) break
    const trial = step ?? seq
    if (tried.has(trial) && counts.includes(kind)) found.set(trial, kind)
  }
  return found
}

function verdict(
  { errors, at_least }: BreakerRule,
  trials: readonly number[],
  found: ReadonlyMap<number, ErrorKind>,
): string | null {
  if (found.size === 0 || trials.length < at_least) return null
  const most = errors.errors ?? (errors.share ?? 1) * trials.length
  if (found.size < most) return null
  const kinds = [...found.values()]
  const says = [...new Set(kinds)].map((kind) => {
    return `${kinds.filter((one) => one === kind).length} ${kind}`
  })
  return `${found.size} of the last ${trials.length} went wrong (${says.join(', ')})`
}
