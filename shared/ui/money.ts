import type { Amount } from '#shared/protocol/descriptor.ts'
import { quoted } from './visible.ts'

/** An amount as the reader's locale writes it; the page's own words in quotation marks where its
 * value could not be told. */
export function money({ minor, currency, text }: Amount, locale?: string): string {
  if (minor === null || currency === null) return quoted(text, 40)
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  // Minor units have as many digits as the currency itself (ISO 4217: 0 for JPY, 3 for KWD).
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

/** Different amounts in one line, each once, at most three of them; empty without amounts. */
export function amounts(list: readonly Amount[], locale?: string): string {
  const shown = [...new Set(list.map((amount) => money(amount, locale)))]
  if (shown.length <= 3) return shown.join(', ')
  return `${shown.slice(0, 3).join(', ')} and ${shown.length - 3} more`
}
