import { describe, expect, it } from 'vitest'
import { majorUnits, parseMoney, showMoney } from '#shared/policy/currency.ts'
import { didYouMean } from '#shared/policy/did-you-mean.ts'
import { parseDuration } from '#shared/policy/duration.ts'
import { plainText, textGlob } from '#shared/policy/text-glob.ts'
import { parseUntil } from '#shared/policy/until.ts'

describe('amounts', () => {
  it.each([
    ['50 USD', 5000],
    ['49.9 EUR', 4990],
    ['7000 JPY', 7000],
    ['1.234 KWD', 1234],
    ['0.07 USD', 7],
    ['4503599627370.49 USD', 450359962737049],
  ])('%s is %d in the minor unit', (text, minor) =>
    expect(parseMoney(text)).toMatchObject({ minor }),
  )

  it.each([
    '50',
    'USD 50',
    '50USD',
    '-50 USD',
    '50 usd',
    '1,000 USD',
    '5.001 USD',
    '5.5 JPY',
    '1e3 USD',
    '999999999999999.99 USD',
    '50 XXX',
  ])('%s is refused', (text) => expect(typeof parseMoney(text)).toBe('string'))

  it('are shown as a person writes them', () => {
    expect([
      showMoney(5000, 'USD'),
      showMoney(5001, 'USD'),
      showMoney(700, 'JPY'),
      showMoney(1500, 'KWD'),
    ]).toEqual(['50 USD', '50.01 USD', '700 JPY', '1.500 KWD'])
    expect(majorUnits(5, 'ZZZ')).toBeNull()
  })
})

it('durations have one number and one unit', () => {
  expect(['30s', '10m', '1h', '90d', '2w'].map(parseDuration)).toEqual([
    30_000, 600_000, 3_600_000, 7_776_000_000, 1_209_600_000,
  ])
  for (const text of ['', '10', 'm', '0m', '1.5h', '-1h', '10 m', '1y', '1h30m'])
    expect(typeof parseDuration(text)).toBe('string')
})

it('a date includes its whole day, in UTC', () => {
  expect(parseUntil('2027-01-31')).toMatchObject({ end: Date.UTC(2027, 1, 1) })
  expect(parseUntil('2027-01-31T18:00:00+02:00')).toMatchObject({ end: Date.UTC(2027, 0, 31, 16) })
  for (const text of [
    '2027-02-30',
    '2027-13-01',
    '31.1.2027',
    'soon',
    '2027-01-31T25:00:00Z',
    '2027-01-31T18:00:00',
  ])
    expect(typeof parseUntil(text)).toBe('string')
})

it('a near word is offered, a far one is not', () => {
  const words = ['capability', 'category', 'url', 'role']
  expect(
    ['capabilty', 'catgeory', 'ulr', 'rol', 'Capability'].map((word) => didYouMean(word, words)),
  ).toEqual(['capability', 'category', 'url', 'role', 'capability'])
  expect(['banana', 'xy', '', 'x'.repeat(10_000)].map((word) => didYouMean(word, words))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

it('a star is any run of characters', () => {
  const table: [string, string, boolean][] = [
    ['*', '', true],
    ['a*', 'a', true],
    ['a*a', 'a', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['*ab*ab*', 'ab', false],
    ['a.c', 'abc', false],
    ['a**b', 'a--b', true],
  ]
  for (const [pattern, text, matches] of table) expect(textGlob(pattern)(text)).toBe(matches)
})

it('plain text is what a person sees', () => {
  expect(plainText('  De​lete\u00a0 ALL\n')).toBe('delete all')
})
