import { describe, expect, it } from 'vitest'
import type { Action } from '#shared/policy/action.ts'
import { noHistory } from '#shared/policy/history.ts'
import { restrain } from '#shared/policy/restrain.ts'
import { act, facts, Player, policyOf } from './arbitrary.ts'

const HOUR = 3_600_000
const kinds = (decisions: readonly { kind: string }[]) =>
  decisions.map(({ kind }) => kind).join(' ')
const rule = (rest: string, id = 'a') => `{id: ${id}, effect: allow, ${rest}}`
const policy = (rules: string, rest = '') => `{version: 1, rules: [${rules}] ${rest}}`
const money = (amount: string): Partial<Action> => ({
  capability: 'transact',
  category: 'financial',
  amount: [amount],
})

describe('duplicates', () => {
  const text = policy(rule('acknowledge: [financial]'), ', duplicates: {within: 1h, max: 3}')
  const refund = { ...money('25 USD'), verb: 'refund', recipients: ['ann@example.com'] }

  it('stop at the third of sixty near-identical refunds, across runs', () => {
    const player = new Player(text)
    const all = Array.from({ length: 60 }, (_, i) => {
      player.now += 10_000
      return player.act({ ...refund, row: `Order ${i}` }, { id: `run ${i % 4}` })
    })
    expect(kinds(all)).toBe(`allow allow ${'hold '.repeat(58)}`.trim())
    expect(all[2]).toMatchObject({
      pattern: 'duplicate',
      like: ['hp_1', 'hp_2'],
      reason: 'This is the 3rd like it within 1h, so a person decides',
    })
  })

  it('are forgotten after their time', () => {
    const player = new Player(text)
    player.times(2, refund)
    player.now += HOUR
    expect(player.act(refund).kind).toBe('allow')
  })

  it('are told to the person also where something else holds', () => {
    const player = new Player(policy(rule('limit: 1/hour'), ', duplicates: {}'))
    player.act()
    expect(player.act()).toMatchObject({
      pattern: 'rate-limit',
      like: ['hp_1'],
      reason: expect.stringMatching(/; it is the 2nd like it within 1h$/),
    })
    player.policy = policyOf(policy('{id: h, effect: hold}', ', duplicates: {}'))
    expect(player.act()).toMatchObject({ pattern: 'review-gate', like: ['hp_1'] })
  })
})

describe('a rule that has to earn its effect', () => {
  const earning = (rest: string) => policy(rule(`earned: {reviews: 200, ${rest}}`))
  const reviewed = (player: Player, clean: number, errors: number, accepted = false) => {
    const terms = player.policy.byId.get('a')?.terms ?? ''
    player.history.review('a', terms, { clean, errors, accepted })
    return player.act()
  }

  it('holds and shows how far it has come', () => {
    const player = new Player(earning('promote: auto'))
    expect(reviewed(player, 143, 0)).toMatchObject({
      kind: 'hold',
      pattern: 'earned',
      rules: ['a'],
      reason:
        'Rule `a` has yet to earn its effect: 143 of 200 reviews, 0 errors, so a person decides',
      earning: { rule: 'a', reviews: 143, of: 200, errors: 0, errorsAllowed: 0, proposed: false },
    })
  })

  it('allows once there is enough, and holds again after an error', () => {
    const player = new Player(earning('promote: auto'))
    expect(reviewed(player, 199, 0).kind).toBe('hold')
    expect(reviewed(player, 200, 0).kind).toBe('allow')
    expect(reviewed(player, 500, 1)).toMatchObject({ kind: 'hold', pattern: 'earned' })
  })

  it('bears the errors that it is allowed', () => {
    const player = new Player(earning('errors: 2, promote: auto'))
    expect(reviewed(player, 200, 2).kind).toBe('allow')
    expect(reviewed(player, 200, 3).kind).toBe('hold')
  })

  it('waits for a person where it only proposes', () => {
    const player = new Player(earning('promote: propose'))
    expect(reviewed(player, 200, 0)).toMatchObject({ kind: 'hold', earning: { proposed: true } })
    expect(reviewed(player, 200, 0, true).kind).toBe('allow')
    expect(reviewed(player, 200, 1, true).kind).toBe('hold')
  })

  it('begins anew when its terms change, and not when its words do', () => {
    const player = new Player(earning('promote: auto'))
    expect(reviewed(player, 200, 0).kind).toBe('allow')
    player.policy = policyOf(
      policy(rule('why: other words, earned: {reviews: 200, promote: auto}')),
    )
    expect(player.act().kind).toBe('allow')
    player.policy = policyOf(
      policy(rule('on: {url: "https://**/**"}, earned: {reviews: 200, promote: auto}')),
    )
    expect(player.act().kind).toBe('hold')
  })
})

describe('a rule whose undo has to be verified', () => {
  const text = policy(
    rule('on: {reversible: true}, undo: {recipe: un-task, verified: 30d}'),
    ', undo: {un-task: {url: "https://app.example.com/", steps: [{click: Undo}]}}',
  )
  const change: Partial<Action> = { effect: 'reversible' }

  it('allows only as long as the trial is recent and of the same recipe', () => {
    const player = new Player(text)
    expect(player.act(change)).toMatchObject({
      kind: 'hold',
      pattern: 'undo-unverified',
      reason: expect.stringContaining('it never was'),
    })
    player.history.verify('un-task', 'another recipe', player.now)
    expect(player.act(change).kind).toBe('hold')
    const recipe = player.policy.undo.get('un-task')?.text ?? ''
    player.history.verify('un-task', recipe, player.now)
    player.now += 30 * 24 * HOUR
    expect(player.act(change)).toMatchObject({ kind: 'allow', pattern: 'reversible-only' })
    player.now += 1
    expect(player.act(change).reason).toContain('30 days ago')
    player.now = Number.NaN
    expect(player.act(change).kind).toBe('hold')
  })
})

describe('restrain', () => {
  const all = policy(
    rule('limit: 0/hour'),
    ', ceilings: {run: 0}, duplicates: {}, limits: [{max: 0/day}]',
  )

  it('leaves reads and denials alone, and never allows what is held', () => {
    const player = new Player(all)
    expect(player.act({ capability: 'read', effect: 'none' })).toMatchObject({
      kind: 'allow',
      pattern: 'read',
    })
    player.policy = policyOf(policy('{id: d, effect: deny}', ', ceilings: {run: 9}'))
    expect(player.act()).toMatchObject({ kind: 'deny', pattern: 'deny-rule' })
  })

  it('says everything that would have to be otherwise, and waits for the longest', () => {
    const text = policy(rule('limit: 1/hour'), ', limits: [{max: 1/day}]')
    const player = new Player(text)
    player.act()
    const held = player.act()
    expect(held.wouldNeed).toHaveLength(2)
    expect(held.retryAfter).toBe(24 * 3600)
  })

  it('gives the very same Decision where the policy has none of its words', () => {
    const plain = policyOf(policy(rule('why: x')))
    const { descriptor, classification } = act()
    const given = new Player(policy(rule('why: x'))).act()
    expect(restrain(plain, given, descriptor, classification, facts, noHistory).decision).toBe(
      given,
    )
  })
})
