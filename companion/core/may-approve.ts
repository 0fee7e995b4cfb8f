import type { Context } from './context.ts'
import type { Refusal } from './hold.ts'
import { lacksRole } from './people.ts'
import type { StoredHold } from './ports.ts'
import type { VerdictRequest } from './verdict.ts'

/** Why this person may not approve this hold; null where they may. Only where the policy names people:
 * elsewhere whoever has a supervisor's token may approve everything. Denying is for everybody. */
export function approverProblem(
  context: Context,
  { hold, asker }: StoredHold,
  { name, by }: Pick<VerdictRequest, 'name' | 'by'>,
): Refusal | null {
  const policy = context.policy.current()
  if (policy.people === null) return null
  const { run, door } = hold.descriptor
  const starter = run === undefined ? undefined : context.starters.get(run.id)
  // Over the API whoever asks acts.
  if (starter === name || (door === 'api' && asker === by.id)) {
    const message = `\`${name}\` started this run, and nobody approves what they started; ask somebody else`
    return { code: 'own_run', message }
  }
  const role = hold.decision.approver
  return role === undefined ? null : lacksRole(policy, name, role)
}
