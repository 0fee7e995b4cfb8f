import { describe, expect, it } from 'vitest'
import { companionOrigin, pairingFromHash } from '#extension/entrypoints/pair/pairing-from-hash.ts'

describe('pairing from the address', () => {
  it('reads companion and code', () => {
    expect(pairingFromHash('#companion=http%3A%2F%2F127.0.0.1%3A4777%2F&code=123456')).toEqual({
      companion: 'http://127.0.0.1:4777',
      code: '123456',
    })
  })

  it.each(['', '#code=123456', '#companion=http://127.0.0.1:1', '#companion=javascript:1&code=1'])(
    'is nothing for `%s`',
    (hash) => expect(pairingFromHash(hash)).toBeNull(),
  )
})

describe('companionOrigin', () => {
  it.each([
    ['127.0.0.1:4777', 'http://127.0.0.1:4777'],
    [' http://localhost:4777/x ', 'http://localhost:4777'],
    ['http://[::1]:4777', 'http://[::1]:4777'],
    ['https://holdpoint.example.com/', 'https://holdpoint.example.com'],
  ])('takes `%s`', (typed, origin) => expect(companionOrigin(typed)).toBe(origin))

  it.each(['http://holdpoint.example.com', 'http://127.evil.example', '', 'ftp://127.0.0.1', '::'])(
    'refuses `%s`',
    (typed) => expect(companionOrigin(typed)).toBeNull(),
  )
})
