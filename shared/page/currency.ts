/** How a page's language writes numbers and money, as far as its `lang` tells. */
export interface Locale {
  /** Separator of thousands and of decimals; empty where the language is not known. */
  group: string
  decimal: string
  /** The country's own currency where it is one whose code is also a word, else empty. */
  home: string
  /** The currency that a sign means here: `null` where it may be several, `undefined` for no sign. */
  currencyOf(sign: string): string | null | undefined
}

/** Learns a locale from Intl (CLDR), once for each tag. An empty or malformed tag gives a locale that
 * knows nothing: then only what is written the same everywhere is read. */
export function localeOf(lang: string): Locale {
  const known = locales.get(lang)
  if (known) return known
  const locale = learn(lang)
  if (locales.size < 20) locales.set(lang, locale)
  return locale
}

/** Digits after the decimal point that a currency has: 2 for USD, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  const { maximumFractionDigits } = money('en', currency).resolvedOptions()
  return maximumFractionDigits ?? 2
}

/** A currency sign without dots, spaces and marks of direction: `د.إ.` and `kr.` as written or not. */
export function bare(sign: string): string {
  return sign.replace(/[.\s\u200e\u200f\u061c]/g, '')
}

const locales = new Map<string, Locale>()

function learn(lang: string): Locale {
  const tag = canonical(lang)
  if (tag === null) return { group: '', decimal: '', home: '', currencyOf: (sign) => meaning(sign) }
  const parts = new Intl.NumberFormat(tag).formatToParts(1234567.5)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  let local: ReadonlyMap<string, string | null> | undefined
  return {
    group: part('group'),
    decimal: part('decimal'),
    home: HOME[new Intl.Locale(tag).maximize().region ?? ''] ?? '',
    currencyOf(sign) {
      const everywhere = meaning(sign)
      if (everywhere) return everywhere
      local ??= signsOf(tag)
      return local.get(bare(sign)) ?? everywhere
    },
  }
}

function canonical(lang: string): string | null {
  try {
    return lang ? (Intl.getCanonicalLocales(lang.replaceAll('_', '-'))[0] ?? null) : null
  } catch {
    // A malformed tag says nothing about the page's language.
    return null
  }
}

/** What a sign means without knowing the place. */
function meaning(sign: string): string | null | undefined {
  const key = bare(sign)
  if (SIGNS.has(key)) return SIGNS.get(key)
  if (/^[A-Z]{3}$/.test(key)) return codes().has(key) ? key : undefined
  return /\p{Sc}/u.test(key) ? null : undefined
}

let every: ReadonlySet<string> | undefined

function codes(): ReadonlySet<string> {
  every ??= new Set(Intl.supportedValuesOf('currency'))
  return every
}

/** The signs that CLDR gives to exactly one currency in a locale. `$` needs a dollar country: CLDR
 * writes US dollars so in German too, but a page in German may mean any dollar. `¥` needs Japanese or
 * Chinese for the same reason. */
function signsOf(tag: string): ReadonlyMap<string, string | null> {
  const { language, region = '' } = new Intl.Locale(tag).maximize()
  const signs = new Map<string, string | null>()
  for (const code of CANDIDATES) {
    const sign = bare(signIn(tag, code))
    if (sign === '$' && code === 'USD' && !US_DOLLAR.has(region)) continue
    if (/[¥￥元]/.test(sign)) continue
    signs.set(sign, signs.has(sign) ? null : code)
  }
  const yen = language === 'ja' ? 'JPY' : region === 'CN' ? 'CNY' : null
  for (const sign of language === 'ja' ? '¥￥' : '¥￥元圆') signs.set(sign, yen)
  return signs
}

function signIn(tag: string, currency: string): string {
  return (
    money(tag, currency)
      .formatToParts(1)
      .find((part) => part.type === 'currency')?.value ?? ''
  )
}

function money(tag: string, currency: string): Intl.NumberFormat {
  return new Intl.NumberFormat(tag, { style: 'currency', currency })
}

const US_DOLLAR = new Set(['US', 'PR', 'EC', 'SV', 'PA', 'GU', 'VI'])

/** Countries whose currency's code is a word elsewhere. */
const HOME: Record<string, string> = { AL: 'ALL', TR: 'TRY', TO: 'TOP', CU: 'CUP', PE: 'PEN' }

/** Currencies whose sign depends on the place. */
const CANDIDATES =
  'USD CAD AUD NZD MXN ARS CLP COP UYU SGD HKD TWD SEK NOK DKK ISK INR PKR LKR NPR ZAR RUB CHF'.split(
    ' ',
  )

/** Signs and what they mean everywhere. After a colon without a code (`$:`) that depends on the place;
 * `?` marks what is a sign in some places and a word elsewhere (`Fr 12 May`). */
const SIGNS = new Map<string, string | null | undefined>(
  '$: ¥: ￥: 元: 圆: 圓: kr: Rs: ₨: ﷼: R:? Fr:? fr:? р:? руб:RUB ₽:RUB SFr:CHF £:GBP €:EUR US$:USD $US:USD CA$:CAD $CA:CAD C$:CAD A$:AUD AU$:AUD $AU:AUD NZ$:NZD HK$:HKD S$:SGD NT$:TWD MX$:MXN R$:BRL CN¥:CNY JP¥:JPY RMB:CNY 円:JPY ₹:INR ₩:KRW 원:KRW ₺:TRY TL:TRY zł:PLN Kč:CZK Ft:HUF lei:RON лв:BGN ₴:UAH грн:UAH ₪:ILS ₫:VND ฿:THB ₱:PHP ₦:NGN ₸:KZT ৳:BDT RM:MYR Rp:IDR دإ:AED رس:SAR جم:EGP دك:KWD دب:BHD رق:QAR رع:OMR دم:MAD ریال:IRR'
    .split(' ')
    .map((entry) => {
      const [sign = '', code = ''] = entry.split(':')
      return [sign, code === '?' ? undefined : code || null]
    }),
)
