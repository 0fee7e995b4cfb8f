import { describe, expect, it } from 'vitest'
import type { Action } from '#shared/policy/action.ts'
import { decide } from '#shared/policy/decide.ts'
import { restrain } from '#shared/policy/restrain.ts'
import { productionTerms, promotedTerms, toProduction } from '#shared/policy/staged.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor, Form } from '#shared/protocol/descriptor.ts'
import { act, facts, Player, policyOf } from './arbitrary.ts'

const PROD = 'https://crm.example.com'
const STAGING = 'https://staging.crm.example.com'
const sandbox = `sandbox: {"${PROD}": "${STAGING}"}`
const tasks = `{id: tasks, effect: allow, on: {url: "${PROD}/tasks/**"}}`
const text = (rules = tasks, rest = '') =>
  `{version: 1, ${sandbox}, rules: [${rules}], sites: ["${PROD}/**"] ${rest}}`

const at = (origin: string, rest: Partial<Action> = {}) =>
  act({ url: `${origin}/tasks/1`, form_action: `${origin}/tasks/1`, name: 'Save', ...rest })

function judge(policy: string, action: ReturnType<typeof act>) {
  return decide(policyOf(policy), action.descriptor, action.classification, facts)
}

describe('on staging', () => {
  it('rules and sites that are written for production count', () => {
    expect(judge(text(), at(STAGING))).toMatchObject({ kind: 'allow', rules: ['tasks'] })
    expect(judge(text(), act({ url: `${STAGING}/admin` }))).toMatchObject({ kind: 'hold' })
  })

  it('those that are written for staging count as well', () => {
    const deny = `{id: no, effect: deny, on: {url: "${STAGING}/**"}}`
    expect(judge(text(`${tasks}, ${deny}`), at(STAGING))).toMatchObject({
      kind: 'deny',
      rules: ['no'],
    })
    const ask = `{id: ask, effect: hold, on: {url: "${PROD}/tasks/1"}}`
    expect(judge(text(`${tasks}, ${ask}`), at(STAGING))).toMatchObject({
      kind: 'hold',
      rules: ['ask'],
    })
    const own = `{id: own, effect: allow, on: {url: "${STAGING}/**"}}`
    expect(judge(text(`${tasks}, ${own}`), at(STAGING)).rules).toEqual(['own', 'tasks'])
  })

  it('a condition that holds in one of the two places counts', () => {
    const rule = '{id: a, effect: deny, if: page.host == "crm.example.com"}'
    expect(judge(text(rule), at(STAGING)).kind).toBe('deny')
  })

  it('a look-alike, or another port, is not staging', () => {
    for (const origin of [
      `${STAGING}.evil.test`,
      `${STAGING}:8443`,
      'http://staging.crm.example.com',
      'https://me@staging.crm.example.com',
    ])
      expect(judge(text(), at(origin))).toMatchObject({ kind: 'deny', pattern: 'sites' })
  })

  it('a form that posts to production is not staged', () => {
    const player = new Player(text())
    const decision = player.judge(at(STAGING, { form_action: `${PROD}/tasks/1` }))
    expect(decision).toMatchObject({ kind: 'hold', pattern: 'sandbox' })
  })

  it('the mode of the production site counts where staging has none of its own', () => {
    const sites = (rest: string) =>
      `{version: 1, ${sandbox}, sites: [{url: "${PROD}/**", mode: shadow}${rest}]}`
    expect(judge(sites(''), at(STAGING)).mode).toBe('shadow')
    expect(judge(sites(`, {url: "${STAGING}/**", mode: enforce}`), at(STAGING)).mode).toBe(
      'enforce',
    )
  })
})

describe('on production', () => {
  it('what a rule allows is held, and the agent is told where to do it', () => {
    const held = new Player(text()).judge(at(PROD))
    expect(held).toMatchObject({
      kind: 'hold',
      pattern: 'sandbox',
      reason: `Steps on ${PROD} are first taken on ${STAGING}, so a person decides`,
      suggest: expect.stringContaining(STAGING),
    })
  })

  it('a read passes', () => {
    const read = at(PROD, { capability: 'read', effect: 'none' })
    expect(new Player(text()).judge(read)).toMatchObject({ kind: 'allow', pattern: 'read' })
  })

  it('a frame that cannot tell what it is embedded in may be on production', () => {
    const { descriptor, classification } = act({ url: 'https://other.example/' })
    const framed = { ...descriptor, page: { ...descriptor.page, top: false } }
    const player = new Player(`{version: 1, ${sandbox}, rules: [{id: a, effect: allow}]}`)
    expect(player.judge({ descriptor: framed, classification }).pattern).toBe('sandbox')
    expect(player.judge({ descriptor, classification }).kind).toBe('allow')
  })

  it('a promotion lets exactly the terms go that were staged, once', () => {
    const player = new Player(text())
    const staged = at(STAGING, { fields: { Title: 'Call Ann' }, row: 'Ann' })
    const terms = promotedTerms(player.policy, staged.descriptor, staged.classification)
    player.history.promote(terms, 'hp_7')
    const same = at(PROD, { fields: { Title: 'Call Ann' }, row: 'Ann' })
    const other = at(PROD, { fields: { Title: 'Call Eve' }, row: 'Ann' })
    expect(player.judge(other)).toMatchObject({ kind: 'hold', pattern: 'sandbox' })
    expect(player.judge(same)).toMatchObject({ kind: 'allow', pattern: 'sandbox' })
    expect(player.judge(same)).toMatchObject({ kind: 'hold', pattern: 'sandbox' })
  })

  it.each<[string, Partial<Action>]>([
    ['amount', { amount: ['1 USD'] }],
    ['recipient', { recipients: ['eve@evil.test'] }],
    ['row', { row: 'Eve' }],
    ['address', { url: `${PROD}/tasks/2` }],
    ['place it posts to', { form_action: `${PROD}/admin` }],
    ['capability', { capability: 'delete' }],
    ['place, still on staging', { form_action: `${STAGING}/tasks/1` }],
  ])('another %s is a deviation', (_, rest) => {
    const player = new Player(text())
    const staged = at(STAGING)
    const terms = promotedTerms(player.policy, staged.descriptor, staged.classification)
    player.history.promote(terms, 'hp_7')
    expect(player.judge(at(PROD, rest)).kind).toBe('hold')
  })

  it('a promotion lifts no denial and no hold of another cause', () => {
    const player = new Player(text(`{id: no, effect: deny, on: {url: "${PROD}/**"}}`))
    const { descriptor: d, classification: c } = at(PROD)
    player.history.promote(promotedTerms(player.policy, d, c), 'hp_7')
    expect(player.judge(at(PROD)).kind).toBe('deny')
    const held = { ...decide(policyOf(text('')), d, c, facts) }
    for (const pattern of ['breaker', 'doubt', 'policy-broken', 'sites'] as const)
      expect(
        restrain(policyOf(text('')), { ...held, pattern }, d, c, facts, player.history),
      ).toMatchObject({ decision: { kind: 'hold', pattern }, promotion: null })
    expect(restrain(policyOf(text('')), held, d, c, facts, player.history).promotion).toBe('hp_7')
  })

  it('is not refused by a limit, and counts for it', () => {
    const player = new Player(text(tasks, ', ceilings: {hour: 1}'))
    player.judge(at(STAGING))
    const { descriptor, classification } = at(STAGING)
    player.history.promote(promotedTerms(player.policy, descriptor, classification), 'hp_7')
    expect(player.judge(at(PROD)).kind).toBe('allow')
    expect(player.judge(at(STAGING)).reason).toContain('2 have gone')
  })
})

describe('the same action on production', () => {
  const termsOn = (origin: string, d: Descriptor, c: Classification) =>
    origin === PROD ? productionTerms(d, c) : promotedTerms(policyOf(text()), d, c)
  const map = policyOf(text()).sandbox

  it('has every address moved, and nothing else', () => {
    const { descriptor } = at(STAGING, {
      top_url: `${STAGING}/frame?x=${STAGING}/y`,
      link: 'https://other.example/',
      request: 'POST wss://staging.crm.example.com/live?x=1#y',
    })
    const there = toProduction(map, descriptor)
    expect(there.page).toMatchObject({
      url: `${PROD}/tasks/1`,
      topUrl: `${PROD}/frame?x=${STAGING}/y`,
    })
    expect(there.form?.action).toBe(`${PROD}/tasks/1`)
    expect(there.link?.href).toBe('https://other.example/')
    expect(there.request?.url).toBe('wss://crm.example.com/live?x=1#y')
  })

  it('is the Descriptor itself where nothing is on staging', () => {
    const { descriptor } = at(PROD)
    expect(toProduction(map, descriptor)).toBe(descriptor)
  })

  it('may come with other hidden tokens, but with no other hidden value or secret', () => {
    const terms = (origin: string, type: string, secret: boolean, value: string) => {
      const { descriptor, classification } = at(origin)
      const field = { label: '', name: 'x', type, value, secret }
      const form: Form = { method: 'post', action: `${origin}/`, fields: [field] }
      return termsOn(origin, { ...descriptor, form }, classification)
    }
    const same = (type: string, secret: boolean) =>
      terms(STAGING, type, secret, 'a') === terms(PROD, type, secret, 'b')
    expect(same('hidden', true)).toBe(true)
    expect(same('hidden', false)).toBe(false)
    expect(same('password', true)).toBe(false)
  })

  it('has staging addresses in its texts moved, but no longer hosts that begin alike', () => {
    const terms = (origin: string, next: string) => {
      const { descriptor, classification } = at(origin, { fields: { next } })
      return termsOn(origin, descriptor, classification)
    }
    expect(terms(STAGING, `${STAGING}/done`)).toBe(terms(PROD, `${PROD}/done`))
    expect(terms(STAGING, `${STAGING}.evil.test/`)).not.toBe(terms(PROD, `${PROD}.evil.test/`))
  })
})
