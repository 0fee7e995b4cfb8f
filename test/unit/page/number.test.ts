import { describe, expect, it } from 'vitest'
import { localeOf } from '#shared/page/currency.ts'
import { minorUnits, plainNumber, westernDigits } from '#shared/page/number.ts'

const read = (written: string, lang: string, digits = 2) =>
  plainNumber(written, digits, localeOf(lang))

describe('plainNumber', () => {
  it('reads two kinds of separators in any language', () => {
    expect(read('1,234.56', 'de')).toBe('1234.56')
    expect(read('1.234,56', 'en')).toBe('1234.56')
    expect(read("1'234.56", '')).toBe('1234.56')
    expect(read('1\u202f234,56', '')).toBe('1234.56')
    expect(read('1,23,45,678.90', '')).toBe('12345678.90')
  })

  it('reads three digits after one separator by the language, or not at all', () => {
    expect(read('1.234', 'de')).toBe('1234')
    expect(read('1,234', 'en')).toBe('1234')
    expect(read('1.234', 'en')).toBeNull()
    expect(read('1,234', 'de')).toBeNull()
    expect(read('1,234', '')).toBeNull()
    expect(read('0.234', 'de')).toBeNull()
  })

  it('knows that yen have no fraction and dinars have three digits', () => {
    expect(read('1,234', 'de', 0)).toBe('1234')
    expect(read('12,5', 'de', 0)).toBeNull()
    expect(read('1.234', 'en', 3)).toBe('1.234')
    expect(read('1.234', 'de', 3)).toBe('1234')
  })

  it('joins plain spaces only where the language groups by spaces', () => {
    expect(read('2 340,00', 'fr')).toBe('2340.00')
    expect(read('2 340.00', 'en')).toBeNull()
  })

  it('refuses what is not well formed', () => {
    for (const wrong of [
      '1.2.3',
      '1,23,4',
      '12,3456',
      '1.234.56',
      '1,234,56',
      '1.234,567.8',
      '01,234.00',
    ])
      expect(read(wrong, 'en'), wrong).toBeNull()
  })
})

describe('minorUnits', () => {
  it('never rounds and never leaves the exact integers', () => {
    expect(minorUnits('340', 2)).toBe(34000)
    expect(minorUnits('340.5', 2)).toBe(34050)
    expect(minorUnits('340.500', 2)).toBe(34050)
    expect(minorUnits('340.505', 2)).toBeNull()
    expect(minorUnits('90071992547409.93', 2)).toBeNull()
  })
})

describe('westernDigits', () => {
  it('replaces the digits of other scripts one for one', () => {
    expect(
      westernDigits('٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ ०१२३४५६७८९ ০১২৩৪৫৬৭৮৯ ๐๑๒๓๔๕๖๗๘๙ ０１２３４５６７８９'),
    ).toBe(Array(6).fill('0123456789').join(' '))
  })
})
