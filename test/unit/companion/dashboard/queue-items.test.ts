import { describe, expect, it } from 'vitest'
import { queueItems } from '#companion/dashboard/queue-items.ts'
import { hold } from '../../../browser/dashboard-holds.ts'
import { batched } from '../../../browser/oversight-samples.ts'

describe('queueItems', () => {
  it('keeps what is reviewed together in one line, where the first of it came', () => {
    const [a, b, c] = [batched('h1', 'Ana', 1), hold('h2', 2), batched('h3', 'Bo', 2)]
    expect(queueItems([a, b, c]).map(({ key, holds }) => [key, holds.length])).toEqual([
      ['batch limit small-refunds', 2],
      ['h2', 1],
    ])
  })

  it('takes one hold alone for no batch, and two limits for two', () => {
    const other = hold('h2', 2, { decision: { batch: 'limit mails' } })
    const items = queueItems([batched('h1', 'Ana', 1), other])
    expect(items.map(({ key, batch }) => [key, batch])).toEqual([
      ['h1', null],
      ['h2', null],
    ])
  })

  it('loses and doubles nothing', () => {
    const holds = ['a', 'b', 'c', 'd', 'e'].map((id, n) =>
      hold(id, 1, { decision: n % 2 === 0 ? { batch: `b${n % 4}` } : {} }),
    )
    const ids = queueItems(holds).flatMap((item) => item.holds.map(({ id }) => id))
    expect(ids.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
})
