import type { Hold } from '#shared/protocol/hold.ts'
import { visible } from './visible.ts'

/** Who has to approve and who has, in one sentence: "1 of 2: Alice (finance-lead) approved; one more
 * finance-lead has to". Empty where any supervisor's word is enough. */
export function approvalsSay({
  decision,
  approvals = [],
  state,
}: Pick<Hold, 'decision' | 'approvals' | 'state'>): string {
  const wanted = decision.people ?? 1
  const role = decision.approver === undefined ? null : visible(decision.approver, { limit: 60 })
  if (wanted === 1) return role === null ? '' : `${article(role)} ${role} has to approve it`
  if (approvals.length === 0)
    return `${capital(NUMBERS[wanted] ?? String(wanted))} different people have to approve it${role === null ? '' : `, each as ${role}`}`
  const missing = state === 'pending' ? Math.max(0, wanted - approvals.length) : 0
  const has = `${approvals.length} of ${wanted}: ${list(approvals.map(approver))} approved`
  return missing === 0 ? has : `${has}; ${needs(missing, role)}`
}

/** Whether `you` have approved it already, and somebody else has to as well. */
export function approvedBy(hold: Pick<Hold, 'approvals' | 'state'>, you: string): boolean {
  return hold.state === 'pending' && (hold.approvals ?? []).some(({ by }) => by === you)
}

function approver({ by, role }: { by: string; role?: string | undefined }): string {
  const name = visible(by, { limit: 40 })
  return role === undefined ? name : `${name} (${visible(role, { limit: 60 })})`
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

function needs(count: number, role: string | null): string {
  const number = NUMBERS[count] ?? String(count)
  if (count === 1) return `one more ${role ?? 'person'} has to`
  return `${number} more people${role === null ? '' : ` who are ${role}`} have to`
}

function article(noun: string): string {
  return /^[aeiou]/i.test(noun) ? 'An' : 'A'
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
