import { hint } from './did-you-mean.ts'

/** An amount of money in the currency's minor unit, with the text it was written as. */
export interface Money {
  readonly currency: string
  readonly minor: number
  readonly text: string
}

/** Active codes of ISO 4217 with two digits after the point; the others stand below by number of
 * digits. A table and not `Intl`, whose data differ from one runtime to the next. */
const TWO_DIGITS =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG'
const OTHER_DIGITS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
}

const digits = new Map<string, number>(TWO_DIGITS.split(' ').map((code) => [code, 2]))
for (const [count, codes] of Object.entries(OTHER_DIGITS))
  for (const code of codes.split(' ')) digits.set(code, Number(count))

/** Reads `50 USD` or `49.90 EUR`. The answer is a message where the text is something else. */
export function parseMoney(text: string): Money | string {
  const found = /^(\d{1,15})(?:\.(\d{1,4}))? ([A-Za-z]{3})$/.exec(text)
  if (!found) return `\`${text}\` is not an amount; write a number and a currency, as in \`50 USD\``
  const [, whole = '', fraction = '', currency = ''] = found
  const places = digits.get(currency)
  if (places === undefined)
    return `\`${currency}\` is not a currency code of ISO 4217${hint(currency, digits.keys())}`
  if (fraction.length > places)
    return `\`${text}\` has more digits after the point than ${currency} has (${places})`
  const minor = Number(whole + fraction.padEnd(places, '0'))
  if (!Number.isSafeInteger(minor)) return `\`${text}\` is too large to compare exactly`
  return { currency, minor, text }
}

/** Minor units as a person reads them: 4990, EUR → `49.90 EUR`; whole amounts without a fraction. */
export function showMoney(minor: number, currency: string): string {
  const places = digits.get(currency) ?? 2
  const value = minor / 10 ** places
  return `${Number.isInteger(value) ? value : value.toFixed(places)} ${currency}`
}

/** An amount in major units, for conditions; null where the currency is not known. */
export function majorUnits(minor: number, currency: string): number | null {
  const places = digits.get(currency)
  return places === undefined ? null : minor / 10 ** places
}
