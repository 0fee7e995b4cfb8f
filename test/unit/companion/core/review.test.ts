import { describe, expect, it } from 'vitest'
import { recordOutcome } from '#companion/core/facts.ts'
import { forged } from '#companion/core/forgery.ts'
import { closeReview, reviewsDue } from '#companion/core/review.ts'
import { recordTrial, recordUndone, verifiedAt } from '#companion/core/undone.ts'
import { agent, ann, bob, SqliteBench } from '../sqlite-bench.ts'

const DAY = 86_400_000
const due = async (bench: SqliteBench) =>
  (await reviewsDue(bench.context, bench.clock.now())).map(({ why }) => why)

describe('reviews of the policy', () => {
  it('are due so long after the first start, and after the last one that a person closed', async () => {
    const bench = await SqliteBench.open('{version: 1, review: {every: 30d}}')
    bench.clock.advance(30 * DAY - 1)
    await bench.restart()
    expect(await due(bench)).toEqual([])
    bench.clock.advance(1)
    expect(await due(bench)).toEqual(['time'])
    expect(await closeReview(bench.context, ' ', ann)).toMatchObject({
      error: { code: 'note_missing' },
    })
    expect(await closeReview(bench.context, 'still right', ann)).toMatchObject({ ok: true })
    expect((await bench.entries('review'))[0]?.body).toMatchObject({ by: 'ann' })
    expect(await due(bench)).toEqual([])
    bench.clock.advance(30 * DAY)
    expect(await due(bench)).toEqual(['time'])
  })

  it('are due after a step that failed, a forgery or a breaker, until one is closed', async () => {
    const text = '{version: 1, review: {after: incident}, rules: [{id: a, effect: allow}]}'
    const bench = await SqliteBench.open(text)
    const { answer } = await bench.ask({ door: 'extension' })
    expect(await due(bench)).toEqual([])
    const audit = answer.state === 'go' ? answer.audit : ''
    await recordOutcome(bench.context, audit, { outcome: 'failed' }, agent)
    const [first] = await reviewsDue(bench.context, bench.clock.now())
    expect(first).toMatchObject({ why: 'incident', entry: 'hp_2' })
    await forged(bench.context, { actor: 'x', hold: null, why: 'x' })
    expect(await reviewsDue(bench.context, bench.clock.now())).toEqual([first])
    await closeReview(bench.context, 'was the shop', ann)
    expect(await due(bench)).toEqual([])
    await forged(bench.context, { actor: 'x', hold: null, why: 'y' })
    await bench.restart()
    expect(await due(bench)).toEqual(['incident'])
  })

  it('are closed by whoever has the role', async () => {
    const bench = await SqliteBench.open(
      '{version: 1, review: {role: owner}, people: [{name: ann, roles: [owner]}]}',
    )
    expect(await closeReview(bench.context, 'ok', bob)).toMatchObject({
      error: { code: 'not_approver' },
    })
    expect(await closeReview(bench.context, 'ok', ann)).toMatchObject({ ok: true })
  })
})

describe('undos', () => {
  it('are of a step that was let go, once, and are recorded with it', async () => {
    const bench = await SqliteBench.open('{version: 1, rules: [{id: a, effect: allow}]}')
    const { answer } = await bench.ask({ run: 'run_1' })
    const audit = answer.state === 'go' ? answer.audit : ''
    const undo = (id: string) => recordUndone(bench.context, id, ann, 'recipe `task`')
    expect(await undo(audit)).toMatchObject({ ok: true })
    const [entry] = await bench.entries('undone')
    expect(entry).toMatchObject({ run: 'run_1', body: { audit, by: 'ann', how: 'recipe `task`' } })
    expect(await undo(audit)).toMatchObject({ error: { code: 'already_undone' } })
    for (const id of ['hp_99', 'x', entry?.id ?? ''])
      expect(await undo(id)).toMatchObject({ error: { code: 'release_unknown' } })
  })
})

describe('an undo recipe', () => {
  it('is verified until its text changes, or a trial of it fails', async () => {
    const recipe = (text: string) =>
      `undo: {task: {url: "https://crm.example.com/", steps: [${text}]}}`
    const policy = (text: string) =>
      `{version: 1, ${recipe(text)}, rules: [{id: a, effect: allow, undo: {recipe: task, verified: 30d, within: 1d}, on: {reversible: true}}]}`
    const bench = await SqliteBench.open(policy('{click: Delete}'))
    const say = { effect: 'reversible' } as const
    const kind = async () => (await bench.ask(say)).judgement.decision
    const text = () => bench.book.current().undo.get('task')?.text ?? ''
    const tried = (ok: boolean) =>
      recordTrial(bench.context, { recipe: 'task', text: text(), ok, note: 'x' }, ann)
    expect(await kind()).toMatchObject({ kind: 'hold', pattern: 'undo-unverified' })
    await tried(true)
    expect((await kind()).kind).toBe('allow')
    expect(await verifiedAt(bench.context, 'task', text())).toBe('2026-11-21T09:00:00.000Z')
    bench.clock.advance(1000)
    await tried(false)
    expect((await kind()).kind).toBe('hold')
    await tried(true)
    await bench.take(policy('{click: Remove}'))
    expect((await kind()).kind).toBe('hold')
    expect(await verifiedAt(bench.context, 'task', text())).toBeNull()
  })
})
