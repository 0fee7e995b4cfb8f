import { describe, expect, it } from 'vitest'
import { closeBreaker } from '#companion/core/close-breaker.ts'
import { recordOutcome } from '#companion/core/facts.ts'
import { forged } from '#companion/core/forgery.ts'
import {
  PROMOTION_MS,
  promote,
  promotions,
  revokePromotion,
  staged,
} from '#companion/core/promotions.ts'
import { agent, ann, type Say, SqliteBench } from '../sqlite-bench.ts'

const policy = `{version: 1,
  sandbox: {"https://crm.example.com": "https://staging.example.com"},
  rules: [{id: a, effect: allow, on: {url: "https://crm.example.com/**"}}]}`
const on = (host: string, more: Say = {}): Say => ({ url: `https://${host}/tasks/7`, ...more })
const production = (more?: Say) => on('crm.example.com', more)
const staging = (more?: Say) => on('staging.example.com', more)

/** Does an action on staging; the audit id. */
async function stage(bench: SqliteBench, more?: Say): Promise<string> {
  const { answer } = await bench.ask(staging(more))
  if (answer.state !== 'go') throw new Error(`expected go, got ${JSON.stringify(answer)}`)
  return answer.audit
}

const state = async (bench: SqliteBench, say: Say) => (await bench.ask(say)).answer.state
const review = (bench: SqliteBench, ...entries: string[]) =>
  promote(bench.context, entries, ann, 'reviewed on staging')

describe('promotions', () => {
  it('let the same step go on production, each once and nothing else', async () => {
    const bench = await SqliteBench.open(policy)
    expect((await bench.held(production())).decision.pattern).toBe('sandbox')
    const ids = [await stage(bench), await stage(bench, { name: 'Delete' })]
    expect((await staged(bench.context, 10)).map(({ entry }) => entry.id)).toEqual(ids.toReversed())
    expect(await review(bench, ...ids)).toMatchObject({ ok: true })
    expect(await staged(bench.context, 10)).toEqual([])
    const { answer, judgement } = await bench.ask(production())
    expect(answer.state).toBe('go')
    expect(judgement.decision.pattern).toBe('sandbox')
    expect(await state(bench, production())).toBe('held')
    expect(await state(bench, production({ name: 'Deleted' }))).toBe('held')
    expect(await state(bench, production({ name: 'Delete', rows: 2 }))).toBe('held')
    const spent = answer.state === 'go' ? answer.audit : ''
    const known = await promotions(bench.context)
    expect(known.find(({ audit }) => audit === ids[0])).toMatchObject({ spent, by: 'ann' })
    expect(known.find(({ audit }) => audit === ids[1])).toMatchObject({ spent: null })
  })

  it('are not spent twice by two that ask at once, nor by a write that failed', async () => {
    const bench = await SqliteBench.open(policy)
    await review(bench, await stage(bench))
    bench.failing = () => true
    expect(await state(bench, production())).toBe('refused')
    bench.failing = () => false
    const asks = Array.from({ length: 10 }, () => state(bench, production()))
    expect((await Promise.all(asks)).filter((one) => one === 'go')).toHaveLength(1)
  })

  it('outlive a restart, and end', async () => {
    const bench = await SqliteBench.open(policy)
    const id = await stage(bench)
    await review(bench, id)
    await bench.restart()
    bench.clock.advance(PROMOTION_MS)
    expect(await state(bench, production())).toBe('held')
    expect(await review(bench, id)).toMatchObject({ ok: true })
    expect(await state(bench, production())).toBe('go')
  })

  it('can be taken back until they are used', async () => {
    const bench = await SqliteBench.open(policy)
    const [one, two] = [await stage(bench), await stage(bench, { name: 'Other' })]
    await review(bench, one, two)
    const revoke = (id: string) => revokePromotion(bench.context, id, ann, 'wrong order')
    expect(await revoke(one)).toMatchObject({ ok: true })
    expect(await revoke(one)).toMatchObject({ error: { code: 'promotion_unknown' } })
    expect(await state(bench, production())).toBe('held')
    expect(await state(bench, production({ name: 'Other' }))).toBe('go')
    expect(await revoke(two)).toMatchObject({ error: { code: 'promotion_spent' } })
    expect((await bench.entries('promotion')).map(({ body }) => body.change)).toEqual([
      ...['promoted', 'revoked'],
    ])
  })

  it('are only for what was let go on staging, went well and is not promoted yet, all or none', async () => {
    const bench = await SqliteBench.open(policy)
    const good = await stage(bench)
    const failed = await stage(bench, { door: 'extension' })
    await recordOutcome(bench.context, failed, { outcome: 'failed' }, agent)
    const held = await bench.held(staging({ url: 'https://else.example/' }))
    for (const wrong of [failed, held.auditId, 'hp_999', 'x'])
      expect(await review(bench, good, wrong), wrong).toMatchObject({
        error: { code: 'not_staged' },
      })
    expect(await promotions(bench.context)).toEqual([])
    await review(bench, good)
    expect(await review(bench, good)).toMatchObject({ error: { code: 'already_promoted' } })
    expect(await promote(bench.context, [good], ann, '')).toMatchObject({
      error: { code: 'note_missing' },
    })
  })

  it('lift nothing that the breaker holds', async () => {
    const bench = await SqliteBench.open(policy)
    await review(bench, await stage(bench))
    await forged(bench.context, { actor: 'x', hold: null, why: 'a script pressed Approve' })
    expect((await bench.held(production())).decision.pattern).toBe('breaker')
    await closeBreaker(bench.context, { scope: 'all', reason: 'looked into', by: ann })
    expect(await state(bench, production())).toBe('go')
  })
})
