import { hash } from 'node:crypto'
import type { Facts, Policy } from '#shared/policy/policy.ts'
import { bindings } from '#shared/protocol/binding.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Decision, Pattern } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Change, Hold } from '#shared/protocol/hold.ts'
import type { Context } from './context.ts'
import type { ContextFacts } from './ports.ts'

/** A Descriptor with what the classifier and the policy make of it now. */
export interface Judgement {
  descriptor: Descriptor
  classification: Classification
  decision: Decision
}

/** A Judgement with what it was made by, for what has happened before to be weighed (weigh.ts). */
export interface Considered {
  judgement: Judgement
  policy: Policy
  facts: Facts
}

/** Classifies and decides, with what the policy's context providers know of the action; a promise only
 * where one is asked. The door's own classification is never taken over: no page is trusted. */
export function consider(
  context: Context,
  descriptor: Descriptor,
): Considered | Promise<Considered> {
  const classification = context.classify(descriptor)
  const asked = context.facts?.(descriptor, classification)
  // Another policy may be in force once they have answered: what it asks for and was not asked is
  // unknown.
  return asked
    ? asked.then((facts) => considered(context, descriptor, classification, facts))
    : considered(context, descriptor, classification)
}

function considered(
  { policy, clock }: Context,
  descriptor: Descriptor,
  classification: Classification,
  known?: ContextFacts,
): Considered {
  const now = clock.now()
  const decision = policy.decide(descriptor, classification, now, known)
  const facts = { now, policyVersion: policy.version(), ...(known ? { context: known } : {}) }
  return { judgement: { descriptor, classification, decision }, policy: policy.current(), facts }
}

/** A judgement for what is no step: a read. */
export function judge(context: Context, descriptor: Descriptor): Judgement | Promise<Judgement> {
  const found = consider(context, descriptor)
  const stopped = ({ judgement }: Considered): Judgement => {
    const decision = context.breaker.tighten(judgement.decision, [])
    return decision === judgement.decision ? judgement : { ...judgement, decision }
  }
  return found instanceof Promise ? found.then(stopped) : stopped(found)
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
export function heldBecause(judgement: Judgement, pattern: Pattern, reason: string): Judgement {
  const decision: Decision = { ...judgement.decision, kind: 'hold', pattern, reason }
  return { ...judgement, decision }
}

/** Where the same terms are judged otherwise than when they were approved: hints are not bound, but
 * what they make of the action is, and so is who has to approve it, where somebody has to. */
export function judgedOtherwise(hold: Hold, now: Judgement): Change[] {
  const was = { ...hold.classification, ...hold.decision }
  const is = { ...now.classification, ...now.decision }
  const approvers = now.decision.kind === 'hold' ? (['approver', 'people'] as const) : []
  const terms = ['capability', 'category', 'effect', ...approvers] as const
  return terms
    .filter((term) => was[term] !== is[term])
    .map((term) => ({ term, before: String(was[term] ?? ''), after: String(is[term] ?? '') }))
}

/** Hash of all that an approval binds: equal for the same action on the same terms. */
export function digestOf(descriptor: Descriptor): string {
  return hash('sha256', JSON.stringify([...bindings(descriptor)]))
}
