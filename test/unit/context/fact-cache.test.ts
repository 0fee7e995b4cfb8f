import { describe, expect, it } from 'vitest'
import { FactCache } from '#companion/context/fact-cache.ts'
import { LookupSlots } from '#companion/context/lookup-slots.ts'

describe('kept facts', () => {
  it('are never more than a thousand; the oldest goes first', () => {
    const cache = new FactCache(() => 0)
    for (let n = 0; n <= 1000; n++) cache.put(`a${n}`, { n }, 1000)
    expect(cache.get('a0')).toBeUndefined()
    expect(cache.get('a1')).toEqual({ n: 1 })
    expect(cache.get('a1000')).toEqual({ n: 1000 })
  })

  it('end with their time', () => {
    let now = 0
    const cache = new FactCache(() => now)
    cache.put('a', { n: 1 }, 1000)
    now = 999
    expect(cache.get('a')).toEqual({ n: 1 })
    now = 1000
    expect(cache.get('a')).toBeUndefined()
  })
})

describe('lookups', () => {
  const never = new AbortController().signal

  it('wait for a slot in their order, and give it back however they end', async () => {
    const slots = new LookupSlots(1)
    const ran: string[] = []
    const run = (name: string, fails = false) =>
      slots.run(never, async () => {
        ran.push(name)
        await new Promise(setImmediate)
        if (fails) throw new Error(name)
        return name
      })
    const all = await Promise.allSettled([run('a', true), run('b'), run('c')])
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(ran).toEqual(['a', 'b', 'c'])
  })

  it('that nobody waits for any more never begin, and keep no slot', async () => {
    const slots = new LookupSlots(1)
    let end: () => void = () => undefined
    const first = slots.run(never, () => new Promise<void>((resolve) => (end = resolve)))
    const left = new AbortController()
    const second = slots.run(left.signal, () => expect.unreachable())
    left.abort(new Error('late'))
    await expect(second).rejects.toThrow('late')
    end()
    await first
    expect(await slots.run(never, async () => 'third')).toBe('third')
  })
})
