import { expect, it } from 'vitest'
import { ceilingsWidened } from '#shared/policy/ceilings-widened.ts'
import { policyOf } from './arbitrary.ts'

const of = (ceilings: string) => policyOf(`{version: 1, ceilings: ${ceilings}}`).ceilings
const widened = (before: string, after: string) => ceilingsWidened(of(before), of(after))

it.each([
  ['{run: 5}', '{run: 6}', 'the ceiling per run is raised from 5 to 6 steps'],
  ['{run: 5}', '{}', 'the ceiling per run of 5 steps is removed'],
  ['{hour: 5}', '{hour: 50, run: 1}', 'the ceiling per hour is raised from 5 to 50 steps'],
  ['{day: 5}', '{day: {all: 7}}', 'the ceiling per day is raised from 5 to 7 steps'],
  [
    '{day: {capability: {send: 1}}}',
    '{day: {capability: {delete: 1}}}',
    'the ceiling per day of capability `send` of 1 steps is removed',
  ],
  [
    '{day: {category: {legal: 1}}}',
    '{day: {category: {legal: 2}}}',
    'the ceiling per day of category `legal` is raised from 1 to 2 steps',
  ],
  [
    '{budget: {transact: 5 USD/day}}',
    '{budget: {transact: 6 USD/day}}',
    'the budget of 5 USD/day for `transact` is raised to 6 USD',
  ],
  [
    '{budget: {transact: 5 USD/day}}',
    '{budget: {transact: 5 USD/hour}}',
    'the budget of 5 USD/day for `transact` is removed',
  ],
  [
    '{budget: {transact: 5 USD/day}}',
    '{budget: {transact: [5 USD/day, 1 EUR/day]}}',
    'the budget for `transact` takes EUR too, which was above it before',
  ],
])('from %s to %s lets more go', (before, after, sentence) =>
  expect(widened(before, after)).toEqual([sentence]),
)

it.each([
  ['{run: 5}', '{run: 5}'],
  ['{run: 5}', '{run: 4, hour: 1000}'],
  ['{}', '{run: 1000, budget: {transact: 9 USD/day}}'],
  ['{day: 5}', '{day: {all: 5, capability: {send: 5}}}'],
  [
    '{budget: {transact: [5 USD/day, 9 USD/week]}}',
    '{budget: {transact: [4 USD/day, 9 USD/week, 1 USD/hour]}}',
  ],
  ['{run: 5, evidence: x}', '{run: 5, evidence: y}'],
])('from %s to %s does not', (before, after) => expect(widened(before, after)).toEqual([]))

it('names every one of them', () => {
  expect(widened('{run: 1, hour: 2, day: 3}', '{hour: 3}')).toHaveLength(3)
})
