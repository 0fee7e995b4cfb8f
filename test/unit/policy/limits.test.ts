import { describe, expect, it } from 'vitest'
import type { Action } from '#shared/policy/action.ts'
import { act, Player, policyOf } from './arbitrary.ts'

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

describe('a limit of a rule', () => {
  it('holds what comes after it as a batch, and says when to ask again', () => {
    const player = new Player(policy(rule('limit: 2/hour')))
    expect(kinds(player.times(2))).toBe('allow allow')
    player.now += HOUR / 4
    const held = player.act()
    expect(held).toMatchObject({
      kind: 'hold',
      pattern: 'rate-limit',
      rules: ['a'],
      batch: 'limit a',
      retryAfter: (3 * HOUR) / 4 / 1000,
      wouldNeed: ['no more than 2/hour by rule `a` (2 have gone)'],
    })
    expect(held.reason).toBe('Rule `a` allows 2 in an hour and 2 have gone, so a person decides')
  })

  it('lets go again as soon as the window has moved on, and not a moment before', () => {
    const player = new Player(policy(rule('limit: 1/hour')))
    player.act()
    player.now += HOUR - 1
    expect(player.act().kind).toBe('hold')
    player.now += 1
    expect(player.act().kind).toBe('allow')
  })

  it('leaves another rule that matches free to allow', () => {
    const player = new Player(policy(`${rule('limit: 1/hour')}, ${rule('why: x', 'b')}`))
    expect(player.act().rules).toEqual(['a', 'b'])
    expect(player.act()).toMatchObject({
      kind: 'allow',
      rules: ['b'],
      reason: expect.stringContaining('`b`'),
    })
  })

  it('counts what went by the rule, whoever else allowed it, and no more', () => {
    const player = new Player(policy(`${rule('limit: 2/hour')}, ${rule('on: {verb: x}', 'b')}`))
    player.act({ verb: 'x' })
    player.act({ verb: 'x' })
    expect(player.act({ verb: 'x' }).rules).toEqual(['b'])
    expect(player.act().kind).toBe('hold')
    player.now += HOUR
    expect(player.act().kind).toBe('allow')
  })

  it('does not count what a person approved', () => {
    const player = new Player(policy(rule('limit: 1/hour')))
    player.act()
    player.now += HOUR - 1
    const held = player.act()
    expect(held.rules).toEqual(['a'])
    player.approve(held, act())
    player.now += 1
    expect(player.act().kind).toBe('allow')
  })

  it('holds in the mode of the rule', () => {
    const held = new Player(policy(rule('limit: 0/hour, mode: shadow'))).act()
    expect(held).toMatchObject({ kind: 'hold', mode: 'shadow' })
  })

  it('of a run counts each run apart, however long it takes', () => {
    const player = new Player(policy(rule('limit: 1/run')))
    expect(player.act({}, { id: 'one' }).kind).toBe('allow')
    player.now += 1000 * HOUR
    expect(player.act({}, { id: 'one' })).toMatchObject({ kind: 'hold', batch: 'limit a' })
    expect(player.act({}, { id: 'one' }).retryAfter).toBeUndefined()
    expect(player.act({}, { id: 'two' }).kind).toBe('allow')
  })

  it('of a run takes steps without a run for one run of a day', () => {
    const player = new Player(policy(rule('limit: 1/run')))
    expect(kinds(player.times(2))).toBe('allow hold')
    player.now += 24 * HOUR
    expect(player.act().kind).toBe('allow')
  })

  it('of nothing at all never allows, and waiting does not help', () => {
    const held = new Player(policy(rule('limit: 0/hour'))).act()
    expect(held).toMatchObject({ kind: 'hold', pattern: 'rate-limit' })
    expect(held.retryAfter).toBeUndefined()
  })

  it('is not lifted by an unreadable clock', () => {
    const player = new Player(policy(rule('limit: 1/hour')))
    player.act()
    player.now = Number.NaN
    expect(player.act().kind).toBe('hold')
  })

  it('hands on what the rule says to the agent, and who has to approve', () => {
    const text = policy(
      rule('limit: 0/hour, tell: Enough., suggest: Draft it instead.'),
      ', approvers: {other: [{role: lead, people: 2}]}',
    )
    expect(new Player(text).act()).toMatchObject({
      tell: 'Enough.',
      suggest: 'Draft it instead.',
      approver: 'lead',
      people: 2,
    })
  })
})

describe('a budget', () => {
  const spend = rule('acknowledge: [financial], budget: 100 USD/day')

  it('holds what would exceed it, lets smaller amounts go, and says when it fits again', () => {
    const player = new Player(policy(spend))
    player.act(money('60 USD'))
    player.now += HOUR
    player.act(money('30 USD'))
    const held = player.act(money('11 USD'))
    expect(held).toMatchObject({ kind: 'hold', pattern: 'budget', retryAfter: 23 * 3600 })
    expect(held.reason).toContain('11 USD more would make 101 USD')
    expect(player.act(money('71 USD')).retryAfter).toBe(24 * 3600)
    expect(player.act(money('10 USD')).kind).toBe('allow')
    player.now += 23 * HOUR
    expect(player.act(money('60 USD')).kind).toBe('allow')
  })

  it('is exceeded by an amount that nobody can tell, and by another currency', () => {
    const player = new Player(policy(spend))
    expect(player.act({ ...money('x') })).toMatchObject({ kind: 'hold', pattern: 'budget' })
    expect(player.act(money('1 EUR'))).toMatchObject({ kind: 'hold', pattern: 'budget' })
    expect(player.act(money('101 USD')).retryAfter).toBeUndefined()
    expect(player.act(money('100 USD')).kind).toBe('allow')
  })

  it('is not about what costs nothing', () => {
    const player = new Player(policy(rule('budget: 1 USD/day')))
    expect(kinds(player.times(3))).toBe('allow allow allow')
  })

  it('counts each currency by its own', () => {
    const two = rule('acknowledge: [financial], budget: [100 USD/day, 50 EUR/day]')
    const player = new Player(policy(two))
    expect(player.act(money('100 USD')).kind).toBe('allow')
    expect(player.act(money('50 EUR')).kind).toBe('allow')
    expect(player.act(money('1 EUR')).kind).toBe('hold')
  })

  it('cannot be told any more once a person let go an amount that nobody could read', () => {
    const player = new Player(policy('', ', ceilings: {budget: {transact: 100 USD/day}}'))
    const unread = act(money('x'))
    player.approve(player.judge(unread), unread)
    player.policy = policyOf(policy(spend, ', ceilings: {budget: {transact: 100 USD/day}}'))
    expect(player.act(money('1 USD'))).toMatchObject({
      kind: 'hold',
      pattern: 'budget',
      reason: expect.stringContaining('nobody can tell how much has gone'),
    })
    player.now += 24 * HOUR
    expect(player.act(money('1 USD')).kind).toBe('allow')
  })
})

describe('limits of the policy', () => {
  const limited = (limit: string) =>
    policy(`${rule('why: x')}, ${rule('why: y', 'b')}`, `, limits: [${limit}]`)

  it('hold whatever rule allows', () => {
    const player = new Player(limited('{max: 2/hour, tell: Slow down.}'))
    expect(kinds(player.times(2))).toBe('allow allow')
    expect(player.act()).toMatchObject({
      kind: 'hold',
      pattern: 'rate-limit',
      rules: [],
      tell: 'Slow down.',
      batch: 'limit 2/hour',
      retryAfter: 3600,
    })
  })

  it.each<[string, Partial<Action>, { id: string; agent?: string } | undefined]>([
    ['site', { url: 'https://other.example/' }, { id: 'r', agent: 'x' }],
    ['capability', { capability: 'trigger' }, { id: 'r', agent: 'x' }],
    ['run', {}, { id: 'other', agent: 'x' }],
    ['agent', {}, { id: 'r', agent: 'other' }],
  ])('count each %s apart', (by, other, run) => {
    const player = new Player(limited(`{max: 1/hour, by: ${by}}`))
    expect(player.act({}, { id: 'r', agent: 'x' }).kind).toBe('allow')
    expect(player.act({}, { id: 'r', agent: 'x' }).kind).toBe('hold')
    expect(player.act(other, run).kind).toBe('allow')
  })

  it('count what they are about, and what they may be about', () => {
    const player = new Player(limited('{max: 1/hour, on: {rows: {min: 10}}}'))
    expect(kinds(player.times(3, { rows: 9 }))).toBe('allow allow allow')
    expect(player.act({ rows: 10 }).kind).toBe('allow')
    expect(player.act({}).kind).toBe('hold')
  })

  it('count what a person approved, and never refuse it', () => {
    const player = new Player(limited('{max: 1/hour}'))
    player.act()
    const held = player.act()
    player.approve(held, act())
    player.now += HOUR - 1
    expect(player.act()).toMatchObject({
      kind: 'hold',
      reason: expect.stringContaining('2 have gone'),
    })
  })
})

describe('ceilings', () => {
  const under = (ceilings: string) =>
    policy(rule('acknowledge: [communication, financial]'), `, ceilings: ${ceilings}`)

  it('stop a run at its number of steps', () => {
    const player = new Player(under('{run: 3}'))
    expect(kinds(player.times(4, {}, { id: 'r' }))).toBe('allow allow allow hold')
    expect(player.act({}, { id: 'r' })).toMatchObject({ pattern: 'ceiling', batch: 'ceiling run' })
    expect(player.act({}, { id: 's' }).kind).toBe('allow')
  })

  it('count the hour over all runs, and what people approved', () => {
    const player = new Player(under('{hour: 2}'))
    player.act({}, { id: 'r' })
    player.approve(player.act({ category: 'legal' }), act())
    expect(player.act({}, { id: 's' })).toMatchObject({
      pattern: 'ceiling',
      retryAfter: 3600,
      reason: 'The ceiling of steps is 2 in an hour and 2 have gone, so a person decides',
    })
  })

  it('count a day by capability and category', () => {
    const player = new Player(under('{day: {capability: {send: 1}, category: {financial: 1}}}'))
    const mail: Partial<Action> = { capability: 'send', category: 'communication' }
    expect(player.act(mail).kind).toBe('allow')
    expect(player.act(mail).reason).toContain('The ceiling of send steps is 1 in a day')
    expect(player.act(money('1 USD')).kind).toBe('allow')
    expect(player.act({ category: 'financial', amount: ['1 USD'] }).pattern).toBe('ceiling')
  })

  it('keep a budget by capability', () => {
    const player = new Player(under('{budget: {transact: 100 USD/day}}'))
    expect(player.act(money('90 USD')).kind).toBe('allow')
    expect(player.act(money('20 USD'))).toMatchObject({
      pattern: 'budget',
      batch: 'budget transact',
    })
  })
})
