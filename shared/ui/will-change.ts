import type { Descriptor, Field } from '#shared/protocol/descriptor.ts'
import { money } from './money.ts'
import { rowWords } from './row-words.ts'
import { siteOf } from './sentence.ts'
import { quoted, visible } from './visible.ts'

/** One line of "What will change". `values` are already safe to show; `note` is our own remark. */
export interface Fact {
  label: string
  values: string[]
  note?: string
  /** `code` for addresses and methods, `page` for words of the page. */
  kind: 'page' | 'code' | 'sum'
  /** Terms come first; evidence says by which control and request it happens. */
  of: 'term' | 'field' | 'evidence'
}

/** What an action would change as far as the Descriptor tells, most important first. Without any
 * term, field or request it is empty, and the caller must say that nothing could be determined. */
export function willChange(d: Descriptor, locale?: string): Fact[] {
  return [...terms(d, locale), ...(d.form?.fields ?? []).filter(shown).map(field), ...evidence(d)]
}

function terms(d: Descriptor, locale?: string): Fact[] {
  const { recipients, amounts, rows } = d.terms
  const facts: Fact[] = []
  if (recipients.length > 0)
    facts.push({
      label: recipients.length === 1 ? 'To' : `To ${recipients.length} recipients`,
      values: recipients.map((one) => visible(one, { limit: 120 })),
      kind: 'page',
      of: 'term',
    })
  if (amounts.length > 0) {
    const unclear = amounts.some(({ minor, currency }) => minor === null || currency === null)
    facts.push({
      label: amounts.length === 1 ? 'Amount' : 'Amounts',
      values: [...new Set(amounts.map((one) => money(one, locale)))],
      kind: 'sum',
      of: 'term',
      ...(unclear ? { note: 'not certain, counts as above every limit' } : {}),
    })
  }
  if (rows !== null)
    facts.push({ label: 'Records', values: [rows.toLocaleString(locale)], kind: 'sum', of: 'term' })
  const row = rowWords(d)
  if (row !== '')
    facts.push({ label: 'In the row', values: [quoted(row, 200)], kind: 'page', of: 'term' })
  if (d.dialog)
    facts.push({
      label: 'The page’s dialog says',
      values: [d.dialog.name, d.dialog.text].filter(Boolean).map((text) => quoted(text, 300)),
      kind: 'page',
      of: 'term',
    })
  return facts
}

/** Empty hidden fields and the site's own anti-forgery tokens say nothing to a person. */
function shown({ type, value, secret }: Field): boolean {
  return type !== 'hidden' || (value !== '' && !secret)
}

function field({ label, name, type, value, secret }: Field): Fact {
  const remarks = [
    ...(type === 'hidden' ? ['hidden on the page'] : []),
    ...(secret ? ['secret, not shown'] : []),
  ]
  return {
    label: visible(label || name || type, { limit: 60 }),
    values: [secret ? '••••••••' : visible(value, { limit: 400, lines: true }) || '(empty)'],
    kind: 'page',
    of: 'field',
    ...(remarks.length > 0 ? { note: remarks.join(', ') } : {}),
  }
}

function evidence(d: Descriptor): Fact[] {
  const { form, link, request, target, page } = d
  const facts: Fact[] = []
  const goes = (label: string, method: string, url: string) => {
    const foreign = URL.canParse(url) && siteOf(url) !== siteOf(page.url)
    facts.push({
      label,
      values: [`${visible(method.toUpperCase(), { limit: 12 })} ${address(url)}`],
      kind: 'code',
      of: 'evidence',
      ...(foreign ? { note: `goes to another site: ${siteOf(url)}` } : {}),
    })
  }
  if (request) goes('Request', request.method, request.url)
  if (request?.operation)
    facts.push({
      label: 'Operation',
      values: [quoted(request.operation, 60)],
      kind: 'page',
      of: 'evidence',
    })
  if (form) goes('Form', form.method, form.action)
  if (link) goes('Link', link.method ?? 'get', link.href)
  const shows = target.visible ? ` that shows ${quoted(target.visible, 80)}` : ''
  const heading = target.heading ? `, under ${quoted(target.heading, 60)}` : ''
  facts.push({
    label: 'Control',
    values: [
      `${visible(target.role || target.tag, { limit: 30 })} ${quoted(target.name || '(no name)')}${shows}${heading}`,
    ],
    kind: 'page',
    of: 'evidence',
  })
  facts.push({ label: 'Page', values: [address(page.url)], kind: 'code', of: 'evidence' })
  return facts
}

/** Origin and path; of a query only that there is one, since it may carry tokens. */
function address(url: string): string {
  if (!URL.canParse(url)) return visible(url, { limit: 160 })
  const { origin, protocol, pathname, search } = new URL(url)
  const base = origin === 'null' ? protocol : origin
  return visible(`${base}${pathname}${search === '' ? '' : '?…'}`, { limit: 160 })
}
