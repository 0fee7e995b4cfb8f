import { describe, expect, it } from 'vitest'
import { LiveBus } from '#companion/server/live-bus.ts'
import { VerdictWait } from '#companion/server/verdict-wait.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import { hold } from '../../../browser/dashboard-holds.ts'
import { FakeClock, settled } from '../bench.ts'

function setUp() {
  const [clock, bus] = [new FakeClock(), new LiveBus()]
  const waits = new VerdictWait(clock, bus)
  const left = new AbortController()
  const until = (request = 'r', pending = true) =>
    waits.until(request, 'h', 20_000, left.signal, () => Promise.resolve(pending))
  const tell = (id: string, state: Hold['state']) =>
    bus.publish({ event: 'hold', hold: hold(id, 1, { hold: { state } }) })
  return { clock, bus, left, until, tell }
}

describe('VerdictWait', () => {
  it('ends when its own hold is pending no longer, and then listens no more', async () => {
    const { bus, until, tell } = setUp()
    const waiting = until()
    tell('other', 'approved')
    tell('h', 'pending')
    await settled()
    expect(bus.audience()).toBe(1)
    tell('h', 'expired')
    expect(await waiting).toBe('moved')
    expect(bus.audience()).toBe(0)
  })

  it('ends at once for what was decided before the wait began', async () => {
    const { bus, until } = setUp()
    expect(await until('r', false)).toBe('moved')
    expect(bus.audience()).toBe(0)
  })

  it('ends when the time is over', async () => {
    const { clock, until } = setUp()
    const waiting = until()
    clock.advance(19_999)
    await settled()
    clock.advance(1)
    expect(await waiting).toBe('over')
  })

  it('ends when the client leaves', async () => {
    const { left, until } = setUp()
    const waiting = until()
    left.abort()
    expect(await waiting).toBe('gone')
    expect(await until()).toBe('gone')
  })

  it('of one id only the newest waits', async () => {
    const { until, tell } = setUp()
    const [first, other] = [until('r'), until('other')]
    const second = until('r')
    expect(await first).toBe('gone')
    tell('h', 'approved')
    expect(await Promise.all([second, other])).toEqual(['moved', 'moved'])
  })
})
