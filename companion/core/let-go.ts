import { runOf, stepOf } from '#shared/policy/step.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Context, Later } from './context.ts'
import { trip } from './error-rate.ts'
import type { Considered, Judgement } from './judge.ts'
import { numberOf } from './ledger.ts'
import { textHash } from './past.ts'
import type { StoredHold, Tx } from './ports.ts'
import type { Weighed } from './weigh.ts'

/** Counts an action that is let go as `audit`, in the transaction of that entry, and spends what let it
 * go. In shadow mode it counts where it would have been let go. */
export function countStep(
  context: Context,
  tx: Tx,
  later: Later,
  weighed: Weighed,
  audit: string,
): void {
  const { judgement, policy, facts, promotion } = weighed
  const { decision, descriptor, classification } = judgement
  if (!isStep(judgement)) return
  const step = stepOf(policy, decision, descriptor, classification, facts, audit)
  context.ledger.add(tx, step, runOf(descriptor), later)
  if (decision.mode !== 'enforce') return
  const promoted = promotion === null ? null : tx.promotion(promotion)
  if (promoted) tx.putPromotion({ ...promoted, spent: audit })
  expectReviews(tx, weighed, audit)
  trip(context, tx, later, policy, step.keys)
}

/** Counts an approved hold that an entry releases. A person's approval is counted, and is never
 * refused for what has gone before. What the person approved is a clean review until something else is
 * heard of it. */
export function countRelease(
  context: Context,
  tx: Tx,
  later: Later,
  { hold }: StoredHold,
  { judgement, policy, facts }: Considered,
  { id: audit, at }: Pick<AuditEntry, 'id' | 'at'>,
): void {
  const { descriptor, classification } = judgement
  const decision: Decision = { ...hold.decision, mode: 'enforce' }
  const now = context.ledger.now(tx, Date.parse(at))
  const of = { ...facts, now }
  const step = stepOf(policy, decision, descriptor, classification, of, audit)
  context.ledger.add(tx, step, runOf(descriptor), later)
  tx.settleReviews(hold.auditId, { audit, result: 'clean', seq: numberOf(audit), at: now })
  trip(context, tx, later, policy, step.keys)
}

/** What comes of this action speaks for or against the rules that have yet to earn their effect, or may
 * lose it again: on the terms that they have now. */
export function expectReviews(
  tx: Tx,
  { judgement, policy, facts }: Considered,
  audit: string,
): void {
  const { decision } = judgement
  const ids = new Set([...decision.rules, ...(decision.earning ? [decision.earning.rule] : [])])
  for (const id of ids) {
    const rule = policy.byId.get(id)
    if (rule?.effect !== 'allow' || rule.earned === null) continue
    const terms = textHash(rule.terms)
    const seq = numberOf(audit)
    tx.putReview({ audit, rule: id, terms, seq, at: facts.now, result: 'none' })
  }
}

function isStep({ decision }: Judgement): boolean {
  if (decision.pattern === 'read') return false
  return decision.mode !== 'shadow' || decision.kind === 'allow'
}
