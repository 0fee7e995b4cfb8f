import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { explain } from '#shared/policy/explain.ts'
import { gateSettings } from '#shared/policy/gate-settings.ts'
import { holdEverything } from '#shared/policy/hold-everything.ts'
import { view } from '#shared/policy/view.ts'
import { act, facts, policyOf } from './arbitrary.ts'

const office = policyOf(
  readFileSync(join(import.meta.dirname, '../../policies/office.yaml'), 'utf8'),
)

it('a policy is shown in plain language, with the line of each rule', () => {
  const shown = view(office)
  expect(shown.rules.slice(0, 3)).toEqual([
    {
      id: 'tasks',
      effect: 'allow',
      says: 'Allows changes on https://crm.example.com/tasks/** that can be undone; undo at "Task > Delete" within 30d',
      line: 9,
    },
    {
      id: 'small-refunds',
      effect: 'allow',
      says: 'Allows transactions (refund) of at most 50 USD; acknowledges financial',
      line: 13,
    },
    {
      id: 'staff-mail',
      effect: 'allow',
      says: 'Allows messages and publications to *@example.com to at most 5 recipients; acknowledges communication',
      line: 17,
    },
  ])
  expect(shown.sites).toEqual([
    { url: 'https://crm.example.com/**', mode: 'enforce', until: null },
    { url: 'https://mail.example.com/**', mode: 'shadow', until: '2027-01-31' },
  ])
  expect(shown.says[0]).toContain('Reads pass')
  expect(shown.says.join(' ')).toContain('(2 rules deny)')
  expect(view(holdEverything).says.join(' ')).toContain('no valid policy')
})

it('says which addresses change something by a plain GET', () => {
  const policy = policyOf('{version: 1, side_effects: "https://a.example/*/delete"}')
  expect(view(policy).says[1]).toBe(
    'A GET of https://a.example/*/delete counts as a change, not as a read.',
  )
  expect(view(policyOf('{version: 1}')).says.join(' ')).not.toContain('A GET of')
})

it('the gate learns the modes of sites, and an expired trial as enforce', () => {
  const policy = policyOf(
    '{version: 1, mode: observe, sites: [https://a.example/**, {url: https://b.example/**, mode: shadow, until: 2026-06-01}]}',
  )
  expect(gateSettings(policy, facts)).toEqual({
    mode: 'observe',
    policyVersion: 'v',
    sites: [{ url: 'https://b.example/**', mode: 'shadow' }],
    ruleModes: false,
  })
  const later = { ...facts, now: Date.parse('2026-06-02T00:00:00Z') }
  expect(gateSettings(policy, later).sites).toEqual([
    { url: 'https://b.example/**', mode: 'enforce' },
  ])
  expect(
    gateSettings(policyOf('{version: 1, rules: [{id: a, effect: hold, mode: shadow}]}'), facts)
      .ruleModes,
  ).toBe(true)
})

it('every rule is explained: whether it matched, and which field it failed by', () => {
  const { descriptor, classification } = act({
    capability: 'transact',
    category: 'financial',
    verb: 'refund',
    url: 'https://crm.example.com/r',
    amount: ['340 USD'],
    row: 'VIP',
  })
  const { decision, rules } = explain(office, descriptor, classification, facts)
  expect(decision.kind).toBe('hold')
  const byId = new Map(rules.map((rule) => [rule.id, rule]))
  expect(byId.get('small-refunds')).toMatchObject({
    matched: false,
    failed: [{ field: 'amount', wants: 'amount at most 50 USD', is: '340 USD' }],
  })
  expect(byId.get('ask-about-vips')).toMatchObject({ matched: true, failed: [] })
  expect(byId.get('staff-mail')?.failed.map(({ field }) => field)).toEqual([
    'capability',
    'recipients',
  ])
})

it('an explanation says why a matching rule did not count', () => {
  const policy = policyOf(
    '{version: 1, rules: [{id: a, effect: allow}, {id: b, effect: allow, until: 2020-01-01}, {id: c, effect: hold, if: terms.rows > 1}]}',
  )
  const { descriptor, classification } = act({ category: 'legal' })
  const notes = explain(policy, descriptor, classification, facts).rules.map(({ note }) => note)
  expect(notes).toEqual([
    'it does not open category `legal`',
    'ended (until 2020-01-01)',
    'its condition could not be evaluated, so it counts as matched',
  ])
})

it('says in plain language what else may hold', () => {
  const shown = view(
    policyOf(`{version: 1, phase: selective,
      undo: {back: {url: "{page.url}", steps: [{click: Undo}]}},
      rules: [{id: a, effect: allow, on: {reversible: true}, limit: [25/hour, 3/10m], budget: 9 USD/run,
        undo: {recipe: back, verified: 30d}, earned: {reviews: 200}, suggest: Draft it.}],
      limits: [{max: 5/day, by: agent, on: {capability: send}}],
      ceilings: {run: 50, day: {all: 90, capability: {send: 20}}, budget: {transact: 2000 USD/day}},
      duplicates: {within: 1h, max: 3}, breaker: {errors: 5%, of_last: 50},
      sandbox: {"https://a.example": "https://s.example"}}`),
  )
  expect(shown.rules[0]?.says).toBe(
    'Allows every execute step that can be undone; undo at "recipe back"; at most 25 in an hour; at most 3 in 10m; at most 9 USD in a run together; only while undo recipe back was tried out within 30d; a person decides until 200 reviews are there with at most 0 errors, and a person accepts that; the agent may instead: Draft it.',
  )
  expect(shown.says).toEqual(
    expect.arrayContaining([
      'In this phase of the roll-out (selective) a rule lets go only what can be undone or what it has earned.',
      'Steps for https://a.example are taken on https://s.example; on https://a.example itself only what a person has promoted goes ahead.',
      'At most 5 in a day of messages and publications for each agent; the rest waits for a person.',
      'Never more without a person than 50 steps in a run, 90 steps in a day, 20 send steps in a day, 2000 USD/day for transact steps.',
      'The 3rd action nearly the same within 1h waits for a person.',
      'Everything waits for a person after 5 % errors of the last 50, until a person resets the breaker.',
    ]),
  )
})
