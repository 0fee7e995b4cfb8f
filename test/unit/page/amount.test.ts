import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountList, amountsIn, currencyIn, fieldAmount } from '#shared/page/amount.ts'
import { minorDigits } from '#shared/page/currency.ts'

/** `currency minor` of each amount, `?` where it is not known. */
const read = (text: string, lang = 'en') =>
  amountsIn(text, lang).map(({ currency, minor }) => `${currency ?? '?'} ${minor ?? '?'}`)

describe('amountsIn', () => {
  it.each([
    ['$340.00', 'en', 'USD 34000'],
    ['Refund of $340.00 to Ana', 'en-US', 'USD 34000'],
    ['US$ 1,234.56', 'de', 'USD 123456'],
    ['R$ 1.234,56', 'pt-BR', 'BRL 123456'],
    ["1'234.56 CHF", 'de-CH', 'CHF 123456'],
    ['1\u00a0234,56\u00a0€', 'fr', 'EUR 123456'],
    ['1\u202f234,56 €', '', 'EUR 123456'],
    ['¥1,200', 'ja', 'JPY 1200'],
    ['￥1200', 'ja', 'JPY 1200'],
    ['¥1,200.50', 'zh-CN', 'CNY 120050'],
    ['1.250,00 EUR', '', 'EUR 125000'],
    ['₹1,23,456.00', 'hi', 'INR 12345600'],
    ['₩12,000', '', 'KRW 12000'],
    ['1 234,56 zł', 'pl', 'PLN 123456'],
    ['₺1.234,50', 'tr', 'TRY 123450'],
    ['1 500 руб.', 'ru', 'RUB 150000'],
    ['١٬٢٣٤٫٥٠ د.إ.', 'ar-EG', 'AED 123450'],
    ['300 kr', 'sv', 'SEK 30000'],
    ['300 kr.', 'da', 'DKK 30000'],
    ['R 1 234,50', 'en-ZA', 'ZAR 123450'],
    ['$20', 'en-CA', 'CAD 2000'],
    ['US $20', 'en-CA', 'USD 2000'],
    ['USD $20', 'en-CA', 'USD 2000'],
    ['$20 USD', 'en-CA', 'USD 2000'],
    ['$20', 'es-MX', 'MXN 2000'],
    ['1200円です', 'ja', 'JPY 1200'],
    ['100元', 'zh-CN', 'CNY 10000'],
    ['340,- €', 'de', 'EUR 34000'],
    ['Total$340.00', 'en', 'USD 34000'],
    ['KWD 1.234', 'en', 'KWD 1234'],
  ])('reads %s in %s as %s', (text, lang, expected) => {
    expect(read(text, lang)).toEqual([expected])
  })

  it.each([
    ['a dollar of an unknown country', '$340', ''],
    ['a dollar on a German page', '$340', 'de'],
    ['a yen or yuan on an English page', '¥1,200', 'en'],
    ['a crown of an unknown country', '300 kr', 'en'],
    ['an unknown dollar', 'J$340', 'en'],
    ['two currencies', '€20 USD', 'en'],
    ['a German number on an English page', '1.234 €', 'en'],
    ['a multiple', '$5M', 'en'],
    ['a multiple in words', '$3 million', 'en'],
    ['a multiple before the sign', '5 Mio. €', 'de'],
    ['a multiple in Japanese', '1.2万円', 'ja'],
    ['a range', '$5–10', 'en'],
    ['digits that roll one by one', '$3 4 0.00', 'en'],
    ['two numbers that may be one', 'Qty 2 340.00 €', 'en'],
    ['a number beyond the exact integers', '$99999999999999999', 'en'],
    ['more decimals than the currency has', '$1.2345', 'en'],
  ])('finds the amount but not how much it is: %s', (_, text, lang) => {
    const [amount, ...more] = amountsIn(text, lang)
    expect(more).toEqual([])
    expect(amount?.minor).toBeNull()
  })

  it('finds no money in dates, counts, versions and words', () => {
    for (const text of [
      'Delete 3 contacts',
      '12.05.2024',
      'Fr 12. Mai',
      'DELETE ALL 3',
      'TOP 10',
      'v1.2.3',
      '',
      '20 %',
      'Order #12345',
    ])
      expect(read(text), text).toEqual([])
  })

  it('takes no comfort from a minus sign', () => {
    for (const text of ['-$340.00', '($340.00)', '−340.00 USD', '$-340.00'])
      expect(read(text)).toEqual(['USD 34000'])
  })

  it('gives each sign to its own number', () => {
    expect(read('10 $20')).toEqual(['USD 2000'])
    expect(read('10 € 20 pieces', 'de')).toEqual(['EUR 1000'])
    expect(read('Pay $20 or €30')).toEqual(['USD 2000', 'EUR 3000'])
    expect(read('$340.00 12 Jan')).toEqual(['USD 34000'])
  })

  it('reads what Intl writes, in every language and currency that is unambiguous there', () => {
    const homes: [string, string][] = [
      ['en-US', 'USD'],
      ['en-GB', 'GBP'],
      ['en-CA', 'CAD'],
      ['en-AU', 'AUD'],
      ['en-IN', 'INR'],
      ['en-ZA', 'ZAR'],
      ['de-DE', 'EUR'],
      ['de-CH', 'CHF'],
      ['de-AT', 'EUR'],
      ['fr-FR', 'EUR'],
      ['fr-CA', 'CAD'],
      ['fr-CH', 'CHF'],
      ['es-ES', 'EUR'],
      ['es-MX', 'MXN'],
      ['es-CO', 'COP'],
      ['it-IT', 'EUR'],
      ['nl-NL', 'EUR'],
      ['pt-BR', 'BRL'],
      ['pt-PT', 'EUR'],
      ['pl-PL', 'PLN'],
      ['tr-TR', 'TRY'],
      ['ru-RU', 'RUB'],
      ['ja-JP', 'JPY'],
      ['zh-CN', 'CNY'],
      ['zh-TW', 'TWD'],
      ['ko-KR', 'KRW'],
      ['ar-EG', 'EGP'],
      ['ar-AE', 'AED'],
      ['ar-SA', 'SAR'],
      ['hi-IN', 'INR'],
      ['bn-BD', 'BDT'],
      ['sv-SE', 'SEK'],
      ['nb-NO', 'NOK'],
      ['da-DK', 'DKK'],
      ['cs-CZ', 'CZK'],
      ['hu-HU', 'HUF'],
      ['uk-UA', 'UAH'],
      ['he-IL', 'ILS'],
      ['th-TH', 'THB'],
      ['vi-VN', 'VND'],
      ['en', 'EUR'],
      ['de', 'GBP'],
      ['fr', 'PLN'],
      ['pt-BR', 'USD'],
      ['ar-AE', 'KWD'],
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...homes),
        fc.integer({ min: 1, max: 99_999_999_999 }),
        fc.constantFrom('symbol' as const, 'code' as const),
        ([lang, currency], minor, display) => {
          const value = minor / 10 ** minorDigits(currency)
          const text = new Intl.NumberFormat(lang, {
            style: 'currency',
            currency,
            currencyDisplay: display,
            minimumFractionDigits: minorDigits(currency),
          }).format(value)
          expect(read(`x ${text} y`, lang), `${lang} ${text}`).toEqual([`${currency} ${minor}`])
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('reads an amount right or not at all, whatever the language of the page claims', () => {
    const langs = ['', 'en', 'de', 'fr-CH', 'ja', 'ar', 'pt-BR', 'nonsense-tag-x', 'en_US']
    fc.assert(
      fc.property(
        fc.constantFrom('en-US', 'de-DE', 'fr-FR', 'de-CH', 'pl-PL'),
        fc.constantFrom(...langs),
        fc.integer({ min: 1, max: 9_999_999_999 }),
        (written, claimed, minor) => {
          const text = new Intl.NumberFormat(written, {
            style: 'currency',
            currency: 'EUR',
          }).format(minor / 100)
          for (const amount of amountsIn(text, claimed))
            expect([minor, null]).toContain(amount.minor)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('takes any text in linear time', () => {
    for (const text of [
      '1,'.repeat(50_000),
      '$'.repeat(50_000),
      `${'A '.repeat(50_000)}1`,
      '1 234'.repeat(20_000),
      'USD'.repeat(30_000),
    ]) {
      const start = performance.now()
      amountsIn(text, 'en')
      expect(performance.now() - start).toBeLessThan(1500)
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ maxLength: 12 }), (text, lang) => {
        for (const amount of amountsIn(text, lang))
          expect(amount.text.length).toBeLessThanOrEqual(61)
      }),
    )
  })
})

describe('fieldAmount', () => {
  it('reads a number field as the browser writes it, whatever the language', () => {
    expect(fieldAmount('1234.5', 'EUR', 'de', true)).toEqual({
      currency: 'EUR',
      minor: 123450,
      text: '1234.5 EUR',
    })
    expect(fieldAmount('1.234', 'EUR', 'de', true)?.minor).toBeNull()
  })

  it('reads a text field by the language, and its own sign before any other', () => {
    expect(fieldAmount('1.234,50', 'EUR', 'de', false)?.minor).toBe(123450)
    expect(fieldAmount('£12.50', 'EUR', 'en', false)).toMatchObject({
      currency: 'GBP',
      minor: 1250,
    })
  })

  it('knows no amount without a currency, and none in words', () => {
    expect(fieldAmount('340', null, 'en', true)).toEqual({
      currency: null,
      minor: null,
      text: '340',
    })
    expect(fieldAmount('340 or so', 'EUR', 'en', false)?.minor).toBeNull()
    expect(fieldAmount('', 'EUR', 'en', false)).toBeNull()
    expect(fieldAmount('all', 'EUR', 'en', false)).toBeNull()
  })
})

describe('currencyIn', () => {
  it('reads codes and signs in labels', () => {
    expect(currencyIn('US dollar [USD]', 'en')).toBe('USD')
    expect(currencyIn('Betrag (€)', 'de')).toBe('EUR')
    expect(currencyIn('Valor em R$', 'pt-BR')).toBe('BRL')
    expect(currencyIn('Amount', 'en')).toBeNull()
    expect(currencyIn('Amount ($)', '')).toBeNull()
  })
})

describe('amountList', () => {
  it('names each amount once, and ends a cut list with one that no limit allows', () => {
    const many = Array.from({ length: 450 }, (_, i) => amountsIn(`$${i + 1}.00`, 'en')).flat()
    const list = amountList([...many, ...many])
    expect(list).toHaveLength(200)
    expect(list.at(-1)).toEqual({ currency: null, minor: null, text: '251 more amounts' })
    expect(amountList(many.slice(0, 200))).toHaveLength(200)
  })
})
