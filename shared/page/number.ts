import type { Locale } from './currency.ts'

/** A number in a text: digits with separators, a plain space only where three digits follow it. */
export const NUMBER = /\d+(?:[.,'’٫٬\u00a0\u202f]\d+| \d{3}(?!\d))*/g

/** A number as written on a page as `1234.56`, `null` where it can be read in two ways. `digits` is
 * how many digits the currency has after the point. */
export function plainNumber(written: string, digits: number, locale: Locale): string | null {
  const separators = written.replace(/\d/g, '')
  const kinds = new Set(Array.from(separators, kind))
  const last = kind(separators.at(-1) ?? '')
  const groups = written.split(/\D/)
  if (separators === '') return written
  // A plain space groups only in languages that group by spaces: elsewhere two numbers may meet.
  if (separators.includes(' ') && kind(locale.group) !== ' ') return null
  if (kinds.size === 1 && (separators.length > 1 || isGroup(last, groups, digits, locale)))
    return last === '٫' || !wellGrouped(groups) ? null : groups.join('')
  const fraction = groups.pop() ?? ''
  if (last !== '.' && last !== ',' && last !== '٫') return null
  if (kinds.size > 2 || (kinds.size === 2 && separators.split(last).length > 2)) return null
  if (groups.length > 1 && !wellGrouped(groups)) return null
  return fraction.length <= digits ? `${groups.join('')}.${fraction}` : null
}

/** `1234.5` in minor units: 123450 for two digits; `null` where it has more, or is beyond exact. */
export function minorUnits(plain: string, digits: number): number | null {
  const [whole = '', fraction = ''] = plain.split('.')
  if (fraction.slice(digits).replace(/0/g, '') !== '') return null
  const minor = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  return Number.isSafeInteger(minor) ? minor : null
}

/** Text with the digits of other scripts (Arabic, Persian, Devanagari, Bengali, Thai, full width)
 * replaced, of the same length. */
export function westernDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹०-९০-৯๐-๙０-９]/g, (digit) => {
    const code = digit.charCodeAt(0)
    return String((code & 15) - (code >= 0x966 && code <= 0x9ef ? 6 : 0))
  })
}

/** Separators that mean the same. */
function kind(separator: string): string {
  if (/\s/.test(separator)) return ' '
  return separator === '’' ? "'" : separator
}

/** Whether the only separator of a number groups thousands. Three digits after a point or comma may
 * also be a fraction: the language decides, or a currency that has none. */
function isGroup(separator: string, groups: string[], digits: number, locale: Locale): boolean {
  const [head = '', tail = ''] = groups
  if (/[ '٬]/.test(separator)) return true
  if (tail.length !== 3 || head.length > 3 || head.startsWith('0')) return false
  if (separator === kind(locale.group)) return true
  return digits === 0
}

/** `1 234 567` and `12 34 567`: three digits last, threes or (in India) twos before. */
function wellGrouped(groups: string[]): boolean {
  const [head = '', ...rest] = groups
  const last = rest.pop() ?? ''
  const middle = new Set(rest.map((group) => group.length))
  const even = middle.size === 0 || (middle.size === 1 && (middle.has(3) || middle.has(2)))
  return /^[1-9]\d{0,2}$/.test(head) && last.length === 3 && even
}
