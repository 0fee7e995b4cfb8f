import { describe, expect, it } from 'vitest'
import { readCases, runCases } from '#shared/policy/cases.ts'
import { load } from '#shared/policy/load.ts'
import { facts } from './arbitrary.ts'

describe('a case says what happened before', () => {
  const policy = `
version: 1
rules:
  - id: refunds
    effect: allow
    on: { verb: refund, amount: { max: 50 USD } }
    acknowledge: financial
    limit: 3/hour
    suggest: Draft it instead.
  - id: proven
    effect: allow
    on: { verb: archive }
    earned: { reviews: 200, promote: auto }
  - id: undoable
    effect: allow
    on: { verb: move, reversible: true }
    undo: { recipe: back, verified: 30d }
  - id: vip
    effect: allow
    on: { verb: call }
    if: context.crm.state == "active"
undo: { back: { url: "{page.url}", steps: [{ click: Undo }] } }
duplicates: { within: 1h, max: 3 }
sandbox: { https://crm.example.com: https://staging.example.com }
context: { crm: { file: crm.json, gives: { state: string } } }
approvers: { financial: [{ role: lead, people: 2 }] }
`
  const results = (cases: string) => {
    const loaded = load(policy)
    const found = readCases(cases)
    if (!loaded.ok || !found.ok) throw new Error(JSON.stringify([loaded, found]))
    return runCases(loaded.policy, found.cases, facts, () => expect.unreachable())
  }

  it('and expects what follows from it', () => {
    const refund =
      '{ verb: refund, capability: transact, category: financial, amount: 25 USD, recipients: [ann@example.com] }'
    const other =
      '{ verb: refund, capability: transact, category: financial, amount: 40 USD, recipients: [bob@example.com] }'
    const cases = `
- { name: the first, action: ${refund}, decision: allow, like: false }
- name: the third like it
  action: ${refund}
  before: [{ times: 2, ago: 10m, run: other }]
  decision: hold
  pattern: duplicate
  like: true
  people: 2
  approver: lead
- name: out of time
  action: ${refund}
  before: [{ times: 2, ago: 1h }]
  decision: allow
- name: used up by others
  action: ${refund}
  before: [{ ago: 20m }, { action: ${other}, times: 2, ago: 30m }]
  decision: hold
  pattern: rate-limit
  retry_after: 1800
  batch: limit refunds
  suggest: Draft it instead.
- { name: earning, action: { verb: archive }, reviews: { proven: { clean: 143 } }, decision: hold, earning: 143 of 200 }
- { name: earned, action: { verb: archive }, reviews: { proven: { clean: 200 } }, decision: allow }
- { name: verified, action: { verb: move, effect: reversible }, verified: { back: 29d }, decision: allow }
- { name: too old, action: { verb: move, effect: reversible }, verified: { back: 31d }, decision: hold, pattern: undo-unverified }
- { name: known, action: { verb: call }, context: { crm: { state: active } }, decision: allow }
- { name: unknown, action: { verb: call }, decision: hold, pattern: context }
- name: promoted
  action: { verb: call, url: https://crm.example.com/1 }
  promoted: [{ verb: call, url: https://staging.example.com/1 }]
  decision: allow
  pattern: sandbox
- { name: not promoted, action: { verb: call, url: https://crm.example.com/1 }, context: { crm: { state: active } }, decision: hold, pattern: sandbox }
`
    for (const { name, differences } of results(cases))
      expect([name, differences]).toEqual([name, []])
  })

  it('in order of time, however it is written', () => {
    const loaded = load('{version: 1, rules: [{id: a, effect: allow, limit: [1/hour, 2/day]}]}')
    const found = readCases(
      '- { name: x, action: {}, before: [{ ago: 10m }, { ago: 70m }], decision: hold, retry_after: 82200 }\n',
    )
    if (!loaded.ok || !found.ok) return expect.unreachable()
    const [result] = runCases(loaded.policy, found.cases, facts, () => expect.unreachable())
    expect(result?.differences).toEqual([])
  })

  it('and fails where it names what the policy does not have', () => {
    const cases =
      '- { name: x, action: {}, decision: hold, reviews: { refunds: { clean: 1 } }, verified: { bak: 1d }, context: { erp: {} } }\n'
    expect(results(cases)[0]?.differences).toEqual([
      'reviews: no rule `refunds` with `earned`',
      'verified: no recipe `bak`',
      'context: no provider `erp`',
    ])
  })

  it('and fails where one of its new words comes out differently', () => {
    const cases =
      '- { name: x, action: {}, decision: hold, retry_after: 5, suggest: y, like: true, people: 2, batch: z, earning: 1 of 2 }\n'
    expect(results(cases)[0]?.differences).toEqual([
      'people: expected 2, got 1',
      'suggest: expected y, got none',
      'retry_after: expected 5, got none',
      'batch: expected z, got none',
      'like: expected true, got false',
      'earning: expected "1 of 2" in ""',
    ])
  })
})
