import { putApprover } from '#shared/policy/approver.ts'
import { restrain } from '#shared/policy/restrain.ts'
import { subjectOf } from '#shared/policy/staged.ts'
import { runOf } from '#shared/policy/step.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Context } from './context.ts'
import { doubted } from './doubt.ts'
import type { Considered } from './judge.ts'
import { past } from './past.ts'
import type { Tx } from './ports.ts'
import { scopesOf } from './scopes.ts'

/** What is done with an action in this transaction. `facts.now` is the ledger's time. */
export interface Weighed extends Considered {
  /** The promotion to be spent where it is let go. */
  promotion: string | null
  /** When, by the wall clock: ISO 8601, for the entry. */
  at: string
}

/** Stage 4, second half: what the policy decided, with all that has happened before. An open breaker
 * and a doubt about an earlier release tighten it, then limits, ceilings, duplicates and the like. Has
 * to run in the transaction that records what follows, so that no two of them count the same. */
export function weigh(context: Context, tx: Tx, considered: Considered): Weighed {
  const { policy, judgement } = considered
  const wall = context.clock.now()
  const at = new Date(wall).toISOString()
  if (judgement.decision.pattern === 'read') return { ...considered, promotion: null, at }
  const { descriptor, classification } = judgement
  const now = context.ledger.now(tx, wall)
  const facts = { ...considered.facts, now }
  const scopes = context.breaker.scoped(tx) ? scopesOf({ ...considered, facts }) : []
  const decided = context.breaker.tighten(judgement.decision, scopes)
  const stopped = doubted(context, tx, { ...judgement, decision: decided })
  const { mode } = stopped.decision
  const run = runOf(descriptor)
  const history = past(context.ledger, tx, { policy, mode, run, now })
  const { decision, promotion } = restrain(
    policy,
    stopped.decision,
    descriptor,
    classification,
    facts,
    history,
  )
  const named = withApprover({ policy, facts, judgement: { ...judgement, decision } })
  const spent = mode === 'enforce' ? promotion : null
  return { policy, facts, judgement: { ...judgement, decision: named }, promotion: spent, at }
}

/** Whatever is held is for the policy's approver, also where it was no rule that held it. */
function withApprover({ policy, facts, judgement }: Considered): Decision {
  const { decision, descriptor, classification } = judgement
  const named = policy.approvers[classification.category] !== undefined
  if (decision.kind !== 'hold' || decision.approver !== undefined || !named) return decision
  const made = { ...decision, wouldNeed: [...decision.wouldNeed] }
  putApprover(policy, subjectOf(policy, descriptor, classification, facts), made)
  return made
}
