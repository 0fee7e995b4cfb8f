import { describe, expect, it } from 'vitest'
import { decide } from '#shared/policy/decide.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { act, facts, policyOf } from './arbitrary.ts'

type Acting = ReturnType<typeof act>

function judge(text: string, { descriptor, classification }: Acting, context?: object) {
  const known = context === undefined ? facts : { ...facts, context: { ...context } }
  return decide(policyOf(text), descriptor, classification, known)
}

function having(rest: Partial<Descriptor>, action = act()): Acting {
  return { ...action, descriptor: { ...action.descriptor, ...rest } }
}

const one = (rest: string, more = '') => `{version: 1, rules: [{id: a, ${rest}}] ${more}}`

describe('a threshold', () => {
  const money = (...amount: string[]) =>
    act({ capability: 'transact', category: 'financial', amount })
  const refunds = one(
    'effect: allow, acknowledge: [financial], on: {amount: {max: 50 USD}}, tell: Too much., suggest: Ask for 50.',
  )

  it('says by how much, in plain words, and what the agent can do instead', () => {
    expect(judge(refunds, money('340 USD'))).toMatchObject({
      kind: 'hold',
      pattern: 'threshold',
      reason: '340 USD is above the 50 USD that rule `a` allows, so a person decides',
      tell: 'Too much.',
      suggest: 'Ask for 50.',
    })
  })

  it.each([
    [money('5 EUR'), '5 EUR is in another currency and counts as above the 50 USD that'],
    [money('about 5'), 'An amount that nobody can tell counts as above the 50 USD that'],
    [money(), 'An amount that nobody can tell counts as above the 50 USD that'],
  ])('takes what it cannot compare as above', (action, words) => {
    expect(judge(refunds, action)).toMatchObject({
      pattern: 'threshold',
      reason: expect.stringContaining(words),
    })
  })

  it.each([
    ['rows: {max: 10}', act({ rows: 12 }), '12 rows are above the 10 rows that rule `a`'],
    ['rows: {max: 10}', act(), 'A number of rows that nobody can tell counts as above the 10 rows'],
    ['rows: {min: 2}', act({ rows: 1 }), '1 row is below the least, the 2 rows that'],
    [
      'recipient_count: {max: 1}',
      act({ recipients: ['a@a.example', 'b@a.example'] }),
      '2 recipients are above the 1 recipient that',
    ],
    [
      'bytes: {max: 2 MB}',
      having({ terms: { amounts: [], recipients: [], rows: null, bytes: 2_400_000 } }),
      '2.4 MB is above the 2 MB that',
    ],
    [
      'bytes: {max: 2 MB}',
      having({ terms: { amounts: [], recipients: [], rows: null, bytes: null } }),
      'A size that nobody can tell counts as above the 2 MB that',
    ],
  ])('of %s', (on, action, words) => {
    const decision = judge(one(`effect: allow, on: {${on}}`), action)
    expect(decision).toMatchObject({ pattern: 'threshold', reason: expect.stringContaining(words) })
  })

  it('is not the reason where something else is missing too', () => {
    const other = one('effect: allow, on: {rows: {max: 1}, name: Send}')
    expect(judge(other, act({ rows: 2 })).pattern).toBe('review-gate')
    const condition = one('effect: allow, on: {rows: {max: 1}}, if: "target.name == \'x\'"')
    expect(judge(condition, act({ rows: 2 })).pattern).toBe('review-gate')
    const unacknowledged = one('effect: allow, on: {rows: {max: 1}}')
    expect(judge(unacknowledged, act({ rows: 2, category: 'deletion' })).pattern).toBe(
      'review-gate',
    )
  })
})

describe('a phase', () => {
  const rules =
    'rules: [{id: plain, effect: allow}, {id: undoable, effect: allow, on: {reversible: true}}, {id: proven, effect: allow, on: {verb: x}, earned: {reviews: 1}}]'
  const text = (phase: string) => `{version: 1, phase: ${phase}, ${rules}}`
  const change = act({ effect: 'reversible', undo: 'Edit > Undo', verb: 'x' })

  it('assisted leaves every execute step to a person, and names the rules that would allow it', () => {
    const decision = judge(text('assisted'), change)
    expect(decision).toMatchObject({
      kind: 'hold',
      pattern: 'phase',
      rules: ['plain', 'proven', 'undoable'],
      wouldNeed: ['`phase: selective` in the policy'],
    })
    expect(decision.reason).toContain(
      'In phase `assisted` a person decides about every execute step',
    )
    expect(judge(text('assisted'), act({ capability: 'read', effect: 'none' })).kind).toBe('allow')
  })

  it('selective lets go by what can be undone and what has to be earned', () => {
    expect(judge(text('selective'), change)).toMatchObject({
      kind: 'allow',
      rules: ['proven', 'undoable'],
    })
    expect(judge(text('selective'), act({ effect: 'irreversible' }))).toMatchObject({
      kind: 'hold',
      pattern: 'phase',
      rules: ['plain'],
      wouldNeed: ['`phase: expanded` in the policy'],
    })
  })

  it('expanded lets go by every allow rule', () => {
    expect(judge(text('expanded'), act()).kind).toBe('allow')
  })

  it('denies what is denied in every phase', () => {
    const deny = one('effect: deny', ', phase: assisted')
    expect(judge(deny, act()).kind).toBe('deny')
  })
})

describe('context', () => {
  const crm =
    ', context: {crm: {file: crm.json, gives: {state: string, open: int, vip: bool, score: double, roles: list}}}'
  const when = (effect: string, condition: string) =>
    one(`effect: ${effect}, if: '${condition}'`, crm)

  it.each([
    'context.crm.state == "active"',
    'context.crm.open > 2 && context.crm.open + 1 == 4',
    'context.crm.vip',
    'context.crm.score < 1.0',
    '"sales" in context.crm.roles',
    'has(context.crm.state)',
  ])('is read in conditions, typed: %s', (condition) => {
    const known = { crm: { state: 'active', open: 3, vip: true, score: 0.5, roles: ['sales'] } }
    expect(judge(when('allow', condition), act(), known).kind).toBe('allow')
  })

  it('that is missing makes an allow rule not apply, and the hold says which', () => {
    const decision = judge(when('allow', 'context.crm.vip'), act())
    expect(decision).toMatchObject({
      kind: 'hold',
      pattern: 'context',
      reason: 'Rule `a` does not apply because `context.crm` is not known now, so a person decides',
      wouldNeed: ['`context.crm` to be known', '`context.crm.vip` to be true'],
    })
  })

  it('that is missing counts as matched in a hold and in a deny rule', () => {
    for (const kind of ['hold', 'deny'])
      expect(judge(when(kind, 'context.crm.vip'), act())).toMatchObject({
        kind,
        pattern: 'context',
        reason: 'Rule `a` counts as matched because `context.crm` is not known now',
      })
  })

  it.each([
    ['a fact that it did not give', {}],
    ['a fact of another type', { state: 3 }],
    ['no map at all', 'active'],
    ['null', null],
  ])('with %s is an error, never quietly false', (_, answer) => {
    expect(judge(when('deny', 'context.crm.state == "x"'), act(), { crm: answer })).toMatchObject({
      kind: 'deny',
      pattern: 'condition-error',
    })
  })

  it('asks only the providers that a condition reads', () => {
    const rule = policyOf(when('deny', 'context.crm.vip || target.name == "context.erp"')).rules[0]
    expect(rule?.condition?.providers).toEqual(['crm'])
    expect(policyOf(when('deny', 'verb == "x"')).rules[0]?.condition?.providers).toEqual([])
  })
})

it('a hold rule hands its suggestion to the agent, and a deny rule too', () => {
  for (const effect of ['hold', 'deny'])
    expect(judge(one(`effect: ${effect}, suggest: Draft it., tell: No.`), act())).toMatchObject({
      suggest: 'Draft it.',
      tell: 'No.',
    })
})
