import { expect, it } from 'vitest'
import type { Action } from '#shared/policy/action.ts'
import { decide } from '#shared/policy/decide.ts'
import { act, facts, policyOf } from './arbitrary.ts'

function approver(steps: string, action: Partial<Action>) {
  const policy = policyOf(`{version: 1, approvers: {financial: ${steps}}}`)
  const { descriptor, classification } = act({
    capability: 'transact',
    category: 'financial',
    ...action,
  })
  const decision = decide(policy, descriptor, classification, facts)
  return [decision.approver, decision.people ?? 1, decision.wouldNeed.slice(1)]
}

const STEPS =
  '[{above: 5000 USD, role: board, people: 2}, {role: owner}, {above: 500 USD, role: lead}]'
const lower = (limit: string) => [`at most ${limit}, for another approver`]

it.each<[string, string[], (string | number | string[])[]]>([
  ['an amount at the bound', ['500 USD'], ['owner', 1, []]],
  ['an amount above the bound', ['500.01 USD'], ['lead', 1, lower('500 USD')]],
  ['an amount above the highest bound', ['5000.01 USD'], ['board', 2, lower('5000 USD')]],
  ['the largest of several', ['3 USD', '6000 USD'], ['board', 2, lower('5000 USD')]],
  ['an amount nobody could read', ['much'], ['board', 2, lower('5000 USD')]],
  ['another currency', ['1 EUR'], ['board', 2, lower('5000 USD')]],
  ['no amount where there must be one', [], ['board', 2, lower('5000 USD')]],
])('%s', (_, amount, expected) => expect(approver(STEPS, { amount })).toEqual(expected))

it('an action that is not about money takes the step without an amount', () => {
  const policy = policyOf(
    '{version: 1, approvers: {other: [{role: owner}, {above: 1 USD, role: lead}], legal: counsel}}',
  )
  const judge = (action: ReturnType<typeof act>) =>
    decide(policy, action.descriptor, action.classification, facts)
  expect(judge(act()).approver).toBe('owner')
  expect(judge(act({ category: 'legal' }))).toMatchObject({ approver: 'counsel' })
  expect(judge(act({ category: 'legal' })).people).toBeUndefined()
  expect(judge(act({ category: 'deletion' })).approver).toBeUndefined()
})

it('of two steps for the same amount the one with more people counts', () => {
  const steps = '[{role: one}, {role: two, people: 2}]'
  expect(approver(steps, { amount: ['1 USD'] }).slice(0, 2)).toEqual(['two', 2])
})

it('steps in several currencies each judge their own', () => {
  const steps = '[{role: owner}, {above: 100 USD, role: us}, {above: 200 EUR, role: eu}]'
  const role = (...amount: string[]) => approver(steps, { amount })[0]
  expect(role('50 USD', '150 EUR')).toBe('owner')
  expect(role('150 USD', '150 EUR')).toBe('us')
  expect(role('50 USD', '250 EUR')).toBe('eu')
  expect(role('150 USD', '250 EUR')).toBe('eu')
  expect(role('1 GBP')).toBe('eu')
})
