import { describe, expect, it } from 'vitest'
import { closeBreaker } from '#companion/core/close-breaker.ts'
import { ask, redeem } from '#companion/core/intake.ts'
import { renewTicket } from '#companion/core/renew-ticket.ts'
import { TICKET_LIFE_MS } from '#companion/core/ticket.ts'
import { decideHold, type VerdictRequest } from '#companion/core/verdict.ts'
import { type Bench, bench, decision, descriptor, me, settled } from '../bench.ts'

const person = { id: 't_sup', actor: 'supervisor' }

async function held(b: Bench, id = 'r1'): Promise<string> {
  const { answer } = await ask(b.context, { id, descriptor: descriptor(), asker: me })
  if (answer.state !== 'held') throw new Error(`expected held, got ${answer.state}`)
  return answer.hold.id
}

function verdict(hold: string, more: Partial<VerdictRequest> = {}): VerdictRequest {
  return {
    hold,
    verdict: 'approve',
    surface: 'dashboard',
    by: person,
    name: 'supervisor',
    automation: null,
    ...more,
  }
}

const overlay = { surface: 'overlay', by: me, name: 'Chromium' } as const

describe('decideHold', () => {
  it('makes one verdict and one ticket of two clicks on Approve', async () => {
    const b = await bench()
    const hold = await held(b)
    const results = await Promise.all([
      decideHold(b.context, verdict(hold)),
      decideHold(b.context, verdict(hold)),
    ])
    expect(results[1]).toEqual(results[0])
    expect(b.told.length).toBe(1)
    expect(b.store.entries.filter(({ kind }) => kind === 'verdict').length).toBe(1)
  })

  it('keeps the first of two contrary verdicts', async () => {
    const b = await bench()
    const hold = await held(b)
    await decideHold(b.context, verdict(hold, { verdict: 'deny', reason: 'no' }))
    const late = await decideHold(b.context, verdict(hold))
    expect(late).toMatchObject({ ok: false, error: { code: 'hold_denied' } })
    expect(b.told).toMatchObject([{ message: { state: 'denied', reason: 'no' } }])
  })

  it('lets a person deny what was approved and not released yet, and voids its ticket', async () => {
    const b = await bench()
    const hold = await held(b)
    await decideHold(b.context, verdict(hold))
    const given = b.told[0]?.message
    const ticket = given?.type === 'decided' ? (given.ticket ?? '') : ''
    const denied = await decideHold(b.context, verdict(hold, { verdict: 'deny', reason: 'wait' }))
    expect(denied).toMatchObject({ ok: true, hold: { state: 'denied', released: false } })
    expect(b.told.at(-1)).toMatchObject({ message: { state: 'denied', reason: 'wait' } })
    const request = { id: 'm1', hold, ticket, descriptor: descriptor(), asker: me }
    expect(await redeem(b.context, request)).toMatchObject({ code: 'hold_denied' })
    expect(await decideHold(b.context, verdict(hold))).toMatchObject({
      error: { code: 'hold_denied' },
    })
    expect(b.store.entries.map(({ kind }) => kind)).toEqual(['decision', 'verdict', 'verdict'])
  })

  it('says until when an approval waits to be taken up', async () => {
    const b = await bench()
    const hold = await held(b)
    const result = await decideHold(b.context, verdict(hold))
    const until = new Date(b.context.clock.now() + TICKET_LIFE_MS).toISOString()
    expect(result).toMatchObject({ ok: true, hold: { expiresAt: until } })
    expect((await b.store.hold(hold))?.hold.expiresAt).toBe(until)
  })

  it('cannot take back what was released', async () => {
    const b = await bench()
    const hold = await held(b)
    await decideHold(b.context, verdict(hold))
    const given = b.told[0]?.message
    const ticket = given?.type === 'decided' ? (given.ticket ?? '') : ''
    await redeem(b.context, { id: 'm1', hold, ticket, descriptor: descriptor(), asker: me })
    const late = await decideHold(b.context, verdict(hold, { verdict: 'deny' }))
    expect(late).toMatchObject({ ok: false, error: { code: 'hold_released' } })
  })

  it('stores a ticket only as its hash', async () => {
    const b = await bench()
    const hold = await held(b)
    await decideHold(b.context, verdict(hold))
    const message = b.told[0]?.message
    const ticket = message?.type === 'decided' ? (message.ticket ?? '') : ''
    expect(ticket).not.toBe('')
    expect(JSON.stringify(await b.store.hold(hold))).not.toContain(`"${ticket}"`)
    expect(JSON.stringify(b.published)).not.toContain(ticket)
  })

  it('tells nobody of a verdict that could not be recorded', async () => {
    const b = await bench()
    const hold = await held(b)
    b.store.failing = new Error('disk full')
    const result = await decideHold(b.context, verdict(hold))
    expect(result).toMatchObject({ ok: false, error: { code: 'audit_unavailable' } })
    expect(b.told).toEqual([])
  })

  it('refuses a verdict on an expired hold', async () => {
    const b = await bench()
    const hold = await held(b)
    b.clock.advance(600_000)
    await settled()
    const result = await decideHold(b.context, verdict(hold))
    expect(result).toMatchObject({ ok: false, error: { code: 'hold_expired' } })
    expect(b.told).toMatchObject([{ message: { state: 'expired' } }])
  })

  it('gives a door that asks again a new ticket, and voids the old one', async () => {
    const b = await bench()
    const hold = await held(b)
    await decideHold(b.context, verdict(hold))
    await renewTicket(b.context, hold, me)
    const tickets = b.told.map(({ message }) => (message.type === 'decided' ? message.ticket : ''))
    const request = { id: 'm1', hold, descriptor: descriptor(), asker: me }
    const old = await redeem(b.context, { ...request, ticket: tickets[0] ?? '' })
    expect(old).toMatchObject({ code: 'ticket_wrong' })
    const fresh = await redeem(b.context, { ...request, ticket: tickets[1] ?? '' })
    expect(fresh).toMatchObject({ state: 'go' })
  })
})

describe('the page overlay', () => {
  it('may always deny', async () => {
    const b = await bench()
    const hold = await held(b)
    const result = await decideHold(
      b.context,
      verdict(hold, { ...overlay, verdict: 'deny', automation: true }),
    )
    expect(result.ok).toBe(true)
  })

  it('may approve what can be undone', async () => {
    const b = await bench()
    b.says.classification = { ...b.says.classification, effect: 'reversible' }
    const hold = await held(b)
    const result = await decideHold(b.context, verdict(hold, { ...overlay, automation: false }))
    expect(result.ok).toBe(true)
  })

  it.each(['irreversible', 'unknown'] as const)('may not approve an %s effect', async (effect) => {
    const b = await bench()
    b.says.classification = { ...b.says.classification, effect }
    const hold = await held(b)
    const result = await decideHold(b.context, verdict(hold, { ...overlay, automation: false }))
    expect(result).toMatchObject({ ok: false, error: { code: 'surface_may_not_approve' } })
    expect(b.store.entries.at(-1)?.kind).toBe('refused')
    expect(b.context.breaker.reason).toBeNull()
  })

  it('approves nothing while automation is attached: that is a forgery and opens the breaker', async () => {
    const b = await bench()
    b.says.classification = { ...b.says.classification, effect: 'reversible' }
    const hold = await held(b)
    const result = await decideHold(b.context, verdict(hold, { ...overlay, automation: true }))
    expect(result).toMatchObject({ ok: false, error: { code: 'surface_may_not_approve' } })
    expect(b.store.entries.slice(-2).map(({ kind }) => kind)).toEqual(['forgery', 'breaker'])
    expect((await b.store.hold(hold))?.hold.state).toBe('pending')
    expect(b.told).toEqual([])

    b.says.decision = decision('allow', { mode: 'observe' })
    await held(b, 'r2')
    const context = await b.restart()
    expect(context.breaker.reason).not.toBeNull()
    expect(context.breaker.settings(context.policy.settings(0)).mode).toBe('enforce')
    const by = { ...person, name: 'ann' }
    const closed = { scope: 'policy', reason: 'looked into', by }
    expect(await closeBreaker(context, closed)).toMatchObject({ ok: true })
    const request = { id: 'r3', descriptor: descriptor(), asker: me }
    expect((await ask(context, request)).answer).toMatchObject({ state: 'go' })
  })

  it("may not touch another browser's hold", async () => {
    const b = await bench()
    const hold = await held(b)
    const by = { id: 't_other', actor: 'extension:Edge' }
    const result = await decideHold(b.context, verdict(hold, { ...overlay, by, verdict: 'deny' }))
    expect(result).toMatchObject({ ok: false, error: { code: 'hold_unknown' } })
  })
})
