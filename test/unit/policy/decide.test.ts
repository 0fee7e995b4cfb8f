import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '#shared/policy/decide.ts'
import { holdEverything } from '#shared/policy/hold-everything.ts'
import { match, matchFound } from '#shared/policy/match.ts'
import { candidates, shelvesFor } from '#shared/policy/rule-index.ts'
import { Subject } from '#shared/policy/subject.ts'
import { Decision } from '#shared/protocol/decision.ts'
import { act, anyAction, anyRule, facts, policyOf, textOf } from './arbitrary.ts'

const RANK = { allow: 0, hold: 1, deny: 2 } as const
const numbered = fc
  .array(anyRule, { maxLength: 8 })
  .map((rules) => rules.map((rule, index) => ({ ...rule, id: `r${index}` })))
const anySites = fc.constantFrom({}, { sites: ['https://*.example.com/**'] })

function judge(text: string, action = act(), at = facts) {
  return decide(policyOf(text), action.descriptor, action.classification, at)
}

describe('fail closed, by name', () => {
  it('what no rule allows is held', () => {
    expect(judge('version: 1')).toMatchObject({ kind: 'hold', pattern: 'review-gate', rules: [] })
  })

  it('deny wins over hold and allow', () => {
    const rules = ['allow', 'deny', 'hold'].map((effect) => ({ id: effect, effect, on: {} }))
    expect(judge(textOf(rules))).toMatchObject({ kind: 'deny', rules: ['deny'] })
  })

  it('hold wins over allow', () => {
    const rules = ['allow', 'hold'].map((effect) => ({ id: effect, effect, on: {} }))
    expect(judge(textOf(rules))).toMatchObject({ kind: 'hold', rules: ['hold'] })
  })

  it('a condition that errors counts as matched in a deny rule', () => {
    const decision = judge('{version: 1, rules: [{id: a, effect: deny, if: terms.rows == 1}]}')
    expect(decision).toMatchObject({ kind: 'deny', pattern: 'condition-error', rules: ['a'] })
    expect(decision.reason).toContain('`a`')
  })

  it('a condition that errors counts as matched in a hold rule', () => {
    const rules = '[{id: a, effect: hold, if: verb == "x"}, {id: b, effect: allow}]'
    expect(judge(`{version: 1, rules: ${rules}}`)).toMatchObject({ kind: 'hold', rules: ['a'] })
  })

  it('a condition that errors counts as not matched in an allow rule', () => {
    const decision = judge('{version: 1, rules: [{id: a, effect: allow, if: terms.rows < 10}]}')
    expect(decision).toMatchObject({ kind: 'hold', pattern: 'condition-error', rules: [] })
    expect(decision.reason).toContain('`a`')
  })

  it('a condition that is neither true nor false is an error', () => {
    expect(judge('{version: 1, rules: [{id: a, effect: allow, if: target.name}]}').kind).toBe(
      'hold',
    )
    expect(judge('{version: 1, rules: [{id: a, effect: deny, if: target.name}]}').kind).toBe('deny')
  })

  it('an unknown effect is covered by no allow rule that does not say so', () => {
    const action = act({ effect: 'unknown' })
    expect(judge('{version: 1, rules: [{id: a, effect: allow}]}', action).kind).toBe('hold')
    const said = '{version: 1, rules: [{id: a, effect: allow, on: {effect: unknown}}]}'
    expect(judge(said, action).kind).toBe('allow')
  })

  it('an execute step that claims to have no effect counts as unknown', () => {
    const action = act({ effect: 'none' })
    expect(judge('{version: 1, rules: [{id: a, effect: allow}]}', action).kind).toBe('hold')
  })

  it('a read that claims to have an effect is no read', () => {
    expect(judge('version: 1', act({ capability: 'read', effect: 'reversible' })).kind).toBe('hold')
  })

  it('reversible-only wants a reversible effect and a way back', () => {
    const text = '{version: 1, rules: [{id: a, effect: allow, on: {reversible: true}}]}'
    expect(judge(text, act({ effect: 'reversible' }))).toMatchObject({
      kind: 'hold',
      pattern: 'reversible-only',
      wouldNeed: [expect.stringContaining('a known way to undo it')],
    })
    expect(judge(text, act({ effect: 'reversible', undo: 'Edit > Undo' }))).toMatchObject({
      kind: 'allow',
      pattern: 'reversible-only',
      undo: { path: 'Edit > Undo' },
    })
    expect(judge(text, act({ effect: 'irreversible', undo: 'Edit > Undo' })).kind).toBe('hold')
  })

  it('personnel and legal are never allowed', () => {
    for (const category of ['personnel', 'legal'] as const) {
      const decision = judge('{version: 1, rules: [{id: a, effect: allow}]}', act({ category }))
      expect(decision).toMatchObject({ kind: 'hold', pattern: 'never-collapse', wouldNeed: [] })
    }
  })

  it('an allow rule does not open a category that it does not acknowledge', () => {
    const text = '{version: 1, rules: [{id: a, effect: allow, acknowledge: [deletion]}]}'
    for (const category of ['communication', 'financial'] as const)
      expect(judge(text, act({ category }))).toMatchObject({
        kind: 'hold',
        pattern: 'never-collapse',
        wouldNeed: [`\`acknowledge: [${category}]\` in rule \`a\``],
      })
    expect(judge(text, act({ category: 'deletion' })).kind).toBe('allow')
  })

  it('an allow rule that has ended no longer allows', () => {
    const text = '{version: 1, rules: [{id: a, effect: allow, until: 2026-05-31}]}'
    const last = Date.parse('2026-05-31T23:59:59.999Z')
    expect(judge(text, act(), { ...facts, now: last }).kind).toBe('allow')
    expect(judge(text, act(), { ...facts, now: last + 1 }).kind).toBe('hold')
    expect(judge(text, act(), { ...facts, now: Number.NaN }).kind).toBe('hold')
  })

  it('an unreadable clock ends no deny rule', () => {
    const text = '{version: 1, rules: [{id: a, effect: deny, until: 2026-05-31}]}'
    expect(judge(text, act(), { ...facts, now: Number.NaN }).kind).toBe('deny')
  })

  it('without a good policy every execute step is held and reads pass', () => {
    const { descriptor, classification } = act()
    expect(decide(holdEverything, descriptor, classification, facts)).toMatchObject({
      kind: 'hold',
      pattern: 'policy-broken',
    })
    const read = act({ capability: 'read', effect: 'none' })
    expect(decide(holdEverything, read.descriptor, read.classification, facts).kind).toBe('allow')
  })

  it('a frame that cannot tell what it is embedded in is on no site', () => {
    const { descriptor, classification } = act({ url: 'https://a.example/' })
    const framed = { ...descriptor, page: { ...descriptor.page, top: false } }
    const policy = policyOf(
      '{version: 1, rules: [{id: a, effect: allow, on: {url: https://a.example/**}}]}',
    )
    expect(decide(policy, descriptor, classification, facts).kind).toBe('allow')
    expect(decide(policy, framed, classification, facts).kind).toBe('hold')
  })

  it('a full list of amounts or recipients may have been cut, so it is no proof', () => {
    const full = act({ category: 'financial', amount: Array.from({ length: 200 }, () => '1 USD') })
    const text =
      '{version: 1, rules: [{id: a, effect: allow, acknowledge: [financial], on: {amount: {max: 5 USD}}}]}'
    expect(judge(text, full).kind).toBe('hold')
    expect(judge(text, act({ category: 'financial', amount: ['1 USD'] })).kind).toBe('allow')
    const people = act({ recipients: Array.from({ length: 200 }, () => 'a@a.example') })
    const count = '{version: 1, rules: [{id: a, effect: allow, on: {recipient_count: {max: 500}}}]}'
    expect(judge(count, people).kind).toBe('hold')
  })

  it('a negative amount counts by its size', () => {
    const { descriptor, classification } = act({ capability: 'transact' })
    const terms = {
      ...descriptor.terms,
      amounts: [{ currency: 'USD', minor: -90_000, text: '-900 USD' }],
    }
    const policy = policyOf(
      '{version: 1, rules: [{id: a, effect: deny, on: {amount: {min: 500 USD}}}, {id: b, effect: allow, on: {amount: {max: 50 USD}}}]}',
    )
    expect(decide(policy, { ...descriptor, terms }, classification, facts).kind).toBe('deny')
  })
})

describe('modes', () => {
  const text = (rule: string, rest = '') => `{version: 1, ${rest} rules: [{id: a, ${rule}}]}`

  it('a rule on trial never loosens a hold rule that is in force', () => {
    const rules = '[{id: a, effect: deny, mode: observe}, {id: b, effect: hold}]'
    expect(judge(`{version: 1, rules: ${rules}}`)).toMatchObject({ kind: 'deny', mode: 'enforce' })
  })

  it('a rule on trial never loosens the limits of the sites', () => {
    const limited = text('effect: deny, mode: observe', 'sites: [https://other.example/**],')
    expect(judge(limited)).toMatchObject({ kind: 'deny', mode: 'enforce' })
  })

  it('of several modes the one under which least executes counts', () => {
    const rules = '[{id: a, effect: allow, mode: shadow}, {id: b, effect: allow}]'
    expect(judge(`{version: 1, mode: observe, rules: ${rules}}`).mode).toBe('shadow')
  })

  it('the deciding rule wins over the site, the site over the policy', () => {
    const site = "mode: enforce, sites: [{url: '**', mode: observe}],"
    expect(judge(text('effect: hold', site)).mode).toBe('observe')
    expect(judge(text('effect: hold, mode: shadow', site)).mode).toBe('shadow')
  })

  it('an expired trial of a site means enforce, even where the policy observes', () => {
    const site = "mode: observe, sites: [{url: '**', mode: shadow, until: 2026-05-31}],"
    expect(judge(text('effect: hold', site)).mode).toBe('enforce')
  })
})

describe('decide', () => {
  it('adding a deny rule never allows more', () => {
    fc.assert(
      fc.property(numbered, anySites, anyRule, anyAction, (rules, sites, extra, action) => {
        const before = judge(textOf(rules, sites), action)
        const deny = { ...extra, effect: 'deny', id: 'extra', mode: 'enforce' }
        const after = judge(textOf([...rules, deny], sites), action)
        expect(RANK[after.kind]).toBeGreaterThanOrEqual(RANK[before.kind])
      }),
      { numRuns: 400 },
    )
  })

  it('adding a hold rule never allows more', () => {
    fc.assert(
      fc.property(numbered, anySites, anyRule, anyAction, (rules, sites, extra, action) => {
        const before = judge(textOf(rules, sites), action)
        const hold = { ...extra, effect: 'hold', id: 'extra', mode: 'enforce' }
        expect(RANK[judge(textOf([...rules, hold], sites), action).kind]).toBeGreaterThanOrEqual(
          RANK[before.kind],
        )
      }),
      { numRuns: 400 },
    )
  })

  it('the order of the rules never matters', () => {
    const shuffled = numbered.chain((rules) =>
      fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
    )
    fc.assert(
      fc.property(shuffled, anySites, anyAction, ([rules, other], sites, action) => {
        expect(judge(textOf(other, sites), action)).toEqual(judge(textOf(rules, sites), action))
      }),
      { numRuns: 400 },
    )
  })

  it('the index finds exactly the rules that match', () => {
    fc.assert(
      fc.property(numbered, anyAction, (rules, { descriptor, classification }) => {
        const policy = policyOf(textOf(rules))
        const it = new Subject(descriptor, classification, facts)
        const shelves = shelvesFor(policy.index, it)
        for (const effect of ['allow', 'hold', 'deny'] as const) {
          const result = new Map(
            candidates(shelves, effect).map((rule) => [rule.id, matchFound(rule, it)]),
          )
          for (const rule of policy.rules.filter((each) => each.effect === effect))
            expect([rule.id, result.get(rule.id) ?? 'missed']).toEqual([rule.id, match(rule, it)])
        }
      }),
      { numRuns: 400 },
    )
  })

  it('personnel and legal never go ahead by a rule, in any mode of a rule', () => {
    const careful = anyAction.filter(
      ({ classification: c }) =>
        (c.category === 'personnel' || c.category === 'legal') &&
        (c.capability !== 'read' || c.effect !== 'none'),
    )
    fc.assert(
      fc.property(numbered, careful, (rules, action) => {
        const decision = judge(textOf(rules), action)
        expect(decision.kind).not.toBe('allow')
        expect(decision.mode).not.toBe('observe')
      }),
      { numRuns: 400 },
    )
  })

  it('never throws, and always gives a whole Decision', () => {
    const texts = fc.record({
      url: fc.oneof(fc.string(), fc.webUrl()),
      name: fc.string({ unit: 'binary' }),
      row: fc.string(),
      recipients: fc.array(fc.string(), { maxLength: 5 }),
      amount: fc.array(fc.string(), { maxLength: 3 }),
    })
    const times = fc.constantFrom(facts.now, Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300)
    fc.assert(
      fc.property(numbered, anySites, texts, times, (rules, sites, action, now) => {
        const decision = judge(textOf(rules, sites), act(action), { ...facts, now })
        expect(Decision.safeParse(decision).success).toBe(true)
        expect(decision.reason).not.toBe('')
      }),
      { numRuns: 400 },
    )
  })
})
