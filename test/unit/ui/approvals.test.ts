import { describe, expect, it } from 'vitest'
import type { Hold, Verdict } from '#shared/protocol/hold.ts'
import { approvalsSay, approvedBy } from '#shared/ui/approvals.ts'

type Parts = Pick<Hold, 'decision' | 'approvals' | 'state'>

function held(
  decision: Partial<Hold['decision']>,
  approvals?: string[],
  state: Hold['state'] = 'pending',
): Parts {
  return {
    state,
    decision: {
      ...{ kind: 'hold', rules: [], reason: 'r', pattern: 'review-gate', mode: 'enforce' },
      ...{ wouldNeed: [], policyVersion: 'v' },
      ...decision,
    },
    ...(approvals ? { approvals: approvals.map((by) => approval(by, decision.approver)) } : {}),
  }
}

function approval(by: string, role?: string): Verdict {
  const at = '2026-11-21T09:00:00Z'
  return { verdict: 'approve', by, surface: 'dashboard', at, ...(role ? { role } : {}) }
}

const lead = { approver: 'finance-lead', people: 2 }

describe('approvalsSay', () => {
  it.each([
    [held({}), ''],
    [held({ approver: 'account-owner' }), 'An account-owner has to approve it'],
    [held({ approver: 'finance-lead' }), 'A finance-lead has to approve it'],
    [held(lead), 'Two different people have to approve it, each as finance-lead'],
    [held(lead, ['Alice']), '1 of 2: Alice (finance-lead) approved; one more finance-lead has to'],
    [
      held(lead, ['Alice', 'Bob'], 'approved'),
      '2 of 2: Alice (finance-lead) and Bob (finance-lead) approved',
    ],
    [held({ people: 3 }, ['Alice']), '1 of 3: Alice approved; two more people have to'],
    [held({ people: 2 }, ['Alice']), '1 of 2: Alice approved; one more person has to'],
    [held(lead, ['Alice'], 'expired'), '1 of 2: Alice (finance-lead) approved'],
  ])('says who has to, and who has (%#)', (hold, says) => {
    expect(approvalsSay(hold)).toBe(says)
  })

  it('shows a name that hides letters for what it is', () => {
    expect(approvalsSay(held(lead, ['Al\u202Eice']))).toContain('Al⟦U+202E⟧ice')
  })
})

describe('approvedBy', () => {
  it('is true for who has approved what still waits for others', () => {
    expect(approvedBy(held(lead, ['Alice']), 'Alice')).toBe(true)
    expect(approvedBy(held(lead, ['Alice']), 'Bob')).toBe(false)
    expect(approvedBy(held(lead), 'Alice')).toBe(false)
    expect(approvedBy(held(lead, ['Alice', 'Bob'], 'approved'), 'Alice')).toBe(false)
  })
})
