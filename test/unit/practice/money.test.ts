import { describe, expect, it } from 'vitest'
import { cents, money, plain } from '#companion/practice/money.ts'

describe('money', () => {
  it.each([
    ['18', 1800],
    ['18.5', 1850],
    ['18,50', 1850],
    ['1249.00', 124900],
    ['1,249.00', 124900],
    ['1.249,00', 124900],
    ['1,249', 124900],
    [' 0.01 ', 1],
    ['12499', 1249900],
    ['0', null],
    ['-1', null],
    ['1.2.3', null],
    ['$5', null],
    ['', null],
  ])('reads `%s` as %s cents', (text, expected) => {
    expect(cents(text)).toBe(expected)
  })

  it('reads back what it writes into a form', () => {
    for (const minor of [1, 99, 100, 12345, 384000]) expect(cents(plain(minor))).toBe(minor)
  })

  it('writes dollars and euros differently', () => {
    expect(money(124900, 'USD')).toBe('$1,249.00')
    expect(money(124900, 'EUR')).toMatch(/^1\.249,00\s€$/)
  })
})
