import type { Amount } from '#shared/protocol/descriptor.ts'
import { clip, listLimit } from './clip.ts'
import { type Locale, localeOf, minorDigits } from './currency.ts'
import { minorUnits, NUMBER, plainNumber, westernDigits } from './number.ts'

/** Amounts of money in a text, in the order they stand there. A number counts where a currency stands
 * beside it. `minor` is `null` wherever the text can be read in two ways (`1.234 €` in English, `$5M`,
 * `$` in a place of which the dollar is not known): policies take that as above every limit. The
 * minus sign is dropped: a refund of -340 is no smaller than a payment of 340. */
export function amountsIn(text: string, lang: string): Amount[] {
  if (!/\p{Nd}/u.test(text)) return []
  const plain = westernDigits(text)
  const locale = localeOf(lang)
  const found: Amount[] = []
  for (const match of plain.matchAll(NUMBER)) {
    const amount = amountAt(text, plain, match.index, match[0], locale)
    if (amount) found.push(amount)
  }
  return found
}

/** The amount in a form field that holds one; its currency may stand elsewhere (a select, a label).
 * `canonical` is for `input type=number`, whose value reads `1234.56` in every language. */
export function fieldAmount(
  value: string,
  currency: string | null,
  lang: string,
  canonical: boolean,
): Amount | null {
  const [own, second] = amountsIn(value, lang)
  if (own && !second) return own
  const written = value.trim()
  const number = /^[-−+]?(\d.*)$/.exec(westernDigits(written))?.[1]
  if (!number) return null
  const text = clip(currency ? `${written} ${currency}` : written, 60)
  if (!currency || number.match(NUMBER)?.[0] !== number) return { currency, minor: null, text }
  const digits = minorDigits(currency)
  const plain = canonical ? number : plainNumber(number, digits, localeOf(lang))
  return { currency, minor: plain === null ? null : minorUnits(plain, digits), text }
}

/** Many amounts as one list of the protocol: without repetitions, and where it had to be cut with a
 * last entry that no limit allows. */
export function amountList(all: readonly Amount[]): Amount[] {
  const distinct = new Map<string, Amount>()
  for (const amount of all) {
    const key = `${amount.currency} ${amount.minor ?? amount.text}`
    if (!distinct.has(key)) distinct.set(key, amount)
  }
  const list = Array.from(distinct.values())
  if (list.length <= listLimit) return list
  const text = `${list.length - listLimit + 1} more amounts`
  return [...list.slice(0, listLimit - 1), { currency: null, minor: null, text }]
}

/** The currency that a short text names: `USD`, `US dollar [USD]`, `Amount (€)`. */
export function currencyIn(text: string, lang: string): string | null {
  const locale = localeOf(lang)
  for (const [sign] of text.matchAll(/\p{Lu}{0,2}\p{Sc}|\p{L}[\p{L}.]*/gu)) {
    const currency = locale.currencyOf(sign)
    if (currency) return currency
  }
  return null
}

function amountAt(original: string, text: string, at: number, written: string, locale: Locale) {
  const stop = at + written.length
  const times = MULTIPLIER.exec(text.slice(stop, stop + 16))?.[0] ?? ''
  const end = stop + (times.length || (NO_CENTS.exec(text.slice(stop, stop + 4))?.[0].length ?? 0))
  const before = signBefore(text.slice(Math.max(0, at - 24), at), locale)
  const after = signAfter(text.slice(end, end + 12), locale)
  const currency = agreed(before, after)
  if (currency === undefined || isWord(before ?? after, written, locale)) return null
  const shown = original.slice(at - (before?.length ?? 0), end + (after?.length ?? 0))
  const found: Amount = { currency, minor: null, text: clip(shown, 60) }
  if (currency === null || times || goesOn(text.slice(stop, stop + 4), written)) return found
  const digits = minorDigits(currency)
  const plain = plainNumber(written, digits, locale)
  return plain === null ? found : { ...found, minor: minorUnits(plain, digits) }
}

interface Sign {
  text: string
  currency: string | null
  /** The sign means that everywhere, not only in this place. */
  sure: boolean
  /** Characters from the number to the far end of the sign. */
  length: number
}

/** The sign before a number, with what stands before the sign: a country (`US $`), a code (`USD $`). */
function signBefore(before: string, locale: Locale): Sign | undefined {
  const match = BEFORE.exec(before)
  if (!match) return undefined
  const [whole, apart = '', joined = '', money = '', word = '', gap = ''] = match
  // `10 € 20 pieces`: the sign belongs to the number before it.
  if (!apart && /\s/.test(gap) && /\d\s*$/.test(before.slice(0, -whole.length))) return undefined
  if (word) return signOf(word, whole.length, locale)
  // `Total$5` has no country before the sign, `TotalUS$5` and `J$5` have.
  const prefix = apart || (/(?:^|\p{Ll})(\p{Lu}{1,3})$/u.exec(joined)?.[1] ?? '')
  const length = whole.length - (apart ? 0 : joined.length - prefix.length)
  const code = prefix.length === 3 ? signOf(prefix, length, locale) : undefined
  const sign = signOf(code ? money : prefix + money, length, locale)
  return code && sign ? { ...code, currency: agreed(code, sign) ?? null } : sign
}

function signAfter(after: string, locale: Locale): Sign | undefined {
  const match = AFTER.exec(after)
  if (!match) return undefined
  const [whole, gap = '', sign = ''] = match
  // `10 $20`: the sign belongs to the number after it.
  if (gap !== '' && /^\d/.test(after.slice(whole.length))) return undefined
  const first = /^[\p{Sc}\p{Script=Han}원]/u.exec(sign)?.[0]
  return (
    signOf(sign, whole.length, locale) ??
    (first ? signOf(first, gap.length + first.length, locale) : undefined)
  )
}

function signOf(text: string, length: number, locale: Locale): Sign | undefined {
  const currency = locale.currencyOf(text)
  if (currency === undefined) return undefined
  return { text, currency, length, sure: localeOf('').currencyOf(text) === currency }
}

/** One currency from two signs: `$20 USD` is US dollars even in Canada, `€20 USD` is nobody's guess.
 * `undefined` where neither is a sign, `null` where it cannot be told which. */
function agreed(one: Sign | undefined, other: Sign | undefined): string | null | undefined {
  if (!one || !other) return (one ?? other)?.currency
  if (one.currency === null || other.currency === null) return one.currency ?? other.currency
  if (one.sure !== other.sure) return one.sure ? one.currency : other.currency
  return one.currency === other.currency ? one.currency : null
}

/** `ALL 3` and `TOP 10` are money only with a fraction, or where that is the money of the place. */
function isWord(sign: Sign | undefined, written: string, locale: Locale): boolean {
  if (!sign || !WORDS.has(sign.text)) return false
  return !/[.,٫]\d{1,2}$/.test(written) && locale.home !== sign.text
}

/** More digits follow that may belong to the number: `$3 4 0` of a rolling counter, `$5–10`. */
function goesOn(after: string, written: string): boolean {
  return /^\s?[-–—]\s?\d/.test(after) || (/^\d*$/.test(written) && /^\s\d(?!\d)/.test(after))
}

const GAP = '[\\s\\u200e\\u200f\\u061c]*'
const BEFORE = new RegExp(
  `(?:(?:(?<!\\p{L})(\\p{Lu}{1,3}) )?(\\p{L}+)?(\\p{Sc})|(\\p{L}[\\p{L}.]*))(${GAP}[-−–(+]*${GAP})$`,
  'u',
)
const AFTER = new RegExp(`^(${GAP})(\\p{Sc}\\p{Lu}{0,2}(?!\\p{L})|\\p{Sc}|\\p{L}[\\p{L}.]*)`, 'u')

/** `5M`, `3 million`, `1.2万`: the number is not the amount. */
const MULTIPLIER =
  /^\s?(?:[kmbt](?![\p{L}.])|(?:bn|mn|mio|mrd|tsd|mil|cr|bin)(?!\p{L})|thousand|million|billion|milli|mill[oó]n|milh|milion|tys|млн|млрд|тыс|milyon|lakh|crore|ألف|مليون)[\p{L}.]*|^\s?[千万萬億亿천만억]+/iu

/** `340,- €` and `340.– CHF` have no cents. */
const NO_CENTS = /^[.,][-–—]+/

/** Codes that are words too. */
const WORDS = new Set(['ALL', 'TOP', 'TRY', 'CUP', 'PEN', 'SOS', 'MOP', 'BAM', 'GEL'])
