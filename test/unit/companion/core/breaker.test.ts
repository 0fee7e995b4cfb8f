import { describe, expect, it } from 'vitest'
import { closeBreaker } from '#companion/core/close-breaker.ts'
import { recordOutcome } from '#companion/core/facts.ts'
import { forged } from '#companion/core/forgery.ts'
import { recordUndone } from '#companion/core/undone.ts'
import { agent, ann, type Say, SqliteBench } from '../sqlite-bench.ts'

const rules = `rules: [
  {id: a, effect: allow, on: {capability: update}},
  {id: b, effect: allow, on: {capability: trigger}}]`
const policy = (breaker: string) => `{version: 1, breaker: ${breaker}, ${rules}}`
const click: Say = { door: 'extension' }

async function go(bench: SqliteBench, say: Say = click): Promise<string> {
  const { answer } = await bench.ask(say)
  if (answer.state !== 'go') throw new Error(`expected go, got ${JSON.stringify(answer)}`)
  return answer.audit
}

async function goes(bench: SqliteBench, outcomes: string, say: Say = click): Promise<void> {
  for (const outcome of outcomes) {
    const audit = await go(bench, say)
    const state = ({ d: 'done', f: 'failed', u: 'unknown' } as const)[outcome] ?? 'done'
    await recordOutcome(bench.context, audit, { outcome: state }, agent)
  }
}

const open = (bench: SqliteBench) => bench.context.breaker.all().map(({ scope }) => scope)

describe('the breaker', () => {
  it('opens at the number of errors, holds everything, and says so in the log and to everyone', async () => {
    const bench = await SqliteBench.open(policy('{errors: 2, of_last: 10, at_least: 4}'))
    await goes(bench, 'ddfd')
    expect(open(bench)).toEqual([])
    await goes(bench, 'f')
    expect(open(bench)).toEqual(['policy'])
    const { decision } = await bench.held({ ...click, name: 'Other' })
    expect(decision).toMatchObject({ pattern: 'breaker', mode: 'enforce' })
    expect(decision.reason).toMatch(/2 of the last 5 went wrong \(2 failed\)/)
    expect((await bench.entries('breaker')).map(({ body }) => body)).toEqual([
      { scope: 'policy', change: 'opened', reason: '2 of the last 5 went wrong (2 failed)' },
    ])
    expect(bench.published).toContainEqual({ event: 'status' })
  })

  it('opens only once enough was tried, also where the one that is missing is no error', async () => {
    const bench = await SqliteBench.open(policy('{errors: 1, of_last: 10, at_least: 3}'))
    await goes(bench, 'fd')
    expect(open(bench)).toEqual([])
    await goes(bench, 'd')
    expect(open(bench)).toEqual(['policy'])
  })

  it('opens at a share, and forgets what is further back than the last ones', async () => {
    const bench = await SqliteBench.open(policy('{errors: 50%, of_last: 4, at_least: 4}'))
    await goes(bench, 'fdddfddd')
    expect(open(bench)).toEqual([])
    await goes(bench, 'ff')
    expect(open(bench)).toEqual(['policy'])
  })

  it('opens for one rule or one site, and leaves the others alone', async () => {
    const at = '{errors: 2, of_last: 10, at_least: 2, per: [rule, site]}'
    const bench = await SqliteBench.open(policy(at))
    await goes(bench, 'f', { ...click, url: 'https://one.example/' })
    await goes(bench, 'f', { ...click, url: 'https://two.example/' })
    expect(open(bench)).toEqual(['rule a'])
    const held = await bench.held({ ...click, url: 'https://three.example/' })
    expect(held.decision).toMatchObject({ pattern: 'breaker' })
    expect(held.decision.reason).toMatch(/everything of rule `a`/)
    const other = { ...click, capability: 'trigger' } as const
    await goes(bench, 'f', { ...other, url: 'https://two.example/' })
    expect(open(bench)).toEqual(['rule a', 'site two.example'])
    expect((await bench.held({ ...other, url: 'https://two.example/' })).decision.reason).toMatch(
      /everything of site `two.example`/,
    )
    await go(bench, { ...other, url: 'https://one.example/' })
  })

  it('counts denials, undos and unknown outcomes, and of those what it is told to', async () => {
    const bench = await SqliteBench.open(
      policy('{errors: 3, of_last: 10, at_least: 3, counts: [denied, undone]}'),
    )
    await goes(bench, 'fffuu')
    await recordUndone(bench.context, await go(bench), ann, 'by hand')
    await bench.decide(await bench.held({ ...click, capability: 'send' }), 'deny')
    expect(open(bench)).toEqual([])
    await bench.decide(await bench.held({ ...click, capability: 'send' }), 'deny')
    expect(open(bench)).toEqual(['policy'])
    expect(bench.context.breaker.reason).toMatch(/2 denied, 1 undone|1 undone, 2 denied/)
  })

  it('takes an unknown outcome back that turns out to be done', async () => {
    const bench = await SqliteBench.open(policy('{errors: 2, of_last: 10, at_least: 2}'))
    const audit = await go(bench)
    await recordOutcome(bench.context, audit, { outcome: 'unknown' }, agent)
    await recordOutcome(bench.context, audit, { outcome: 'done' }, agent)
    await goes(bench, 'u')
    expect(open(bench)).toEqual([])
  })

  it('stays open over a restart, and counts anew from when a person closes it, with a reason', async () => {
    const bench = await SqliteBench.open(policy('{errors: 2, of_last: 10, at_least: 2}'))
    await goes(bench, 'ff')
    await bench.restart()
    expect(open(bench)).toEqual(['policy'])
    const close = (reason: string) =>
      closeBreaker(bench.context, { scope: 'policy', reason, by: ann })
    expect(await close(' ')).toMatchObject({ error: { code: 'reason_missing' } })
    expect(await close('the shop was down')).toMatchObject({ ok: true })
    expect(await close('again')).toMatchObject({ error: { code: 'breaker_closed' } })
    expect((await bench.entries('breaker')).at(-1)?.body).toMatchObject({
      ...{ scope: 'policy', change: 'closed', reason: 'the shop was down', by: 'ann' },
      was: '2 of the last 2 went wrong (2 failed)',
    })
    await bench.restart()
    await goes(bench, 'fd')
    expect(open(bench)).toEqual([])
    await goes(bench, 'f')
    expect(open(bench)).toEqual(['policy'])
  })

  it('stays as it is where the write fails: open is open, and closed is not closed yet', async () => {
    const bench = await SqliteBench.open(policy('{errors: 2, of_last: 10, at_least: 2}'))
    bench.failing = () => true
    await forged(bench.context, { actor: 'x', hold: null, why: 'a script pressed Approve' })
    bench.failing = () => false
    expect((await bench.held(click)).decision.pattern).toBe('breaker')
    bench.failing = () => true
    const closing = { scope: 'all', reason: 'looked into', by: ann }
    expect(await closeBreaker(bench.context, closing)).toMatchObject({ ok: false })
    expect(open(bench)).toEqual(['policy'])
    bench.failing = () => false
    expect(await closeBreaker(bench.context, closing)).toMatchObject({ ok: true })
    await go(bench)
  })

  it('counts nothing of a write that failed', async () => {
    const bench = await SqliteBench.open(policy('{errors: 2, of_last: 10, at_least: 2}'))
    const [one, two] = [await go(bench), await go(bench)]
    bench.failing = () => true
    await recordOutcome(bench.context, one, { outcome: 'failed' }, agent)
    bench.failing = () => false
    await recordOutcome(bench.context, two, { outcome: 'failed' }, agent)
    expect(open(bench)).toEqual([])
    await recordOutcome(bench.context, one, { outcome: 'failed' }, agent)
    expect(open(bench)).toEqual(['policy'])
  })

  it('that a failed write would have opened is closed, and opens at the next error', async () => {
    const bench = await SqliteBench.open(policy('{errors: 2, of_last: 10, at_least: 2}'))
    await goes(bench, 'f')
    const last = await go(bench)
    bench.failing = () => true
    await recordOutcome(bench.context, last, { outcome: 'failed' }, agent)
    bench.failing = () => false
    await go(bench, { ...click, name: 'Other' })
    await recordOutcome(bench.context, last, { outcome: 'failed' }, agent)
    expect(open(bench)).toEqual(['policy'])
    expect((await bench.entries('breaker')).length).toBe(1)
  })

  it('that a forgery opened is recorded once, and gates have to hold', async () => {
    const bench = await SqliteBench.open(`{version: 1, mode: observe, ${rules}}`)
    for (const why of ['one', 'two']) await forged(bench.context, { actor: 'x', hold: null, why })
    expect((await bench.entries('breaker')).length).toBe(1)
    expect((await bench.entries('forgery')).length).toBe(2)
    const { settings } = bench.book
    expect(bench.context.breaker.settings(settings(0))).toMatchObject({ mode: 'enforce' })
    await bench.held(click)
  })
})
