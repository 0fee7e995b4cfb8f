import type { Hold, Verdict } from '#shared/protocol/hold.ts'
import type { PolicyUse, Promotion, StagedAction, StagedPage } from '#shared/protocol/oversight.ts'
import { hold } from './dashboard-holds.ts'

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

/** A refund of `amount` dollars to `who` that a used-up limit put into a batch. */
export function batched(id: string, who: string, amount: number): Hold {
  return hold(id, 4, {
    descriptor: {
      terms: {
        amounts: [{ currency: 'USD', minor: amount * 100, text: `$${amount}.00` }],
        recipients: [who],
        rows: null,
      },
    },
    decision: {
      pattern: 'rate-limit',
      reason: 'Rule `small-refunds` allows 25 in an hour and 25 have gone, so a person decides',
      wouldNeed: ['no more than 25/hour by rule `small-refunds` (25 have gone)'],
      retryAfter: 960,
      batch: 'limit small-refunds',
    },
    hold: { expiresAt: new Date(Date.now() + 86_000_000).toISOString() },
  })
}

export function batch(): Hold[] {
  return [
    batched('hold_31', 'Ana Silva', 40),
    batched('hold_32', 'Bruno Costa', 12),
    batched('hold_33', 'Chiara Neri', 49),
    batched('hold_34', 'Dmitri Volkov-Konstantinopolski', 5),
  ]
}

export function approval(by: string, role: string): Verdict {
  return { verdict: 'approve', by, role, surface: 'dashboard', from: '127.0.0.1', at: ago(2) }
}

/** A large refund that two people have to approve, some of whom have. */
export function forTwo(id: string, approvals: Verdict[] = []): Hold {
  return hold(id, 9, {
    decision: {
      pattern: 'threshold',
      reason: 'The amount 3,400 USD is above the 50 USD that rule `small-refunds` allows',
      approver: 'finance-lead',
      people: 2,
    },
    hold: {
      approvals,
      expiresAt: new Date(Date.now() + 500_000).toISOString(),
      scope: 'Answer support mail, refund small amounts. No bulk deletes.',
    },
  })
}

/** The third refund like two before it, by a rule that has yet to earn its effect. */
export function alike(id: string): Hold {
  return hold(id, 1, {
    decision: {
      pattern: 'duplicate',
      reason: 'This is the 3rd refund like it within 1h, so a person decides',
      like: ['hp_12', 'hp_15'],
      suggest: 'Draft the reply and leave the refund to support.',
      earning: {
        rule: 'small-refunds',
        reviews: 143,
        of: 200,
        errors: 0,
        errorsAllowed: 0,
        proposed: false,
      },
    },
  })
}

export function use(parts: Partial<PolicyUse> = {}): PolicyUse {
  return {
    phase: 'expanded',
    uses: [
      {
        kind: 'limit',
        rule: 'small-refunds',
        says: 'allows transactions (refund) of at most 50 USD',
        used: 25,
        max: 25,
        window: 'an hour',
        retryAfter: 700,
      },
      {
        kind: 'limit',
        rule: null,
        says: 'messages and publications, counted by agent',
        used: 18,
        max: 40,
        window: 'an hour',
        of: 'support',
      },
      {
        kind: 'budget',
        rule: 'small-refunds',
        says: 'allows transactions (refund) of at most 50 USD',
        used: 120_000,
        max: 200_000,
        currency: 'USD',
        window: 'a day',
      },
      { kind: 'ceiling', rule: null, says: 'all steps', used: 48, max: 50, window: 'a run' },
    ],
    earned: [
      {
        rule: 'small-refunds',
        reviews: 143,
        of: 200,
        errors: 0,
        errorsAllowed: 0,
        proposed: false,
        accepted: false,
        allowed: false,
      },
    ],
    sandbox: [],
    nextReview: new Date(Date.now() + 40 * 86_400_000).toISOString(),
    ...parts,
  }
}

export const SANDBOX = [
  { production: 'https://crm.example.com', staging: 'https://staging.crm.example.com' },
]

export function staged(entry: string, name: string, minutes: number, run = 'run_1'): StagedAction {
  const { descriptor, classification } = hold('hold_1', minutes, {
    descriptor: {
      run: { id: run, name: run === 'run_1' ? 'support-bot' : 'nightly import', agent: 'support' },
      page: { url: 'https://staging.crm.example.com/contacts', title: 'Contacts', top: true },
      form: {
        method: 'post',
        action: 'https://staging.crm.example.com/contacts/7',
        fields: [{ label: 'Phone', name: 'phone', type: 'tel', value: '+351 912', secret: false }],
      },
      target: {
        ...{ role: 'button', name: 'Save', tag: 'button', path: 'form > button', hints: [] },
        row: `${name} +351 912`,
      },
      terms: { amounts: [], recipients: [], rows: null },
    },
    classification: {
      capability: 'update',
      category: 'other',
      effect: 'reversible',
      verb: undefined,
    },
  })
  return { entry, at: ago(minutes), run, descriptor, classification }
}

export function stagedPage(): StagedPage {
  return {
    sandbox: SANDBOX,
    actions: [
      staged('hp_44', 'Ana Silva', 12),
      staged('hp_41', 'Bruno Costa', 14),
      staged('hp_38', 'Chiara Neri', 17),
      staged('hp_20', 'Dora Klein', 300, 'run_3'),
    ],
  }
}

export function promotions(): Promotion[] {
  const made = { at: ago(30), by: 'ana', note: 'compared with the ticket' }
  const until = new Date(Date.now() + 3_000_000).toISOString()
  return [
    { id: 'hp_11', action: staged('hp_11', 'Eva Lund', 90), ...made, until, state: 'unspent' },
    {
      ...{ id: 'hp_9', action: staged('hp_9', 'Finn Berg', 95), ...made, until },
      ...{ state: 'spent', spent: 'hp_40' },
    },
    { id: 'hp_7', action: null, ...made, until, state: 'revoked' },
  ]
}
