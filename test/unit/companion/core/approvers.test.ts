import { describe, expect, it } from 'vitest'
import { forged } from '#companion/core/forgery.ts'
import { RunBoard } from '#companion/core/run-board.ts'
import { ann, bob, eve, type Say, SqliteBench } from '../sqlite-bench.ts'

const people = `people: [
  {name: ann, roles: [lead, owner]}, {name: bob, roles: [lead]}, {name: cid, roles: [owner]}]`
const approvers = `approvers: {financial: [{role: owner}, {above: 500 USD, role: lead, people: 2}]}`
const policy = `{version: 1, ${people}, ${approvers}}`
const pay = (amount: string): Say => ({ category: 'financial', amount: [amount] })

describe('approvals', () => {
  it('of one person with the role let it go, and say who, with which role and from where', async () => {
    const bench = await SqliteBench.open(policy)
    const hold = await bench.held(pay('50 USD'))
    expect(hold.decision.approver).toBe('owner')
    const done = await bench.decide(hold, 'approve', ann)
    const verdict = { verdict: 'approve', by: 'ann', role: 'owner', from: '127.0.0.1' }
    expect(done).toMatchObject({ ok: true, hold: { state: 'approved', verdict } })
    expect((await bench.entries('verdict'))[0]?.body).toMatchObject(verdict)
  })

  it('of somebody without the role are refused, recorded, and say who has it', async () => {
    const bench = await SqliteBench.open(policy)
    const hold = await bench.held(pay('50 USD'))
    const done = await bench.decide(hold, 'approve', bob)
    expect(done).toMatchObject({ ok: false, error: { code: 'not_approver' } })
    expect(done.ok ? '' : done.error.message).toMatch(/`owner`.*`ann` or `cid`/)
    expect((await bench.entries('refused'))[0]?.body).toMatchObject({
      ...{ code: 'not_approver', by: 'bob', from: '127.0.0.1' },
    })
    expect((await bench.store.hold(hold.id))?.hold.state).toBe('pending')
    expect(await bench.decide(hold, 'deny', eve)).toMatchObject({ hold: { state: 'denied' } })
  })

  it('are wanted of two different people, and one person twice is one', async () => {
    const bench = await SqliteBench.open(policy)
    const hold = await bench.held(pay('900 USD'))
    expect(hold.decision).toMatchObject({ approver: 'lead', people: 2 })
    for (const by of [ann, ann])
      expect(await bench.decide(hold, 'approve', by)).toMatchObject({
        ok: true,
        hold: { state: 'pending', approvals: [{ by: 'ann' }] },
      })
    expect(bench.told).toEqual([])
    const done = await bench.decide(hold, 'approve', bob)
    expect(done).toMatchObject({
      hold: {
        state: 'approved',
        approvals: [{ by: 'ann' }, { by: 'bob' }],
        verdict: { by: 'bob' },
      },
    })
    expect((await bench.entries('verdict')).map(({ body }) => body.approvals)).toEqual([
      '1 of 2',
      '2 of 2',
    ])
    expect(bench.told).toHaveLength(1)
  })

  it('of one of two are kept over a restart', async () => {
    const bench = await SqliteBench.open(policy)
    const hold = await bench.held(pay('900 USD'))
    await bench.decide(hold, 'approve', ann)
    await bench.restart()
    expect(await bench.decide(hold, 'approve', bob)).toMatchObject({ hold: { state: 'approved' } })
  })

  it('end with a denial by one, also after another has approved', async () => {
    const bench = await SqliteBench.open(policy)
    const hold = await bench.held(pay('900 USD'))
    await bench.decide(hold, 'approve', ann)
    expect(await bench.decide(hold, 'deny', bob)).toMatchObject({ hold: { state: 'denied' } })
    expect(await bench.decide(hold, 'approve', bob)).toMatchObject({ ok: false })
  })

  it('go no further once the policy asks for more people than have approved', async () => {
    const bench = await SqliteBench.open(policy)
    const hold = await bench.held(pay('50 USD'))
    await bench.take(policy.replace('{role: owner}', '{role: lead, people: 2}'))
    await expect(bench.approved(hold, ann)).rejects.toThrow(/"state":"held"/)
  })

  it('are nobody’s own: not of a run that they started, nor of what they ask for', async () => {
    const bench = await SqliteBench.open(policy)
    const nothing = () => undefined
    const idle = { pause: nothing, resume: nothing, kill: async () => undefined }
    const run = { id: 'run_1', name: 'refunds', agent: 'bot', startedBy: 'ann', ...idle }
    await new RunBoard(bench.context).started(run)
    expect((await bench.entries('run'))[0]?.body).toMatchObject({ startedBy: 'ann' })
    const hold = await bench.held({ ...pay('50 USD'), run: 'run_1' })
    expect(await bench.decide(hold, 'approve', ann)).toMatchObject({ error: { code: 'own_run' } })
    const cid = { ...eve, name: 'cid' }
    expect(await bench.decide(hold, 'approve', cid)).toMatchObject({ ok: true })
    const asked = await bench.held(pay('50 USD'))
    const asker = { ...ann, id: 't_agent' }
    expect(await bench.decide(asked, 'approve', asker)).toMatchObject({
      error: { code: 'own_run' },
    })
  })

  it('are anybody’s where the policy names nobody, and still of as many as it says', async () => {
    const bench = await SqliteBench.open(`{version: 1, ${approvers}}`)
    expect(await bench.decide(await bench.held(pay('5 USD')), 'approve', eve)).toMatchObject({
      hold: { state: 'approved' },
    })
    const two = await bench.held(pay('900 USD'))
    await bench.decide(two, 'approve', eve)
    expect(await bench.decide(two, 'approve', bob)).toMatchObject({ hold: { state: 'approved' } })
  })

  it('take the role also where the breaker held it', async () => {
    const allow = 'rules: [{id: a, effect: allow, acknowledge: [financial]}]'
    const bench = await SqliteBench.open(`{version: 1, ${people}, ${approvers}, ${allow}}`)
    await forged(bench.context, { actor: 'x', hold: null, why: 'a script pressed Approve' })
    const hold = await bench.held(pay('900 USD'))
    expect(hold.decision).toMatchObject({ pattern: 'breaker', approver: 'lead', people: 2 })
  })

  it('take the role also where a limit, and not a rule, held it', async () => {
    const bench = await SqliteBench.open(
      `{version: 1, ${people}, ${approvers}, ceilings: {hour: 0},
        rules: [{id: a, effect: allow, acknowledge: [financial]}]}`,
    )
    const hold = await bench.held(pay('50 USD'))
    expect(hold.decision).toMatchObject({ pattern: 'ceiling', approver: 'owner' })
    expect(await bench.decide(hold, 'approve', bob)).toMatchObject({ ok: false })
    await bench.approved(hold, ann)
  })
})
