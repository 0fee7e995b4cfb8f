import { showDuration } from './duration.ts'
import { isAlike, likenessOf } from './likeness.ts'
import type { Meter } from './meter.ts'
import type { Duplicates } from './schema-limits.ts'
import type { Shortfall } from './shortfall.ts'

/** Most entries that a decision names. */
const NAMED = 20

/** Actions that went before and are nearly the same as this one. */
export interface Repeated {
  /** Place of this one among them: 3 for the third. */
  readonly ordinal: number
  /** Audit ids, oldest first. */
  readonly like: readonly string[]
  /** `the 3rd like it within 1h`. */
  readonly says: string
}

/** What is nearly the same within the policy's time; null where nothing is. */
export function repeatedIn({ within }: Duplicates, { history, subject }: Meter): Repeated | null {
  const own = likenessOf(subject)
  const { now } = subject.facts
  const since = Number.isFinite(now) ? now - within + 1 : 0
  const alike = history.alike(own.kind, since).filter(({ likeness }) => isAlike(likeness, own))
  if (alike.length === 0) return null
  const ordinal = alike.length + 1
  return {
    ordinal,
    like: alike
      .slice(0, NAMED)
      .map(({ audit }) => audit)
      .toReversed(),
    says: `the ${ordinalOf(ordinal)} like it within ${showDuration(within)}`,
  }
}

/** The restraint that follows, from the policy's number on. */
export function duplicate({ max }: Duplicates, repeated: Repeated | null): Shortfall[] {
  if (repeated === null || repeated.ordinal < max) return []
  const { ordinal, says, like } = repeated
  return [
    {
      pattern: 'duplicate',
      reason: `This is ${says}, so a person decides`,
      need: `fewer than ${max - 1 === 1 ? '1 action' : `${max - 1} actions`} nearly the same before it (is ${ordinal - 1})`,
      rules: [],
      retryAfter: null,
      batch: null,
      tell: null,
      suggest: null,
      like,
    },
  ]
}

/** `2nd`, `3rd`, `11th`. */
export function ordinalOf(count: number): string {
  const tens = count % 100
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')
  return `${count}${ending}`
}
