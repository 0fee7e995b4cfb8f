import { describe, expect, it } from 'vitest'
import { waitOf } from '#companion/server/prefer.ts'

describe('waitOf', () => {
  it.each([
    [undefined, 0],
    ['', 0],
    ['respond-async', 0],
    ['wait=20', 20],
    ['Wait = 20', 20],
    ['wait="7"', 7],
    ['respond-async, wait=5', 5],
    ['wait=5; foo="bar", wait=9', 5],
    ['wait=600', 60],
    ['wait=0', 0],
    ['wait=-1', 0],
    ['wait=soon', 0],
    ['waiting=20', 0],
    ['wait=1e3', 0],
  ])('%s is %i s', (header, seconds) => {
    expect(waitOf(header)).toBe(seconds)
  })
})
