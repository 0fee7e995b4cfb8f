import type { Answer } from '#shared/protocol/link.ts'
import { type Context, isoNow, type Later, refusal } from './context.ts'
import { faultOfStep } from './fault.ts'
import { courseOf, digestOf, heldBecause, isRead, type Judgement } from './judge.ts'
import type { Ask, Tx } from './ports.ts'

/** How long an action of unknown outcome makes the next one like it wait for a person. */
export const DOUBT_MS = 60 * 60_000

/** The API door reports no outcomes, and doubt is for what the rules let go. */
export function untracked({ descriptor, decision }: Judgement): Ask['outcome'] {
  return descriptor.door !== 'api' && decision.mode === 'enforce' ? null : 'unknown'
}

/** An action whose like was let go and never heard of again waits for a person. */
export function doubted(context: Context, tx: Tx, judgement: Judgement): Judgement {
  if (courseOf(judgement) !== 'go' || isRead(judgement) || judgement.decision.mode !== 'enforce')
    return judgement
  const since = new Date(context.clock.now() - DOUBT_MS).toISOString()
  // Nearly always there is no doubt about anything, and so no need for the digest.
  if (!tx.anyDoubt(since) || !tx.inDoubt(digestOf(judgement.descriptor), since)) return judgement
  return heldBecause(
    judgement,
    'doubt',
    'the same action was let go before, and nobody knows whether it happened',
  )
}

/** The answer to an id that was let go before: never again, and the outcome is in doubt. */
export function releasedBefore(context: Context, tx: Tx, later: Later, earlier: Ask): Answer {
  if (earlier.outcome === null && earlier.release !== null) {
    const why = 'asked again after it was let go'
    const entry = tx.append({
      at: isoNow(context),
      kind: 'outcome',
      actor: 'companion',
      hold: earlier.hold,
      run: null,
      body: {
        requestId: earlier.requestId,
        audit: earlier.release,
        evidence: { outcome: 'unknown', error: why },
      },
    })
    tx.putAsk({ ...earlier, outcome: 'unknown', doubt: true })
    faultOfStep(context, tx, later, { audit: earlier.release, kind: 'unknown', entry: entry.id })
  }
  const message =
    'this was let go before and is never let go twice; see whether it happened, and start it anew if it did not'
  return refusal({ code: 'already_released', message })
}
