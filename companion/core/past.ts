import { hash } from 'node:crypto'
import type { History } from '#shared/policy/history.ts'
import type { Policy } from '#shared/policy/policy.ts'
import type { Mode } from '#shared/protocol/words.ts'
import type { Counted, Ledger } from './ledger.ts'
import type { Tx } from './ports.ts'
import { firstSince } from './trail.ts'

/** Most steps that an action is compared with. */
const COMPARED = 500

export interface PastOf {
  policy: Policy
  mode: Mode
  /** Empty where the action belongs to no run. */
  run: string
  /** By the ledger's clock, in ms since the epoch. */
  now: number
}

/** What has happened before, as of this transaction, for the policy to take into account. */
export function past(ledger: Ledger, tx: Tx, of: PastOf): History {
  const { policy, mode, run, now } = of
  const inRun = ` in run ${run}`
  const steps = (key: string, since: number): readonly Counted[] =>
    run !== '' && (since <= 0 || key.endsWith(inRun))
      ? ledger.inRun(tx, mode, key, run)
      : ledger.counted(tx, mode, key, since, now)
  return {
    count(key, since) {
      const found = steps(key, since)
      return found.length - firstSince(found, since)
    },
    sum(key, currency, since) {
      const found = steps(key, since)
      let total = 0
      for (let index = firstSince(found, since); index < found.length; index++) {
        const amounts = found[index]?.amounts
        if (!amounts) return null
        total += amounts[currency] ?? 0
      }
      return total
    },
    nth: (key, n) => steps(key, now).at(-n)?.at ?? null,
    alike(kind, since) {
      const found = ledger.compared(tx, mode, kind, since, now)
      return found
        .slice(firstSince(found, since))
        .slice(-COMPARED)
        .reverse()
        .map(({ seq, at, likeness }) => ({ audit: `hp_${seq}`, at, likeness }))
    },
    reviews(rule, terms, since) {
      const allowed = policy.byId.get(rule)?.earned?.errors ?? 0
      return tx.reviews(rule, textHash(terms), allowed, since)
    },
    verified(recipe, text) {
      const trial = tx.undoTrial(recipe, textHash(text))
      return trial?.ok ? trial.at : null
    },
    promoted: (terms) => tx.unspent(textHash(terms), now)?.entry ?? null,
  }
}

/** SHA-256 of a text that is stored as its hash. */
export function textHash(text: string): string {
  return hash('sha256', text)
}
