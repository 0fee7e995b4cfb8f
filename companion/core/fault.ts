import type { Context, Later } from './context.ts'
import { trip } from './error-rate.ts'
import { numberOf } from './ledger.ts'
import type { StoredHold, Tx } from './ports.ts'
import { noteIncident } from './review.ts'
import { scopesOf } from './scopes.ts'
import type { Fault } from './step-ports.ts'

/** Something went wrong with what was let go as `audit`; `entry` is the one that tells of it. Counts
 * against the breaker, and against whatever the action spoke for. Nothing of it for what was no step. */
export function faultOfStep(
  context: Context,
  tx: Tx,
  later: Later,
  { audit, kind, entry }: { audit: string; kind: Fault['kind']; entry: string },
): void {
  const step = tx.step(numberOf(audit))
  if (!step) return
  const at = context.ledger.now(tx, context.clock.now())
  const seq = numberOf(entry)
  context.ledger.addFault(tx, { seq, at, kind, step: step.seq, keys: [] }, later)
  // Nobody knows whether what is unknown was an error.
  if (kind !== 'unknown') tx.settleReviews(audit, { audit, result: 'error', seq, at })
  if (kind === 'failed') noteIncident(tx, entry)
  trip(context, tx, later, context.policy.current(), step.keys)
}

/** A person denied what was held. */
export function faultOfHold(
  context: Context,
  tx: Tx,
  later: Later,
  { hold }: StoredHold,
  entry: string,
): void {
  const at = context.ledger.now(tx, context.clock.now())
  const seq = numberOf(entry)
  const policy = context.policy.current()
  const facts = { now: at, policyVersion: hold.decision.policyVersion }
  const keys = ['all', ...scopesOf({ judgement: hold, policy, facts })]
  context.ledger.addFault(tx, { seq, at, kind: 'denied', step: null, keys }, later)
  tx.settleReviews(hold.auditId, { audit: hold.auditId, result: 'error', seq, at })
  trip(context, tx, later, policy, keys)
}

/** What was unknown is known now, and is no error. */
export function noFault(context: Context, tx: Tx, audit: string): void {
  context.ledger.dropFaults(tx, numberOf(audit), 'unknown')
}
