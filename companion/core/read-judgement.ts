import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { Classification } from '#shared/protocol/classification.ts'
import { Decision } from '#shared/protocol/decision.ts'
import { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Judgement } from './judge.ts'
import type { Store } from './ports.ts'

/** The judgement by which an entry let something go: its own, or that of the hold that was released.
 * Null where there is none, or none that this version can read. */
export async function judgedIn(store: Store, entry: AuditEntry): Promise<Judgement | null> {
  if (entry.kind === 'decision') return judgementOf(entry)
  if (entry.kind !== 'release' || entry.hold === null) return null
  const stored = await store.hold(entry.hold)
  if (!stored) return null
  const { descriptor, classification, decision } = stored.hold
  const released = Descriptor.safeParse(entry.body.descriptor)
  return { descriptor: released.success ? released.data : descriptor, classification, decision }
}

/** What a decision's entry says. */
export function judgementOf({ body }: AuditEntry): Judgement | null {
  const descriptor = Descriptor.safeParse(body.descriptor)
  const classification = Classification.safeParse(body.classification)
  const decision = Decision.safeParse(body.decision)
  if (!descriptor.success || !classification.success || !decision.success) return null
  return {
    descriptor: descriptor.data,
    classification: classification.data,
    decision: decision.data,
  }
}
