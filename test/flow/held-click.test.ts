import { describe, expect, it } from 'vitest'
import type { Companion } from '#companion/commands/start-companion.ts'
import { AuditTrace } from '#shared/protocol/access.ts'
import { AuditPage, HoldPage, Status } from '#shared/protocol/api.ts'
import type { Answer } from '#shared/protocol/link.ts'
import { call, companion, connect, pairBrowser, sendClick, sendTo, worker } from './companion.ts'

function holdIn(answer: Answer) {
  if (answer.state !== 'held') throw new Error(`expected held, got ${JSON.stringify(answer)}`)
  return answer.hold
}

async function kinds(c: Companion): Promise<string[]> {
  const page = AuditPage.parse((await call(c, 'GET', '/v1/audit?limit=500')).body)
  return page.entries.map((entry) => entry.kind).reverse()
}

const place = { tab: 1, frame: 0 }

describe('a held click', () => {
  it('is held, approved in the dashboard, released once and traced', async () => {
    const c = await companion()
    const browser = await worker(c)
    const hold = holdIn(await browser.ask(sendClick(), 'r1'))
    expect(HoldPage.parse((await call(c, 'GET', '/v1/holds?state=pending')).body).holds).toEqual([
      hold,
    ])
    const verdict = { verdict: 'approve', reason: 'known customer' }
    const path = `/v1/holds/${hold.id}/verdict`
    const clicks = await Promise.all([
      call(c, 'POST', path, verdict),
      call(c, 'POST', path, verdict),
    ])
    expect(clicks.map(({ status }) => status)).toEqual([200, 200])
    const { ticket = '' } = await browser.decided(hold.id)
    expect(browser.messages.filter((m) => m.type === 'decided').length).toBe(1)

    const redeem = {
      type: 'redeem',
      hold: hold.id,
      ticket,
      descriptor: sendClick(),
      place,
    } as const
    const answers = await Promise.all([
      browser.answer({ ...redeem, id: 'm1' }),
      browser.answer({ ...redeem, id: 'm2' }),
    ])
    expect(answers.map(({ state }) => state)).toEqual(['go', 'refused'])
    const [go] = answers
    if (go?.state !== 'go') throw new Error('not released')
    const evidence = { outcome: 'done', status: 200 } as const
    const outcome = { type: 'outcome', id: 'm3', audit: go.audit, evidence } as const
    expect((await browser.answer(outcome)).state).toBe('recorded')

    const traced = AuditTrace.parse((await call(c, 'GET', `/v1/audit/${hold.auditId}`)).body)
    expect(traced.trace.map(({ kind }) => kind)).toEqual([
      'decision',
      'verdict',
      'release',
      'outcome',
    ])
    expect(traced.last).toBe(false)
    const newest = traced.trace.at(-1)?.id
    expect((await call(c, 'GET', `/v1/audit/${newest}`)).body).toMatchObject({ last: true })
    const status = Status.parse((await call(c, 'GET', '/v1/status')).body)
    expect(status).toMatchObject({ pending: 0, day: { hold: 1, approved: 1 } })
    expect(status.browsers).toMatchObject([{ name: 'Chromium', connected: true }])
  })

  it('comes back as a new hold with the difference when the recipient changed', async () => {
    const c = await companion()
    const browser = await worker(c)
    const hold = holdIn(await browser.ask(sendTo('ann@example.com')))
    await call(c, 'POST', `/v1/holds/${hold.id}/verdict`, { verdict: 'approve' })
    const { ticket = '' } = await browser.decided(hold.id)
    const descriptor = sendTo('mallory@example.org')
    const answer = await browser.answer({
      ...{ type: 'redeem', id: 'm1', hold: hold.id, ticket, descriptor, place },
    })
    const anew = holdIn(answer)
    expect(anew.replaces).toBe(hold.id)
    expect(anew.changes).toContainEqual({
      term: 'recipients',
      before: 'ann@example.com',
      after: 'mallory@example.org',
    })
    expect(await kinds(c)).not.toContain('release')
    const old = await browser.answer({
      ...{ type: 'redeem', id: 'm2', hold: hold.id, ticket, place },
      descriptor: sendTo('ann@example.com'),
    })
    expect(old).toMatchObject({ state: 'refused', code: 'hold_withdrawn' })
  })

  it('tells approved holds that still wait from those that were let go, and takes one back', async () => {
    const c = await companion()
    const browser = await worker(c)
    const list = async (query: string) =>
      HoldPage.parse((await call(c, 'GET', `/v1/holds?${query}`)).body).holds.map(({ id }) => id)
    const [first, second] = [
      holdIn(await browser.ask(sendTo('ann@example.com'))),
      holdIn(await browser.ask(sendTo('bob@example.com'))),
    ]
    for (const { id } of [first, second])
      await call(c, 'POST', `/v1/holds/${id}/verdict`, { verdict: 'approve' })
    const { ticket = '' } = await browser.decided(first.id)
    await browser.answer({
      ...{ type: 'redeem', id: 'm1', hold: first.id, ticket, place },
      descriptor: sendTo('ann@example.com'),
    })
    expect(await list('state=approved&released=1')).toEqual([first.id])
    expect(await list('state=approved&released=0')).toEqual([second.id])
    const denied = await call(c, 'POST', `/v1/holds/${second.id}/verdict`, { verdict: 'deny' })
    expect(denied).toMatchObject({ status: 200, body: { state: 'denied' } })
    expect(await list('state=approved&released=0')).toEqual([])
  })

  it('keeps two holds of two frames apart', async () => {
    const c = await companion()
    const browser = await worker(c)
    const [first, second] = [
      holdIn(await browser.ask(sendTo('ann@example.com'))),
      holdIn(await browser.ask(sendTo('bob@example.com'))),
    ]
    await call(c, 'POST', `/v1/holds/${second.id}/verdict`, { verdict: 'deny' })
    expect((await browser.decided(second.id)).state).toBe('denied')
    expect(HoldPage.parse((await call(c, 'GET', '/v1/holds?state=pending')).body).holds).toEqual([
      first,
    ])
  })

  it('is asked about again with the same id after the worker was evicted', async () => {
    const c = await companion()
    const { link, token } = await pairBrowser(c)
    const evicted = await connect(link, token)
    const hold = holdIn(await evicted.ask(sendClick(), 'r1'))
    evicted.socket.terminate()
    await call(c, 'POST', `/v1/holds/${hold.id}/verdict`, { verdict: 'approve' })
    const browser = await connect(link, token)
    expect(holdIn(await browser.ask(sendClick(), 'r1'))).toMatchObject({
      id: hold.id,
      state: 'approved',
    })
    const { ticket = '' } = await browser.decided(hold.id)
    const redeem = { type: 'redeem', id: 'm1', hold: hold.id, ticket } as const
    const answer = await browser.answer({ ...redeem, descriptor: sendClick(), place })
    expect(answer.state).toBe('go')
    expect(await browser.ask(sendClick(), 'r1')).toMatchObject({ code: 'already_released' })
  })

  it('cannot be approved over the link when it cannot be undone, and can be denied', async () => {
    const c = await companion()
    const browser = await worker(c)
    const hold = holdIn(await browser.ask(sendClick()))
    const verdict = { type: 'verdict', hold: hold.id, automation: false } as const
    const approve = await browser.answer({ ...verdict, id: 'm1', verdict: 'approve' })
    expect(approve).toMatchObject({ state: 'refused', code: 'surface_may_not_approve' })
    const deny = await browser.answer({ ...verdict, id: 'm2', verdict: 'deny' })
    expect(deny.state).toBe('recorded')
    expect((await browser.decided(hold.id)).state).toBe('denied')
  })

  it('opens the breaker when automation approves it, until a person resets it', async () => {
    const c = await companion()
    const browser = await worker(c)
    const hold = holdIn(await browser.ask(sendClick()))
    const from = browser.messages.length
    const verdict = { type: 'verdict', hold: hold.id, automation: true } as const
    await browser.answer({ ...verdict, id: 'm1', verdict: 'approve' })
    const isSettings = (m: (typeof browser.messages)[number]) => m.type === 'settings'
    const settings = await browser.message((m): m is typeof m => isSettings(m), from)
    expect(settings).toMatchObject({ settings: { mode: 'enforce' } })
    const open = Status.parse((await call(c, 'GET', '/v1/status')).body)
    expect(open.breaker.open).toBe(true)
    expect(open.day.forgery).toBe(1)
    expect((await call(c, 'POST', '/v1/breaker/reset', {})).status).toBe(400)
    const reason = 'looked into; it was a test'
    expect((await call(c, 'POST', '/v1/breaker/reset', { reason })).status).toBe(200)
    const closed = Status.parse((await call(c, 'GET', '/v1/status')).body)
    expect(closed.breaker).toEqual({ open: false, reason: null, scopes: [] })
  })

  it('is recorded and not executed in shadow mode', async () => {
    const c = await companion({ mode: 'shadow' })
    const browser = await worker(c)
    expect(await browser.ask(sendClick())).toMatchObject({ state: 'shadowed' })
    expect(HoldPage.parse((await call(c, 'GET', '/v1/holds')).body).holds).toEqual([])
  })
})

describe('the link', () => {
  it('closes on a malformed message and stores nothing of it', async () => {
    const c = await companion()
    const browser = await worker(c)
    const before = await kinds(c)
    const closed = browser.closed()
    browser.socket.send('{"type":"ask","id":"r1","descriptor":{"door":"extension"}}')
    expect(await closed).toBe(1008)
    expect(await kinds(c)).toEqual(before)
  })

  it.each(['not json', '[]', '{"type":"release"}', '{"type":"pong","more":1}'])(
    'closes on %s',
    async (text) => {
      const browser = await worker(await companion())
      const closed = browser.closed()
      browser.socket.send(text)
      expect(await closed).toBe(1008)
    },
  )

  it('closes on a message over the limit', async () => {
    const browser = await worker(await companion())
    const closed = browser.closed()
    browser.socket.send('x'.repeat(256 * 1024 + 1))
    expect(await closed).toBe(1009)
  })

  it('ends when the token is revoked', async () => {
    const c = await companion()
    const browser = await worker(c)
    const closed = browser.closed()
    const id = browser.token.split('.')[0]
    expect((await call(c, 'DELETE', `/v1/tokens/${id}`)).status).toBe(200)
    expect(await closed).toBe(4401)
  })
})
