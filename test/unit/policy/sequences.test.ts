import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Step } from '#shared/policy/history.ts'
import { MemoryHistory } from '#shared/policy/memory-history.ts'
import { act, Player, textOf } from './arbitrary.ts'
import { anyPlay, inRun } from './plays.ts'

const RUNS = { numRuns: 150 }
const SLOW = 60_000

describe('whatever the sequence of steps', () => {
  const HOUR = 3_600_000
  const waits = fc.array(fc.integer({ min: 0, max: 40 * 60_000 }), { maxLength: 60 })

  /** Most that a list of times has within any window of an hour. */
  const most = (times: readonly number[]) =>
    Math.max(0, ...times.map((end) => times.filter((at) => at <= end && at > end - HOUR).length))

  it(
    'a limit is never exceeded, and never holds without need',
    () => {
      fc.assert(
        fc.property(waits, fc.integer({ min: 0, max: 5 }), (all, max) => {
          const player = new Player(
            `{version: 1, rules: [{id: a, effect: allow, limit: ${max}/hour}]}`,
          )
          const times: number[] = []
          for (const wait of all) {
            player.now += wait
            const recent = times.filter((at) => at > player.now - HOUR).length
            const decision = player.act()
            expect(decision.kind).toBe(recent < max ? 'allow' : 'hold')
            if (decision.kind === 'allow') times.push(player.now)
            else if (decision.retryAfter !== undefined) {
              const asked = player.now
              // Just before the time that it names it is held still, and from then on not.
              player.now = asked + (decision.retryAfter - 1) * 1000 - 1
              if (player.now >= asked) expect(player.act().kind).toBe('hold')
              player.now = asked
            }
          }
          expect(most(times)).toBeLessThanOrEqual(max)
        }),
        RUNS,
      )
    },
    SLOW,
  )

  it(
    'a budget is never exceeded, and what it says of waiting is true',
    () => {
      const steps = fc.array(
        fc.record({
          wait: fc.integer({ min: 0, max: 40 * 60_000 }),
          cents: fc.integer({ min: 1, max: 6000 }),
        }),
        { maxLength: 40 },
      )
      fc.assert(
        fc.property(steps, (all) => {
          const text =
            '{version: 1, rules: [{id: a, effect: allow, acknowledge: financial, budget: 50 USD/hour}]}'
          const player = new Player(text)
          const gone: { at: number; cents: number }[] = []
          const recent = (now: number) =>
            gone.filter(({ at }) => at > now - HOUR).reduce((sum, { cents }) => sum + cents, 0)
          for (const { wait, cents } of all) {
            player.now += wait
            const { now } = player
            const decision = player.act({
              capability: 'transact',
              category: 'financial',
              amount: [`${(cents / 100).toFixed(2)} USD`],
            })
            expect(decision.kind).toBe(recent(now) + cents <= 5000 ? 'allow' : 'hold')
            if (decision.kind === 'allow') gone.push({ at: now, cents })
            if (decision.retryAfter === undefined) continue
            const then = now + decision.retryAfter * 1000
            expect(recent(then) + cents).toBeLessThanOrEqual(5000)
            expect(recent(then - 1000) + cents).toBeGreaterThan(5000)
          }
        }),
        RUNS,
      )
    },
    SLOW,
  )

  it(
    'a ceiling is exceeded by nothing but people',
    () => {
      fc.assert(
        fc.property(anyPlay, (play) => {
          const text = textOf([{ id: 'a', effect: 'allow' }], { ceilings: { hour: 3, run: 5 } })
          const player = new Player(text)
          const gone: { at: number; run: string; byRule: boolean }[] = []
          for (const { wait, run, approved } of [...play, ...play]) {
            player.now += wait
            const one = inRun(act(), run)
            const decision = player.judge(one)
            if (decision.kind === 'allow' || approved) {
              if (decision.kind !== 'allow') player.approve(decision, one)
              const byRule = decision.kind === 'allow'
              const hour = gone.filter(({ at }) => at > player.now - HOUR).length
              const own = gone.filter(
                (each) =>
                  each.run === (run ?? '') &&
                  (run !== undefined || each.at > player.now - 24 * HOUR),
              ).length
              if (byRule) expect([hour < 3, own < 5]).toEqual([true, true])
              gone.push({ at: player.now, run: run ?? '', byRule })
            }
          }
        }),
        RUNS,
      )
    },
    SLOW,
  )
})

it('what a step counts for names every word that can restrain it', () => {
  const player = new Player(
    `{version: 1, rules: [{id: a, effect: allow}, {id: b, effect: allow, on: {verb: never}}],
      limits: [{max: 9/run, by: agent, on: {capability: update}}, {max: 1/hour, on: {capability: send}}]}`,
  )
  const seen: Step[] = []
  const { history } = player
  const append = history.append.bind(history)
  history.append = (step) => {
    seen.push(step)
    append(step)
  }
  expect(history).toBeInstanceOf(MemoryHistory)
  player.act({ agent: 'bot', run: 'r' })
  expect(seen[0]?.keys).toEqual([
    'all',
    'run r',
    'agent bot',
    'site app.example.com',
    'category other',
    'capability update',
    'capability update in run r',
    'rule a',
    'rule a in run r',
    'limit agent {"capability":"update"} = bot',
    'limit agent {"capability":"update"} = bot in run r',
  ])
})
