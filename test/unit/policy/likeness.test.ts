import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Action } from '#shared/policy/action.ts'
import { isAlike, LIKENESS_LIMIT, likenessOf } from '#shared/policy/likeness.ts'
import { nearly } from '#shared/policy/nearly.ts'
import { Subject } from '#shared/policy/subject.ts'
import { act, anyAction, facts } from './arbitrary.ts'

function like(action: ReturnType<typeof act>) {
  return likenessOf(new Subject(action.descriptor, action.classification, facts))
}

function refund(rest: Partial<Action> = {}) {
  return like(
    act({
      capability: 'transact',
      category: 'financial',
      verb: 'refund',
      url: 'https://shop.example.com/orders/1',
      name: 'Refund order',
      amount: ['25 USD'],
      recipients: ['ann@example.com'],
      ...rest,
    }),
  )
}

describe('nearly', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 14 })

  it('is the edit distance, bounded', () => {
    const distance = (a: string, b: string): number => {
      if (a === '' || b === '') return a.length + b.length
      const same = a[0] === b[0] ? 0 : 1
      return Math.min(
        distance(a.slice(1), b.slice(1)) + same,
        distance(a.slice(1), b) + 1,
        distance(a, b.slice(1)) + 1,
      )
    }
    const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
    fc.assert(
      fc.property(short, short, fc.nat(7), (a, b, most) => {
        expect(nearly(a, b, most)).toBe(distance(a, b) <= most)
      }),
      { numRuns: 800 },
    )
  })

  it('does not depend on which text comes first', () => {
    fc.assert(
      fc.property(text, text, fc.nat(10), (a, b, most) => {
        expect(nearly(a, b, most)).toBe(nearly(b, a, most))
      }),
      { numRuns: 500 },
    )
  })
})

describe('likeness', () => {
  it('is symmetric, and every action is like itself', () => {
    fc.assert(
      fc.property(anyAction, anyAction, (one, other) => {
        const [a, b] = [like(one), like(other)]
        expect(isAlike(a, b)).toBe(isAlike(b, a))
        expect(isAlike(a, a)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('sees sixty near-identical refunds as alike, each with each', () => {
    const all = Array.from({ length: 60 }, (_, i) =>
      refund({
        url: `https://shop.example.com/orders/${1000 + i}`,
        row: `Order ${1000 + i} of ${(i % 28) + 1} June, paid by card${i % 2 ? '' : '.'}`,
        amount: [`${25 + (i % 10) / 10} USD`],
        recipients: [i % 3 === 0 ? 'Ann <ann@example.com>' : 'ann@Example.com'],
        fields: { Reason: `arrived broken${i % 4 === 0 ? '!' : ''}`, Number: String(i) },
      }),
    )
    for (const one of all) for (const other of all) expect(isAlike(one, other)).toBe(true)
  })

  it.each<[string, Partial<Action>]>([
    ['another recipient', { recipients: ['bob@example.com'] }],
    ['one recipient more', { recipients: ['ann@example.com', 'bob@example.com'] }],
    ['an amount more than 5 % higher', { amount: ['26.50 USD'] }],
    ['an amount more than 5 % lower', { amount: ['23.50 USD'] }],
    ['the same amount of another currency', { amount: ['25 EUR'] }],
    ['a second amount', { amount: ['25 USD', '3 EUR'] }],
    ['another verb', { verb: 'pay' }],
    ['another capability', { capability: 'send' }],
    ['another site', { url: 'https://crm.example.com/orders/1' }],
  ])('is not there for %s', (_, rest) => expect(isAlike(refund(), refund(rest))).toBe(false))

  it('is there for the same payment to the same people, however it is worded', () => {
    const note = (Note: string) => refund({ fields: { Note } })
    expect(isAlike(note('arrived broken'), note('the customer asked nicely'))).toBe(true)
  })

  it.each<Partial<Action>>([
    { recipients: [] },
    { amount: [], category: 'other', capability: 'send' },
  ])('asks for nearly the same text where nobody can tell who gets how much', (rest) => {
    const row = 'Order of Ann Example, paid by card'
    expect(isAlike(refund({ ...rest, row }), refund({ ...rest, row: `${row}.` }))).toBe(true)
    const other = { ...rest, row: 'Order of Bob Sample, paid in cash' }
    expect(isAlike(refund({ ...rest, row }), refund(other))).toBe(false)
  })

  it('is not lost by other digits, letter case, spaces or invisible characters', () => {
    const row = 'Order 17 of Ann Example, 3 June'
    const other = 'order 9941 of ANN\u00a0Example,  12 June\u200b'
    expect(isAlike(refund({ row }), refund({ row: other }))).toBe(true)
  })

  it('takes an amount that nobody could read for any amount', () => {
    expect(isAlike(refund(), refund({ amount: ['about 25'] }))).toBe(true)
    expect(isAlike(refund(), refund({ amount: [] }))).toBe(true)
  })

  it('any recipient or amount out of reach breaks it, whatever the rest', () => {
    const recipient = fc.constantFrom('bob@example.com', 'eve@evil.test', '#general')
    const cents = fc.oneof(
      fc.integer({ min: 1, max: 2374 }),
      fc.integer({ min: 2632, max: 900_000 }),
    )
    fc.assert(
      fc.property(recipient, cents, (to, minor) => {
        expect(isAlike(refund(), refund({ recipients: [to] }))).toBe(false)
        const amount = [`${(minor / 100).toFixed(2)} USD`]
        expect(isAlike(refund(), refund({ amount }))).toBe(false)
      }),
    )
  })

  it('does not see the value of a secret field', () => {
    const secret = (value: string) => {
      const { descriptor, classification } = act({ fields: { Password: value } })
      const form = descriptor.form && {
        ...descriptor.form,
        fields: descriptor.form.fields.map((field) => ({ ...field, secret: true })),
      }
      return like({ descriptor: { ...descriptor, ...(form && { form }) }, classification })
    }
    expect(secret('hunter2').text).not.toContain('hunter')
  })

  it('tells requests apart by their body where nothing else is known of it', () => {
    const request = (bodyDigest: string) => {
      const { descriptor, classification } = act({
        name: '',
        request: 'POST https://app.example.com/api/7',
      })
      const own = descriptor.request && { ...descriptor.request, bodyDigest }
      return like({ descriptor: { ...descriptor, ...(own && { request: own }) }, classification })
    }
    expect(isAlike(request('abcdefghijklmnopqrst'), request('abcdefghijklmnopqrst'))).toBe(true)
    expect(isAlike(request('abcdefghijklmnopqrst'), request('tsrqponmlkjihgfedcba'))).toBe(false)
  })

  it('costs little on the longest texts: 500 comparisons in well under a second', () => {
    const long = (seed: number) =>
      refund({
        row: 'x'.repeat(500),
        fields: Object.fromEntries(
          Array.from({ length: 200 }, (_, i) => [`Field ${i}`, `${'ab'.repeat(200)}${seed}`]),
        ),
      })
    const base = long(1)
    expect(base.text.length).toBeLessThanOrEqual(LIKENESS_LIMIT)
    // Every tenth letter differs, so that no shortcut applies and the band is as wide as it gets.
    const spread = (step: number) => ({
      ...base,
      text: Array.from({ length: LIKENESS_LIMIT }, (_, i) => (i % step === 0 ? 'q' : 'r')).join(''),
    })
    const [one, other] = [spread(10), spread(11)]
    const start = performance.now()
    for (let i = 0; i < 500; i++) isAlike(one, other)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})
