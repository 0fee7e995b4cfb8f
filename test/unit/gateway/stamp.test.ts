import { expect, it } from 'vitest'
import { STAMP_LIFE_MS, Stamps } from '#companion/gateway/stamp.ts'

const url = 'https://app.example.com/pay?x=1'

it('a stamp is good once, for its method and address', () => {
  const stamps = new Stamps(() => 0)
  const stamp = stamps.issue('POST', `${url}#part`)
  expect(stamps.spend(stamp, 'post', url)).toBe(true)
  expect(stamps.spend(stamp, 'POST', url)).toBe(false)
  expect(stamps.spend('made up', 'POST', url)).toBe(false)
})

it('a stamp shown for another request is lost', () => {
  const stamps = new Stamps(() => 0)
  const stamp = stamps.issue('POST', url)
  expect(stamps.spend(stamp, 'DELETE', url)).toBe(false)
  expect(stamps.spend(stamp, 'POST', url)).toBe(false)
  const other = stamps.issue('POST', url)
  expect(stamps.spend(other, 'POST', 'https://app.example.com/pay?x=2')).toBe(false)
})

it('a stamp expires', () => {
  let now = 0
  const stamps = new Stamps(() => now)
  const [early, late] = [stamps.issue('POST', url), stamps.issue('POST', url)]
  now = STAMP_LIFE_MS - 1
  expect(stamps.spend(early, 'POST', url)).toBe(true)
  now = STAMP_LIFE_MS
  expect(stamps.spend(late, 'POST', url)).toBe(false)
})
