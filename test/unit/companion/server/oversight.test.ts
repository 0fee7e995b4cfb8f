import { describe, expect, it } from 'vitest'
import type { Companion } from '#companion/commands/start-companion.ts'
import { IssuedToken, TokenPage } from '#shared/protocol/access.ts'
import {
  AuditPage,
  EvaluateAnswer,
  HoldPage,
  Problem,
  Status,
  VerdictsAnswer,
} from '#shared/protocol/api.ts'
import { Hold } from '#shared/protocol/hold.ts'
import { PolicyUse, PromotionPage, Recorded, StagedPage } from '#shared/protocol/oversight.ts'
import { call, companion, sendTo } from '../../../flow/companion.ts'

async function tokenOf(c: Companion, role: 'agent' | 'supervisor', name: string) {
  const made = await call(c, 'POST', '/v1/tokens', { name, role })
  return IssuedToken.parse(made.body).token
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** Asks about a mail to somebody, as an agent. */
async function ask(c: Companion, token: string, to: string, origin = 'https://mail.example.com') {
  const here = sendTo(to)
  const text = JSON.stringify(here).replaceAll('https://mail.example.com', origin)
  const descriptor: unknown = JSON.parse(text)
  const answer = await call(c, 'POST', '/v1/evaluate', descriptor, bearer(token))
  return EvaluateAnswer.parse(answer.body)
}

async function entries(c: Companion, kind: string) {
  return AuditPage.parse((await call(c, 'GET', `/v1/audit?kind=${kind}&limit=100`)).body).entries
}

const status = async (c: Companion) => Status.parse((await call(c, 'GET', '/v1/status')).body)
const use = async (c: Companion) => PolicyUse.parse((await call(c, 'GET', '/v1/policy/use')).body)

const mail = `version: 1
scope: Answer mail of customers.
rules:
  - id: mail
    effect: allow
    on: { capability: send }
    acknowledge: [communication]
`

describe('POST /v1/holds/verdicts', () => {
  it('answers per hold, with one reason, and a refused one keeps none of the others back', async () => {
    const c = await companion()
    const agent = await tokenOf(c, 'agent', 'bot')
    const ids = []
    for (const to of ['a@example.com', 'b@example.com', 'c@example.com'])
      ids.push((await ask(c, agent, to)).hold_id ?? '')
    const [first = '', second = '', third = ''] = ids
    await call(c, 'POST', `/v1/holds/${second}/verdict`, { verdict: 'deny' })
    const body = { holds: [first, second, 'hold_none', third, first], verdict: 'approve' }
    const answer = await call(c, 'POST', '/v1/holds/verdicts', { ...body, reason: 'one ticket' })
    const { results } = VerdictsAnswer.parse(answer.body)
    expect(results.map((one) => (one.ok ? one.hold.state : one.code))).toEqual([
      'approved',
      'hold_denied',
      'hold_unknown',
      'approved',
    ])
    const verdicts = (await entries(c, 'verdict')).filter(({ body: b }) => b.verdict === 'approve')
    expect(verdicts.map((entry) => entry.body)).toMatchObject([
      { reason: 'one ticket', from: '127.0.0.1' },
      { reason: 'one ticket', from: '127.0.0.1' },
    ])
  })

  it('is a forgery where an agent tries it', async () => {
    const c = await companion()
    const agent = await tokenOf(c, 'agent', 'bot')
    const body = { holds: ['hold_1'], verdict: 'approve' }
    const answer = await call(c, 'POST', '/v1/holds/verdicts', body, bearer(agent))
    expect(answer.status).toBe(403)
    expect((await status(c)).breaker.open).toBe(true)
  })

  it.each([
    [{ holds: [], verdict: 'approve' }],
    [{ holds: ['a'], verdict: 'maybe' }],
    [{ holds: 'a', verdict: 'deny' }],
    [{ verdict: 'deny' }],
  ])('refuses %j', async (body) => {
    const c = await companion()
    expect((await call(c, 'POST', '/v1/holds/verdicts', body)).status).toBe(400)
  })
})

describe('several approvers', () => {
  const policyText = `version: 1
approvers: { communication: [{ role: lead, people: 2 }] }
people:
  - { name: Alice, roles: lead }
  - { name: Bob, roles: lead }
  - { name: Carol, roles: other }
`

  it('have to agree, each with the role; the hold says how far it is', async () => {
    const c = await companion({ policyText })
    const agent = await tokenOf(c, 'agent', 'bot')
    const [alice, bob, carol] = [
      await tokenOf(c, 'supervisor', 'Alice'),
      await tokenOf(c, 'supervisor', 'Bob'),
      await tokenOf(c, 'supervisor', 'Carol'),
    ]
    const answer = await ask(c, agent, 'a@example.com')
    expect(answer).toMatchObject({ decision: 'hold', approver: 'lead', people: 2 })
    const path = `/v1/holds/${answer.hold_id}/verdict`
    const approve = async (token: string) =>
      await call(c, 'POST', path, { verdict: 'approve', reason: 'fine' }, bearer(token))
    const refused = await approve(carol)
    expect([refused.status, Problem.parse(refused.body).code]).toEqual([403, 'not_approver'])
    expect(Hold.parse((await approve(alice)).body)).toMatchObject({
      state: 'pending',
      approvals: [{ by: 'Alice', role: 'lead', from: '127.0.0.1', reason: 'fine' }],
    })
    expect(Hold.parse((await approve(alice)).body).state).toBe('pending')
    expect(Hold.parse((await approve(bob)).body).state).toBe('approved')
  })

  it('cannot take another’s name: the home folder’s token alone makes those of people', async () => {
    const c = await companion({ policyText })
    const alice = await tokenOf(c, 'supervisor', 'Alice')
    const make = async (token: string, name: string, role: string) =>
      (await call(c, 'POST', '/v1/tokens', { name, role }, bearer(token))).status
    expect(await make(alice, 'Bob', 'supervisor')).toBe(403)
    expect(await make(alice, 'bot', 'agent')).toBe(201)
    await tokenOf(c, 'supervisor', 'Bob')
    expect(await make(c.token, 'Bob', 'supervisor')).toBe(403)
    const { tokens } = TokenPage.parse((await call(c, 'GET', '/v1/tokens')).body)
    const bob = tokens.find(({ name }) => name === 'Bob')?.id
    const end = async (token: string) =>
      (await call(c, 'DELETE', `/v1/tokens/${bob}`, undefined, bearer(token))).status
    expect(await end(alice)).toBe(403)
    expect(await end(c.token)).toBe(200)
    expect(await make(c.token, 'Bob', 'supervisor')).toBe(201)
  })
})

describe('POST /v1/breaker/reset', () => {
  it('wants a reason, closes one scope, and says who, from where and why', async () => {
    const c = await companion()
    const agent = await tokenOf(c, 'agent', 'bot')
    await call(c, 'POST', '/v1/breaker/reset', { reason: 'because' }, bearer(agent))
    const open = (await status(c)).breaker
    expect(open).toMatchObject({ open: true, scopes: [{ scope: 'policy' }] })
    expect(Date.parse(open.scopes[0]?.since ?? '')).toBeGreaterThan(0)
    for (const body of [{}, { reason: '' }, { reason: '   ' }])
      expect((await call(c, 'POST', '/v1/breaker/reset', body)).status).toBe(400)
    const other = { scope: 'rule mail', reason: 'looked into' }
    expect((await call(c, 'POST', '/v1/breaker/reset', other)).status).toBe(409)
    const closed = await call(c, 'POST', '/v1/breaker/reset', {
      scope: 'policy',
      reason: 'looked into',
    })
    expect(closed.body).toMatchObject({ open: false })
    expect((await status(c)).breaker).toEqual({ open: false, reason: null, scopes: [] })
    const [entry] = await entries(c, 'breaker')
    expect(entry?.body).toMatchObject({
      ...{ scope: 'policy', change: 'closed', reason: 'looked into' },
      ...{ by: 'supervisor', from: '127.0.0.1' },
    })
  })
})

describe('POST /v1/reviews', () => {
  it('closes what is due, with a note', async () => {
    const c = await companion({ policyText: `${mail}review: { after: incident }\n` })
    const agent = await tokenOf(c, 'agent', 'bot')
    expect((await status(c)).reviews).toEqual([])
    await call(c, 'POST', '/v1/reviews', { note: 'fine' }, bearer(agent))
    expect((await status(c)).reviews).toMatchObject([{ why: 'incident' }])
    expect((await call(c, 'POST', '/v1/reviews', { note: ' ' })).status).toBe(400)
    const closed = await call(c, 'POST', '/v1/reviews', { note: 'limits are right' })
    const { audit_id } = Recorded.parse(closed.body)
    expect((await status(c)).reviews).toEqual([])
    const [entry] = await entries(c, 'review')
    expect(entry).toMatchObject({ id: audit_id, body: { note: 'limits are right' } })
  })
})

describe('GET /v1/policy/use', () => {
  it('counts what went against each limit, and says when some is free again', async () => {
    const limited = mail.replace('    acknowledge', '    limit: [2/hour, 5/run]\n    acknowledge')
    const c = await companion({
      policyText: `${limited}limits: [{ max: 9/day, by: agent, on: { capability: send } }]
ceilings: { hour: 40, day: { capability: { send: 30 } } }
`,
    })
    const agent = await tokenOf(c, 'agent', 'bot')
    const before = await use(c)
    expect(before.uses.map(({ used, max }) => [used, max])).toEqual([
      ...[
        [0, 2],
        [0, 5],
        [0, 9],
      ],
      ...[
        [0, 40],
        [0, 30],
      ],
    ])
    for (const to of ['a@example.com', 'b@example.com'])
      expect((await ask(c, agent, to)).decision).toBe('allow')
    const held = await ask(c, agent, 'c@example.com')
    expect(held).toMatchObject({ decision: 'hold', pattern: 'rate-limit' })
    expect(held.retry_after).toBeGreaterThan(3500)
    const { uses } = await use(c)
    expect(uses[0]).toMatchObject({
      ...{ kind: 'limit', rule: 'mail', used: 2, max: 2, window: 'an hour' },
      retryAfter: expect.any(Number),
    })
    expect(uses[2]).toMatchObject({ rule: null, used: 2, max: 9, window: 'a day' })
    expect(uses.slice(3).map(({ kind, used }) => [kind, used])).toEqual([
      ['ceiling', 2],
      ['ceiling', 2],
    ])
    const [hold] = HoldPage.parse((await call(c, 'GET', '/v1/holds?state=pending')).body).holds
    expect(hold).toMatchObject({
      scope: 'Answer mail of customers.',
      decision: { batch: 'limit mail' },
    })
  })

  it('shows what a rule has earned, and takes a person’s word for it once there is enough', async () => {
    const earned = mail.replace('    acknowledge', '    earned: { reviews: 1 }\n    acknowledge')
    const c = await companion({ policyText: earned })
    const agent = await tokenOf(c, 'agent', 'bot')
    const answer = await ask(c, agent, 'a@example.com')
    expect(answer).toMatchObject({
      pattern: 'earned',
      earning: { rule: 'mail', reviews: 0, of: 1, proposed: false },
    })
    const accept = async (rule: string) =>
      await call(c, 'POST', `/v1/policy/earned/${rule}`, { note: 'all as it should be' })
    expect((await accept('mail')).status).toBe(409)
    expect((await accept('nothing')).status).toBe(404)
    expect((await use(c)).earned).toMatchObject([{ rule: 'mail', reviews: 0, allowed: false }])
    const verdict = `/v1/holds/${answer.hold_id}/verdict`
    await call(c, 'POST', verdict, { verdict: 'approve' })
    const again = { ...bearer(agent), 'idempotency-key': 'k' }
    const mailTo = sendTo('b@example.com')
    const held = EvaluateAnswer.parse((await call(c, 'POST', '/v1/evaluate', mailTo, again)).body)
    await call(c, 'POST', `/v1/holds/${held.hold_id}/verdict`, { verdict: 'approve' })
    await call(c, 'POST', '/v1/evaluate', mailTo, again)
    expect((await use(c)).earned).toMatchObject([{ proposed: true, accepted: false }])
    expect((await ask(c, agent, 'c@example.com')).earning).toMatchObject({ proposed: true })
    expect((await accept('mail')).status).toBe(200)
    expect((await use(c)).earned).toMatchObject([{ accepted: true, allowed: true }])
    expect((await ask(c, agent, 'd@example.com')).decision).toBe('allow')
  })

  it('tells the run and the agent that have used most of what is counted apart', async () => {
    const c = await companion({
      policyText: `${mail}limits:
  - { max: 3/day, by: agent, on: { capability: send } }
  - { max: 9/hour, by: category }
  - { max: 5/hour, by: run }
ceilings: { run: 20 }
`,
    })
    const runs = [
      { id: 'r1', name: 'bot', agent: 'a1' },
      { id: 'r2', name: 'night shift', agent: 'a2' },
    ]
    for (const [at, run] of [runs[0], runs[1], runs[1]].entries())
      await call(c, 'POST', '/v1/evaluate', { ...sendTo(`p${at}@example.com`), run })
    expect((await use(c)).uses).toMatchObject([
      { of: 'a2', used: 2, max: 3 },
      { of: 'communication', used: 3, max: 9 },
      { of: 'night shift', used: 2, max: 5 },
      { of: 'night shift', used: 2, max: 20, window: 'a run' },
    ])
  })
})

describe('promotions', () => {
  const staging = 'https://staging.example.com'
  const policyText = `${mail}sandbox: { https://mail.example.com: https://staging.example.com }\n`

  it('let what was done on staging be done once on production, until they are revoked', async () => {
    const c = await companion({ policyText })
    const agent = await tokenOf(c, 'agent', 'bot')
    const gone = await ask(c, agent, 'a@example.com', staging)
    expect(gone.decision).toBe('allow')
    const page = StagedPage.parse((await call(c, 'GET', '/v1/staged')).body)
    expect(page.sandbox).toEqual([
      { production: 'https://mail.example.com', staging: 'https://staging.example.com' },
    ])
    expect(page.actions.map(({ entry }) => entry)).toEqual([gone.audit_id])
    const body = { entries: [gone.audit_id], note: 'compared with the ticket' }
    const forged = await call(c, 'POST', '/v1/promotions', body, bearer(agent))
    expect(forged.status).toBe(403)
    await call(c, 'POST', '/v1/breaker/reset', { reason: 'it was this test' })
    const made = await call(c, 'POST', '/v1/promotions', body)
    expect(made.status).toBe(201)
    const [promotion] = PromotionPage.parse(made.body).promotions
    expect(promotion).toMatchObject({
      ...{ id: gone.audit_id, state: 'unspent', by: 'supervisor', note: body.note },
      action: { entry: gone.audit_id },
    })
    expect(StagedPage.parse((await call(c, 'GET', '/v1/staged')).body).actions).toEqual([])
    expect((await call(c, 'POST', '/v1/promotions', body)).status).toBe(409)
    const revoked = await call(c, 'DELETE', `/v1/promotions/${gone.audit_id}`)
    expect(revoked.status).toBe(200)
    const after = PromotionPage.parse((await call(c, 'GET', '/v1/promotions')).body)
    expect(after.promotions.map(({ state }) => state)).toEqual(['revoked'])
    expect((await call(c, 'DELETE', `/v1/promotions/${gone.audit_id}`)).status).toBe(404)
  })
})

describe('undo', () => {
  it('says why an entry cannot be undone', async () => {
    const c = await companion({ policyText: mail })
    const answer = await call(c, 'POST', '/v1/audit/hp_1/undo', {})
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(Problem.parse(answer.body).code).not.toBe('internal')
  })

  it('notes a trial only of the recipe that the policy has now', async () => {
    const c = await companion({
      policyText: `${mail}undo:
  unsend: { url: https://mail.example.com/sent, steps: [{ click: Unsend }] }
`,
    })
    const tried = { text: 'something else', ok: true, url: 'https://staging.example.com', did: [] }
    const trial = async (name: string, text: string) =>
      await call(c, 'POST', `/v1/undo/${name}/trial`, { ...tried, text })
    const changed = await trial('unsend', 'something else')
    expect([changed.status, Problem.parse(changed.body).code]).toEqual([409, 'recipe_changed'])
    expect((await trial('nothing', 'x')).status).toBe(404)
    const text = c.context.policy.current().undo.get('unsend')?.text ?? ''
    expect((await trial('unsend', text)).status).toBe(200)
    expect((await entries(c, 'undo-trial'))[0]?.body).toMatchObject({ recipe: 'unsend', ok: true })
  })
})
