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
