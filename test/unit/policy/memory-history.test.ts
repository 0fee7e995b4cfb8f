import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Step } from '#shared/policy/history.ts'
import { MemoryHistory } from '#shared/policy/memory-history.ts'

const likeness = { kind: 'k', recipients: [], amounts: {}, text: 'x' }

const anyStep = fc.record({
  at: fc.integer({ min: 0, max: 50 }),
  keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'run r', 'a in run r'), { minLength: 1 }),
  amounts: fc.constantFrom(null, {}, { USD: 1 }, { USD: 5, EUR: 2 }, { EUR: 3 }),
})
const anySteps = fc
  .array(anyStep, { maxLength: 25 })
  .map((steps) =>
    steps.map(
      (step, index): Step => ({ ...step, audit: `hp_${index}`, mode: 'enforce', likeness }),
    ),
  )

function filled(steps: readonly Step[]): MemoryHistory {
  const history = new MemoryHistory()
  for (const step of steps) history.append(step)
  return history
}

describe('a history in memory', () => {
  const key = fc.constantFrom('a', 'b', 'a in run r', 'none')
  const since = fc.integer({ min: -1, max: 52 })

  it('counts and sums what a plain look at all steps would, in whatever order they came', () => {
    fc.assert(
      fc.property(anySteps, key, since, (steps, of, from) => {
        const history = filled(steps)
        const own = steps.filter(({ keys, at }) => keys.includes(of) && at >= from)
        expect(history.count(of, from)).toBe(own.length)
        const unread = own.some(({ amounts }) => amounts === null)
        for (const currency of ['USD', 'EUR', 'GBP']) {
          const sum = own.reduce((all, { amounts }) => all + (amounts?.[currency] ?? 0), 0)
          expect(history.sum(of, currency, from)).toBe(unread ? null : sum)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('knows the times of the newest', () => {
    fc.assert(
      fc.property(anySteps, key, fc.integer({ min: 0, max: 30 }), (steps, of, n) => {
        const times = steps.filter(({ keys }) => keys.includes(of)).map(({ at }) => at)
        times.sort((a, b) => b - a)
        expect(filled(steps).nth(of, n)).toBe(n === 0 ? null : (times[n - 1] ?? null))
      }),
    )
  })

  it('forgets what is old and nothing else, except of runs', () => {
    fc.assert(
      fc.property(anySteps, since, (steps, before) => {
        const history = filled(steps)
        history.drop(before)
        const kept = filled(steps.filter(({ at }) => at >= before))
        for (const of of ['a', 'b']) {
          expect(history.count(of, 0)).toBe(kept.count(of, 0))
          expect(history.sum(of, 'USD', 0)).toBe(kept.sum(of, 'USD', 0))
        }
        expect(history.alike('k', 0)).toEqual(kept.alike('k', 0))
        expect(history.count('a in run r', 0)).toBe(filled(steps).count('a in run r', 0))
        history.endRun('r')
        expect([history.count('run r', 0), history.count('a in run r', 0)]).toEqual([0, 0])
      }),
    )
  })

  it('keeps steps of no run like all others', () => {
    const history = filled([
      { audit: 'hp_1', at: 1, mode: 'enforce', keys: ['run ', 'a in run '], amounts: {}, likeness },
    ])
    history.drop(2)
    expect([history.count('run ', 0), history.count('a in run ', 0)]).toEqual([0, 0])
  })

  it('gives the newest 500 of a kind, the newest first', () => {
    const steps = Array.from(
      { length: 600 },
      (_, at): Step => ({
        audit: `hp_${at}`,
        at,
        mode: 'enforce',
        keys: ['a'],
        amounts: {},
        likeness,
      }),
    )
    const history = filled(steps)
    const found = history.alike('k', 0)
    expect([found.length, found[0]?.audit, found[499]?.audit]).toEqual([500, 'hp_599', 'hp_100'])
    expect(history.alike('k', 598).map(({ audit }) => audit)).toEqual(['hp_599', 'hp_598'])
    expect(history.alike('other', 0)).toEqual([])
  })

  it('is fast on many: 50,000 steps in order and 100,000 sums', () => {
    const history = new MemoryHistory()
    const start = performance.now()
    for (let at = 0; at < 50_000; at++)
      history.append({
        audit: '',
        at,
        mode: 'enforce',
        keys: ['a'],
        amounts: { USD: 1 },
        likeness: { ...likeness, kind: String(at % 500) },
      })
    for (let i = 0; i < 100_000; i++) history.sum('a', 'USD', i % 50_000)
    expect(history.sum('a', 'USD', 0)).toBe(50_000)
    expect(performance.now() - start).toBeLessThan(3000)
  })

  it('keeps promotions apart until each is spent', () => {
    const history = new MemoryHistory()
    history.promote('terms', 'hp_1')
    history.promote('terms', 'hp_2')
    history.spend('hp_1')
    expect(history.promoted('terms')).toBe('hp_2')
    history.spend('hp_2')
    expect(history.promoted('terms')).toBeNull()
  })
})
