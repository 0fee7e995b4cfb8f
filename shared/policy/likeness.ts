import type { Likeness } from './history.ts'
import { nearly } from './nearly.ts'
import type { Subject } from './subject.ts'
import { plainText } from './text-glob.ts'

/** Most of a text that is compared; what comes after it counts as the same. */
export const LIKENESS_LIMIT = 600

/** By what share texts and amounts may differ and still be nearly the same. */
const TEXT_SHARE = 0.1
const AMOUNT_SHARE = 0.05

/** What is compared to tell whether two actions are nearly the same. */
export function likenessOf(subject: Subject): Likeness {
  const { c } = subject
  return {
    kind: `${siteOf(subject)} ${c.capability} ${c.verb?.toLowerCase() ?? ''}`,
    recipients: [
      ...new Set(subject.recipients().map((one) => one.address() || one.plain())),
    ].toSorted(),
    amounts: amountsOf(subject),
    text: textOf(subject),
  }
}

/** Host of the document that the action is in; empty where it has none. */
export function siteOf({ page }: Subject): string {
  return page.kind === 'web' ? page.host : ''
}

/** Largest amount of each currency in minor units; null where nobody could read one. */
function amountsOf(subject: Subject): Readonly<Record<string, number>> | null {
  const amounts = subject.amounts()
  if (amounts === 'unknown') return null
  return amounts === 'none' ? {} : Object.fromEntries([...amounts].toSorted())
}

/** Whether two actions are nearly the same: of one kind, to the same recipients, with amounts of the
 * same currencies that differ by at most 5 %. Where that says who gets what, it is enough: a note that
 * is worded anew each time makes no other payment. Elsewhere their texts differ by at most a tenth,
 * digits aside. An amount that nobody could read may be any. Symmetric, and true of an action and
 * itself. */
export function isAlike(one: Likeness, other: Likeness): boolean {
  return (
    one.kind === other.kind &&
    sameRecipients(one.recipients, other.recipients) &&
    closeAmounts(one.amounts, other.amounts) &&
    (pays(one) || pays(other) || nearly(one.text, other.text, edits(one.text, other.text)))
  )
}

/** Says who gets how much. */
function pays({ recipients, amounts }: Likeness): boolean {
  return recipients.length > 0 && amounts !== null && Object.keys(amounts).length > 0
}

function edits(one: string, other: string): number {
  return Math.floor(Math.max(one.length, other.length) * TEXT_SHARE)
}

function sameRecipients(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((recipient, index) => recipient === other[index])
}

function closeAmounts(one: Likeness['amounts'], other: Likeness['amounts']): boolean {
  if (one === null || other === null) return true
  const [all, others] = [Object.entries(one), Object.entries(other)]
  if (all.length !== others.length) return false
  return all.every(([currency, minor]) => {
    const beside = others.find(([name]) => name === currency)?.[1]
    if (beside === undefined) return false
    return Math.abs(minor - beside) <= Math.max(minor, beside) * AMOUNT_SHARE
  })
}

/** Name, row, dialog and fields, as people read them and without the digits. */
function textOf({ d }: Subject): string {
  const { target, form, dialog, request } = d
  const fields = (form?.fields ?? []).filter(({ secret }) => !secret)
  const parts = [target.name, target.row, dialog?.name, dialog?.text, request?.operation]
  for (const { label, name, value } of fields) parts.push(`${label || name}: ${value}`)
  if (request) {
    parts.push(request.method, request.url.replace(/[?#].*/s, ''))
    // A body of which nothing was read can only be compared as a whole.
    const unread =
      fields.length === 0 && d.terms.amounts.length === 0 && d.terms.recipients.length === 0
    if (unread) parts.push(request.bodyDigest)
  }
  const text = plainText(parts.filter(Boolean).join(' ')).replace(/\p{Nd}+/gu, '#')
  return text.slice(0, LIKENESS_LIMIT)
}
