import { describe, expect, it } from 'vitest'
import type { Action } from '#shared/policy/action.ts'
import { explain } from '#shared/policy/explain.ts'
import { act, facts, Player, policyOf } from './arbitrary.ts'

const money: Partial<Action> = {
  capability: 'transact',
  category: 'financial',
  amount: ['30 USD'],
}

function explained(text: string, action = act(money)) {
  return explain(policyOf(text), action.descriptor, action.classification, facts)
}

describe('an explanation says what else may hold', () => {
  it('of the rules that match, each with how far it is', () => {
    const text =
      '{version: 1, rules: [{id: a, effect: allow, acknowledge: financial, limit: [5/hour, 9/run], budget: 50 USD/day}, {id: b, effect: allow, limit: 1/hour, on: {verb: x}}]}'
    const player = new Player(text)
    player.act(money)
    const { descriptor, classification } = act(money)
    const found = explain(player.policy, descriptor, classification, facts, player.history)
    expect(found.restraints).toEqual([
      { kind: 'limit', rule: 'a', says: '5 in an hour; 1 has gone', holds: false },
      { kind: 'limit', rule: 'a', says: '9 in a run; 1 has gone', holds: false },
      { kind: 'budget', rule: 'a', says: '50 USD in a day; 30 USD has gone', holds: true },
    ])
    expect(found.decision).toMatchObject({ kind: 'hold', pattern: 'budget' })
  })

  it('takes no budget of another currency for one that is used up', () => {
    const text =
      '{version: 1, rules: [{id: a, effect: allow, acknowledge: financial, budget: [50 USD/day, 10 EUR/day]}]}'
    const holds = ({ restraints }: ReturnType<typeof explained>) =>
      restraints.map((one) => one.holds)
    expect(holds(explained(text))).toEqual([false, false])
    expect(holds(explained(text, act({ ...money, amount: ['11 EUR'] })))).toEqual([false, true])
  })

  it('of the policy as a whole', () => {
    const text = `{version: 1, phase: selective, rules: [{id: a, effect: allow, acknowledge: financial}],
      limits: [{max: 3/hour, by: category, on: {capability: transact}}, {max: 1/hour, on: {verb: other}}],
      ceilings: {run: 4, day: {capability: {transact: 0}}, budget: {transact: 20 USD/day}},
      duplicates: {within: 1h, max: 3}}`
    expect(explained(text, act({ ...money, verb: 'refund' })).restraints).toEqual([
      {
        kind: 'phase',
        rule: null,
        says: 'selective: only what can be undone or what a rule has earned goes by rule',
        holds: true,
      },
      { kind: 'ceiling', rule: null, says: '4 steps in a run; 0 have gone', holds: false },
      {
        kind: 'ceiling',
        rule: null,
        says: '0 transact steps in a day; 0 have gone',
        holds: true,
      },
      { kind: 'budget', rule: null, says: '20 USD in a day; 0 USD has gone', holds: true },
      {
        kind: 'limit',
        rule: null,
        says: '3 of transactions in category financial in an hour; 0 have gone',
        holds: false,
      },
      {
        kind: 'duplicate',
        rule: null,
        says: 'nothing like it within 1h; from the 3rd on a person decides',
        holds: false,
      },
    ])
  })

  it('of what a rule has earned, its undo and the sandbox', () => {
    const text = `{version: 1, sandbox: {"https://app.example.com": "https://staging.example.com"},
      undo: {r: {url: "{page.url}", steps: [{click: Undo}]}},
      rules: [{id: a, effect: allow, earned: {reviews: 5}, undo: {recipe: r, verified: 30d}}]}`
    const { restraints, decision } = explained(text, act())
    expect(restraints).toEqual([
      { kind: 'earned', rule: 'a', says: '0 of 5 reviews, 0 errors', holds: true },
      { kind: 'undo', rule: 'a', says: 'recipe `r` tried out within 30d', holds: true },
      {
        kind: 'sandbox',
        rule: null,
        says: 'steps on https://app.example.com are first taken on https://staging.example.com',
        holds: true,
      },
    ])
    expect(decision.pattern).toBe('sandbox')
  })

  it('and nothing of a rule that matches and does not count', () => {
    const text = '{version: 1, rules: [{id: a, effect: allow, limit: 1/hour}]}'
    expect(explained(text).restraints).toEqual([])
    expect(explained(text, act()).restraints).toHaveLength(1)
  })

  it('and nothing of a read', () => {
    const read = act({ capability: 'read', effect: 'none' })
    expect(explained('{version: 1, ceilings: {run: 0}}', read).restraints).toEqual([])
  })

  it('and judges an action on staging by what is written for production', () => {
    const text = `{version: 1, sandbox: {"https://app.example.com": "https://staging.example.com"},
      rules: [{id: a, effect: allow, on: {url: "https://app.example.com/**"}}]}`
    const { rules, decision } = explained(text, act({ url: 'https://staging.example.com/x' }))
    expect(rules[0]).toMatchObject({ matched: true, failed: [] })
    expect(decision.kind).toBe('allow')
  })
})
