import { describe, expect, it } from 'vitest'
import { ask, redeem } from '#companion/core/intake.ts'
import { decideHold } from '#companion/core/verdict.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import type { Answer } from '#shared/protocol/link.ts'
import { type Bench, bench, decision, descriptor, me, paying, settled } from '../bench.ts'

const read: Classification = { capability: 'read', category: 'other', effect: 'none', signals: [] }

async function asked(b: Bench, id = 'r1', what = descriptor()): Promise<Answer> {
  return (await ask(b.context, { id, descriptor: what, asker: me })).answer
}

function holdOf(answer: Answer): Hold {
  if (answer.state !== 'held') throw new Error(`expected held, got ${answer.state}`)
  return answer.hold
}

/** Approves in the dashboard and returns the ticket that was told. */
async function approved(b: Bench, hold: string): Promise<string> {
  const by = { id: 't_sup', actor: 'supervisor' }
  const verdict = 'approve'
  const result = await decideHold(b.context, {
    ...{ hold, verdict, by, name: 'supervisor', surface: 'dashboard', automation: null },
  })
  expect(result.ok).toBe(true)
  const message = b.told.at(-1)?.message
  if (message?.type !== 'decided' || !message.ticket) throw new Error('no ticket was told')
  return message.ticket
}

function kinds(b: Bench): string[] {
  return b.store.entries.map((entry) => entry.kind)
}

describe('ask', () => {
  it('lets an allowed action go once its entry is durable', async () => {
    const b = await bench()
    b.says.decision = decision('allow')
    const answer = await asked(b)
    expect(answer).toEqual({ state: 'go', audit: 'hp_1', mode: 'enforce' })
    expect(b.store.entries[0]?.body).toMatchObject({ answer: 'go', released: true })
  })

  it('answers audit_unavailable and keeps nothing when the record cannot be made durable', async () => {
    const b = await bench()
    b.says.decision = decision('allow')
    b.store.failing = new Error('disk full')
    expect(await asked(b)).toMatchObject({ state: 'refused', code: 'audit_unavailable' })
    expect([b.store.entries.length, b.published.length, b.reported.length]).toEqual([0, 0, 1])
    b.store.failing = null
    expect(await asked(b)).toMatchObject({ state: 'go' })
  })

  it('stores a hold before anyone is asked', async () => {
    const b = await bench()
    b.store.failing = new Error('disk full')
    expect(await asked(b)).toMatchObject({ state: 'refused' })
    expect(b.published).toEqual([])
    b.store.failing = null
    const hold = holdOf(await asked(b))
    expect((await b.store.holds({ state: 'pending', limit: 10 })).holds).toEqual([hold])
    expect(b.published.map((event) => event.event)).toEqual(['audit', 'hold'])
  })

  it('gives the same hold to the same id', async () => {
    const b = await bench()
    const [first, second] = await Promise.all([asked(b), asked(b)])
    expect(second).toEqual(first)
    expect(kinds(b)).toEqual(['decision'])
  })

  it('never lets the same id go twice, and leaves the next such action to a person', async () => {
    const b = await bench()
    b.says.decision = decision('allow')
    expect(await asked(b)).toMatchObject({ state: 'go' })
    expect(await asked(b)).toMatchObject({ state: 'refused', code: 'already_released' })
    expect(await asked(b)).toMatchObject({ state: 'refused', code: 'already_released' })
    expect(kinds(b)).toEqual(['decision', 'outcome'])
    const anew = holdOf(await asked(b, 'r2'))
    expect(anew.decision.reason).toContain('nobody knows whether it happened')
    expect(await asked(b, 'r3', paying('$5.00'))).toMatchObject({ state: 'go' })
    const ticket = await approved(b, anew.id)
    const request = { id: 'm1', hold: anew.id, ticket, descriptor: descriptor(), asker: me }
    expect(await redeem(b.context, request)).toMatchObject({ state: 'go' })
    expect(await asked(b, 'r4')).toMatchObject({ state: 'go' })
  })

  it("refuses another door's id", async () => {
    const b = await bench()
    await asked(b)
    const other = { id: 't_other', actor: 'extension:Edge' }
    const { answer } = await ask(b.context, { id: 'r1', descriptor: descriptor(), asker: other })
    expect(answer).toMatchObject({ state: 'refused', code: 'request_id_taken' })
  })

  it('keeps nothing but the entry of an id that was made for one ask', async () => {
    const b = await bench()
    b.says.decision = decision('allow')
    const once = { id: 'r1', descriptor: descriptor({ door: 'api' }), asker: me, once: true }
    expect((await ask(b.context, once)).answer).toMatchObject({ state: 'go', audit: 'hp_1' })
    expect(await b.store.write((tx) => tx.ask('r1'))).toBeNull()
    expect(kinds(b)).toEqual(['decision'])
  })

  it('passes reads in shadow mode and executes nothing else there', async () => {
    const b = await bench()
    b.says.decision = decision('allow', { mode: 'shadow' })
    expect(await asked(b)).toMatchObject({ state: 'shadowed' })
    b.says.classification = read
    expect(await asked(b, 'r2')).toMatchObject({ state: 'go' })
  })

  it('lets everything go in observe mode and records what it would have got', async () => {
    const b = await bench()
    b.says.decision = decision('deny', { mode: 'observe' })
    expect(await asked(b)).toEqual({ state: 'go', audit: 'hp_1', mode: 'observe' })
    expect(b.store.entries[0]?.body.decision).toMatchObject({ kind: 'deny' })
  })

  it('tells the agent why it was denied', async () => {
    const b = await bench()
    b.says.decision = decision('deny', { tell: 'ask the data team' })
    expect(await asked(b)).toMatchObject({ state: 'denied', tell: 'ask the data team' })
  })

  it('replaces a hold whose terms the door saw move', async () => {
    const b = await bench()
    const before = holdOf(await asked(b, 'r1', paying('$5.00')))
    const request = { id: 'r2', descriptor: paying('$9.00'), asker: me, previous: before.id }
    const anew = holdOf((await ask(b.context, request)).answer)
    expect(anew).toMatchObject({ replaces: before.id, changes: [{ term: 'amounts' }] })
    expect((await b.store.hold(before.id))?.hold.state).toBe('withdrawn')
  })

  it('records text that has no canonical form', async () => {
    const b = await bench()
    const target = { ...descriptor().target, name: 'Send \ud83d' }
    expect(await asked(b, 'r1', descriptor({ target }))).toMatchObject({ state: 'held' })
  })
})

describe('redeem', () => {
  async function ready(what = descriptor()) {
    const b = await bench()
    const hold = holdOf(await asked(b, 'r1', what))
    const ticket = await approved(b, hold.id)
    const request = { id: 'm1', hold: hold.id, ticket, descriptor: what, asker: me }
    return { b, hold, request }
  }

  it('releases once, durably, and refuses the ticket from then on', async () => {
    const { b, request } = await ready()
    const answers = await Promise.all([
      redeem(b.context, request),
      redeem(b.context, { ...request, id: 'm2' }),
    ])
    expect(answers).toMatchObject([{ state: 'go' }, { state: 'refused', code: 'ticket_used' }])
    expect(kinds(b)).toEqual(['decision', 'verdict', 'release'])
    expect(await asked(b)).toMatchObject({ state: 'refused', code: 'already_released' })
  })

  it('releases nothing when the intent cannot be recorded', async () => {
    const { b, hold, request } = await ready()
    b.store.failing = new Error('disk full')
    expect(await redeem(b.context, request)).toMatchObject({ code: 'audit_unavailable' })
    b.store.failing = null
    expect((await b.store.hold(hold.id))?.hold.released).toBe(false)
    expect(await redeem(b.context, request)).toMatchObject({ state: 'go' })
  })

  it('refuses a wrong ticket and a foreign door', async () => {
    const { b, request } = await ready()
    const wrong = await redeem(b.context, { ...request, ticket: 'guess' })
    expect(wrong).toMatchObject({ state: 'refused', code: 'ticket_wrong' })
    const asker = { id: 't_other', actor: 'extension:Edge' }
    const foreign = await redeem(b.context, { ...request, asker })
    expect(foreign).toMatchObject({ state: 'refused', code: 'hold_unknown' })
  })

  it('asks again with the difference when a term moved, even where a rule allows it now', async () => {
    const { b, hold, request } = await ready(paying('$5.00'))
    b.says.decision = decision('allow')
    const moved = { ...request, descriptor: paying('$500.00') }
    const anew = holdOf(await redeem(b.context, moved))
    expect(anew.replaces).toBe(hold.id)
    expect(anew.changes).toContainEqual({ term: 'amounts', before: '500 USD', after: '50000 USD' })
    expect((await b.store.hold(hold.id))?.hold.state).toBe('withdrawn')
    expect(await redeem(b.context, request)).toMatchObject({ state: 'held' })
    const again = await redeem(b.context, { ...request, id: 'm2' })
    expect(again).toMatchObject({ state: 'refused', code: 'hold_withdrawn' })
  })

  it('does not ask again for a re-rendered page', async () => {
    const { b, request } = await ready()
    const target = { ...descriptor().target, path: 'div > form > button', hints: ['btn-2'] }
    const answer = await redeem(b.context, { ...request, descriptor: descriptor({ target }) })
    expect(answer).toMatchObject({ state: 'go' })
  })

  it('asks again when the same terms are judged to be worse', async () => {
    const b = await bench()
    b.says.classification = { ...b.says.classification, effect: 'reversible' }
    const hold = holdOf(await asked(b))
    const ticket = await approved(b, hold.id)
    b.says.classification = { ...b.says.classification, effect: 'irreversible' }
    const request = { id: 'm1', hold: hold.id, ticket, descriptor: descriptor(), asker: me }
    expect(holdOf(await redeem(b.context, request)).changes).toEqual([
      { term: 'effect', before: 'reversible', after: 'irreversible' },
    ])
  })

  it('obeys a policy that denies it by now', async () => {
    const { b, hold, request } = await ready()
    b.says.decision = decision('deny')
    expect(await redeem(b.context, request)).toMatchObject({ state: 'denied' })
    expect((await b.store.hold(hold.id))?.hold).toMatchObject({
      state: 'withdrawn',
      released: false,
    })
  })

  it('refuses an approval that was not used within two minutes', async () => {
    const { b, request } = await ready()
    b.clock.advance(120_000)
    expect(await redeem(b.context, request)).toMatchObject({ code: 'hold_expired' })
    await settled()
    expect(kinds(b)).toEqual(['decision', 'verdict', 'expired'])
  })

  it('does not revive an expired approval when the wall clock is set back', async () => {
    const { b, request } = await ready()
    b.clock.advance(120_000)
    b.clock.wall -= 3_600_000
    expect(await redeem(b.context, request)).toMatchObject({ state: 'refused' })
    const context = await b.restart()
    expect(await redeem(context, request)).toMatchObject({ state: 'refused' })
  })
})

describe('a restart', () => {
  it('keeps a hold, and what is left of its time', async () => {
    const b = await bench()
    const hold = holdOf(await asked(b))
    b.clock.advance(300_000)
    const context = await b.restart()
    expect((await ask(context, { id: 'r1', descriptor: descriptor(), asker: me })).answer).toEqual({
      state: 'held',
      hold,
    })
    b.clock.advance(299_999)
    await settled()
    expect((await b.store.hold(hold.id))?.hold.state).toBe('pending')
    b.clock.advance(1)
    await settled()
    expect((await b.store.hold(hold.id))?.hold.state).toBe('expired')
    expect(kinds(b)).toEqual(['decision', 'expired'])
  })

  it('does not lengthen a hold whose companion came back to an earlier wall clock', async () => {
    const b = await bench()
    const hold = holdOf(await asked(b))
    b.clock.wall -= 365 * 86_400_000
    await b.restart()
    b.clock.advance(600_000)
    await settled()
    expect((await b.store.hold(hold.id))?.hold.state).toBe('expired')
  })

  it('puts what was let go without an outcome in doubt', async () => {
    const b = await bench()
    b.says.decision = decision('allow')
    await asked(b)
    const context = await b.restart()
    const next = { id: 'r2', descriptor: descriptor(), asker: me }
    expect((await ask(context, next)).answer).toMatchObject({ state: 'held' })
    expect(b.store.entries[1]?.body).toMatchObject({ evidence: { outcome: 'unknown' } })
  })
})
