import { expect, it } from 'vitest'
import { ago, countdown, duration } from '#shared/ui/time.ts'

it('counts down as a clock does and never below zero', () => {
  expect(countdown(585_000)).toBe('9:45')
  expect(countdown(3_723_000)).toBe('1:02:03')
  expect(countdown(1)).toBe('0:01')
  expect(countdown(-5000)).toBe('0:00')
})

it('says how long ago in the largest fitting unit', () => {
  expect([0, 3000, 120_000, 7_200_000, 200_000_000].map(ago)).toEqual([
    'just now',
    '3 s ago',
    '2 min ago',
    '2 h ago',
    '2 d ago',
  ])
})

it('spells durations of the policy out and leaves others alone', () => {
  expect([duration('30d'), duration('1h'), duration('a while')]).toEqual([
    '30 days',
    '1 hour',
    'a while',
  ])
})
