import type { Change } from '#shared/protocol/hold.ts'
import { money } from './money.ts'
import { quoted, visible } from './visible.ts'

const TERMS: ReadonlyMap<string, string> = new Map([
  ['page', 'Page'],
  ['control', 'Control'],
  ['shows', 'Text on it'],
  ['key', 'Key'],
  ['link', 'Link'],
  ['request', 'Request'],
  ['form', 'Form'],
  ['dialog', 'Dialog'],
  ['row', 'Row'],
  ['amounts', 'Amount'],
  ['recipients', 'Recipients'],
  ['rows', 'Records'],
])

/** A moved term as a person reads it: our words for the terms of `bindings`, the page's own label
 * for a field, and amounts as money. An empty side says so. */
export function changeWords(
  { term, before, after }: Change,
  locale?: string,
): { label: string; before: string; after: string } {
  const field = /^field "(.*)"( \(\d+\))?$/.exec(term)
  const label = field ? `Field ${quoted(field[1] ?? '', 60)}${field[2] ?? ''}` : TERMS.get(term)
  const side = (value: string) => {
    const text = term === 'amounts' ? value.split(', ').map(asMoney).join(', ') : value
    return visible(text, { limit: 200 }) || '(empty)'
  }
  const asMoney = (value: string) => {
    const [, minor, currency] = /^(-?\d+) ([A-Z]{3})$/.exec(value) ?? []
    if (minor === undefined || currency === undefined) return value
    return money({ minor: Number(minor), currency, text: value }, locale)
  }
  return { label: label ?? visible(term, { limit: 60 }), before: side(before), after: side(after) }
}
