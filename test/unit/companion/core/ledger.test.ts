import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Say, SqliteBench } from '../sqlite-bench.ts'

const limited = (rest: string) => `{version: 1, rules: [{id: a, effect: allow, ${rest}}]}`
const HOUR = 3_600_000

/** How many of the asks were let go. */
async function gone(bench: SqliteBench, asks: readonly Say[]): Promise<number> {
  const settled = await Promise.all(asks.map((say) => bench.ask(say)))
  return settled.filter(({ answer }) => answer.state === 'go').length
}

const named = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `Save ${n}` }))

describe('limits', () => {
  it('are never exceeded by asks that come all at once', async () => {
    const bench = await SqliteBench.open(limited('limit: 25/hour'))
    expect(await gone(bench, named(200))).toBe(25)
    expect((await bench.steps()).length).toBe(25)
  })

  it('are exact also where writes fail in between, whatever is asked and however it is mixed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 25 }),
        async (batches, max) => {
          const bench = await SqliteBench.open(limited(`limit: ${max}/hour`))
          let total = 0
          for (const fails of batches) {
            const script = [...fails]
            bench.failing = () => script.shift() ?? false
            total += await gone(bench, named(fails.length))
          }
          bench.failing = () => false
          const asked = batches.flat().filter((fails) => !fails).length
          expect(total).toBe(Math.min(max, asked))
          expect((await bench.steps()).length).toBe(total)
          // Nothing of what failed is still counted.
          expect(await gone(bench, named(max))).toBe(max - total)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('are exact also where the disk is full for whole batches', async () => {
    const bench = await SqliteBench.open(limited('limit: 1000/hour'), 180)
    let total = 0
    for (let batch = 0; batch < 30; batch++) total += await gone(bench, named(20))
    expect(total).toBeGreaterThan(0)
    expect(bench.reported.length).toBeGreaterThan(0)
    expect((await bench.steps()).length).toBe(total)
    await bench.restart(limited(`limit: ${total + 5}/hour`))
    expect(await gone(bench, named(20))).toBe(5)
  })

  it('hold for what went before a restart', async () => {
    const bench = await SqliteBench.open(limited('limit: 3/hour'))
    await gone(bench, named(2))
    await bench.restart()
    expect(await gone(bench, named(5))).toBe(1)
    bench.clock.advance(HOUR)
    await bench.restart()
    expect(await gone(bench, named(5))).toBe(3)
  })

  it('are not freed by a clock that is set back, nor by one that is set right again', async () => {
    const bench = await SqliteBench.open(limited('limit: 2/hour'))
    expect(await gone(bench, named(1))).toBe(1)
    bench.clock.wall -= 2 * HOUR
    expect(await gone(bench, named(3))).toBe(1)
    bench.clock.wall += 2 * HOUR
    expect(await gone(bench, named(1))).toBe(0)
    await bench.restart()
    expect(await gone(bench, named(1))).toBe(0)
    bench.clock.advance(HOUR)
    expect(await gone(bench, named(3))).toBe(2)
  })

  it('per run count from its start, also across a restart and beside other runs', async () => {
    const bench = await SqliteBench.open(limited('limit: 2/run'))
    const of = (run: string, count: number) => named(count).map((say) => ({ ...say, run }))
    expect(await gone(bench, of('one', 1))).toBe(1)
    bench.clock.advance(40 * 24 * HOUR)
    await bench.restart()
    expect(await gone(bench, [...of('one', 3), ...of('two', 3)])).toBe(3)
  })

  it('count from what is stored when a policy with a longer window comes', async () => {
    const bench = await SqliteBench.open(limited('limit: 5/10m'))
    await gone(bench, named(4))
    bench.clock.advance(30 * 60_000)
    expect(await gone(bench, named(1))).toBe(1)
    await bench.take(limited('limit: 6/hour'))
    expect(await gone(bench, named(5))).toBe(1)
  })

  it('count money by currency, and hold what nobody can read', async () => {
    const rule = limited('acknowledge: [financial], budget: [100 USD/day, 10 EUR/day]')
    const bench = await SqliteBench.open(rule)
    const pay = (amount: string): Say => ({ capability: 'transact', amount: [amount] })
    expect(await gone(bench, [pay('60 USD'), pay('60 USD'), pay('40 USD')])).toBe(2)
    expect(await gone(bench, [pay('9 EUR'), pay('2 EUR'), pay('some')])).toBe(1)
  })

  it('hold as a batch that waits longer, and say when to ask again', async () => {
    const bench = await SqliteBench.open(
      `{version: 1, holds: {expire: 5m, batch: 2h}, rules: [{id: a, effect: allow, limit: 1/hour}]}`,
    )
    await gone(bench, named(1))
    const hold = await bench.held()
    expect(hold.decision).toMatchObject({ pattern: 'rate-limit', retryAfter: 3600 })
    expect(Date.parse(hold.expiresAt) - Date.parse(hold.createdAt)).toBe(2 * HOUR)
    bench.clock.advance(HOUR + 1)
    expect((await bench.store.hold(hold.id))?.hold.state).toBe('pending')
  })

  it('count what a person approves, and never refuse it', async () => {
    const bench = await SqliteBench.open(
      `{version: 1, ceilings: {hour: 1}, rules: [{id: a, effect: allow}]}`,
    )
    expect(await gone(bench, named(1))).toBe(1)
    const [second, third] = [await bench.held(), await bench.held()]
    expect(second.decision.pattern).toBe('ceiling')
    await bench.approved(second)
    await bench.approved(third)
    expect((await bench.steps()).length).toBe(3)
  })

  it('of one mode leave the others alone', async () => {
    const bench = await SqliteBench.open(
      `{version: 1, mode: shadow, rules: [{id: a, effect: allow, limit: 1/hour}]}`,
    )
    const states = async () => (await bench.ask()).judgement.decision.kind
    expect([await states(), await states()]).toEqual(['allow', 'hold'])
    await bench.take(limited('limit: 1/hour'))
    expect([await states(), await states()]).toEqual(['allow', 'hold'])
  })
})

describe('duplicates', () => {
  it('let two of sixty near-identical refunds go, across three runs and a restart', async () => {
    const bench = await SqliteBench.open(
      `{version: 1, duplicates: {within: 1d, max: 3},
        rules: [{id: refunds, effect: allow, acknowledge: [financial]}]}`,
    )
    let total = 0
    for (const run of ['one', 'two', 'three']) {
      const refunds = Array.from({ length: 20 }, (_, n) => ({
        ...({ run, capability: 'transact', category: 'financial', verb: 'refund' } as const),
        ...{ name: `Refund order ${1000 + n}`, amount: [`${40 + (n % 2)} USD`] },
        recipients: ['ann@example.com'],
      }))
      total += await gone(bench, refunds)
      await bench.restart()
    }
    expect(total).toBe(2)
    const { holds } = await bench.store.holds({ limit: 100 })
    expect(holds).toHaveLength(58)
    for (const { decision } of holds) {
      expect(decision).toMatchObject({ pattern: 'duplicate', like: expect.any(Array) })
      expect(decision.reason).toMatch(/the 3rd like it within 1d/)
    }
  })
})
