import type { Judgement } from '#companion/core/judge.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { StagedAction } from '#shared/protocol/oversight.ts'

/** What was let go under an entry, as a page shows it. */
export function stagedAction(
  { id, at, run }: AuditEntry,
  { descriptor, classification }: Judgement,
): StagedAction {
  return { entry: id, at, run: run ?? descriptor.run?.id ?? null, descriptor, classification }
}
