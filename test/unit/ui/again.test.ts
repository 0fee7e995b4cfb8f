import { describe, expect, it } from 'vitest'
import type { Hold } from '#shared/protocol/hold.ts'
import { againIn } from '#shared/ui/again.ts'
import { earningSays } from '#shared/ui/earning-words.ts'
import { parsePeriod, soon } from '#shared/ui/time.ts'

const createdAt = '2026-11-21T09:00:00.000Z'
const at = (seconds: number) => Date.parse(createdAt) + seconds * 1000

function held(retryAfter?: number, state: Hold['state'] = 'pending') {
  const decision: Hold['decision'] = {
    ...{ kind: 'hold', rules: [], reason: 'r', pattern: 'rate-limit', mode: 'enforce' },
    ...{ wouldNeed: [], policyVersion: 'v', ...(retryAfter === undefined ? {} : { retryAfter }) },
  }
  return { decision, createdAt, state }
}

describe('againIn', () => {
  it('counts down from when it was held', () => {
    expect(againIn(held(720), at(0))).toBe('Asked again in 12 min, it can go without a person')
    expect(againIn(held(720), at(700))).toBe('Asked again in 20 s, it can go without a person')
    expect(againIn(held(720), at(721))).toBe('Asked again now, it can go without a person')
  })

  it('says nothing where time changes nothing, or nothing waits', () => {
    expect(againIn(held(), at(0))).toBe('')
    expect(againIn(held(720, 'denied'), at(0))).toBe('')
  })
})

describe('soon', () => {
  it.each([
    [1, 'in 1 s'],
    [59_000, 'in 59 s'],
    [59_001, 'in 1 min'],
    [61_000, 'in 2 min'],
    [3_600_000, 'in 1 h'],
    [90_000_000, 'in 2 d'],
  ])('%i ms is %s, and never too early', (ms, says) => {
    expect(soon(ms)).toBe(says)
  })
})

describe('parsePeriod', () => {
  it.each([
    ['30d', 2_592_000_000],
    ['10m', 600_000],
    ['1w', 604_800_000],
    ['1y', null],
    ['', null],
  ])('%s', (text, ms) => {
    expect(parsePeriod(text)).toBe(ms)
  })
})

describe('earningSays', () => {
  it('tells reviews, errors, and how many of those are allowed', () => {
    const earning = {
      rule: 'r',
      reviews: 143,
      of: 2000,
      errors: 1,
      errorsAllowed: 0,
      proposed: false,
    }
    expect(earningSays(earning)).toBe('143 of 2,000 clean reviews, 1 error')
    expect(earningSays({ ...earning, errors: 0, errorsAllowed: 2 })).toBe(
      '143 of 2,000 clean reviews, 0 errors (at most 2)',
    )
  })
})
