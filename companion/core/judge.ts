import { hash } from 'node:crypto'
import { bindings } from '#shared/protocol/binding.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Change, Hold } from '#shared/protocol/hold.ts'
import type { Context } from './context.ts'

/** A Descriptor with what the classifier and the policy make of it now. */
export interface Judgement {
  descriptor: Descriptor
  classification: Classification
  decision: Decision
}

/** Classifies and decides. The door's own classification is never taken over: no page is trusted. */
export function judge(context: Context, descriptor: Descriptor): Judgement {
  const classification = context.classify(descriptor)
  const decided = context.policy.decide(descriptor, classification, context.clock.now())
  return { descriptor, classification, decision: context.breaker.tighten(decided) }
}

/** What happens to the action. Observe and shadow bind execute steps only: a read passes. */
export function courseOf(judgement: Judgement): 'go' | 'hold' | 'deny' | 'shadow' {
  const { kind, mode } = judgement.decision
  if (isRead(judgement) || mode === 'observe') return 'go'
  if (mode === 'shadow') return 'shadow'
  return kind === 'allow' ? 'go' : kind
}

export function isRead({ classification, decision }: Judgement): boolean {
  return classification.capability === 'read' && decision.kind === 'allow'
}

/** The same judgement, to be put to a person after all. */
export function heldBecause(judgement: Judgement, reason: string): Judgement {
  const decision: Decision = { ...judgement.decision, kind: 'hold', pattern: 'review-gate', reason }
  return { ...judgement, decision }
}

/** Where the same terms are judged otherwise than when they were approved: hints are not bound, but
 * what they make of the action is, and so is who has to approve it. */
export function judgedOtherwise(hold: Hold, now: Judgement): Change[] {
  const was = { ...hold.classification, ...hold.decision }
  const is = { ...now.classification, ...now.decision }
  const terms = ['capability', 'category', 'effect', 'approver'] as const
  return terms
    .filter((term) => was[term] !== is[term])
    .map((term) => ({ term, before: was[term] ?? '', after: is[term] ?? '' }))
}

/** Hash of all that an approval binds: equal for the same action on the same terms. */
export function digestOf(descriptor: Descriptor): string {
  return hash('sha256', JSON.stringify([...bindings(descriptor)]))
}
