import { expect, it } from 'vitest'
import { backoff } from '#extension/worker/backoff.ts'

it('doubles from half a second up to half a minute', () => {
  expect([1, 2, 3, 7, 50].map(backoff)).toEqual([500, 1000, 2000, 30_000, 30_000])
})
