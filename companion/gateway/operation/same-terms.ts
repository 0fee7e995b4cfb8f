import type { Descriptor, Field } from '#shared/protocol/descriptor.ts'
import { bareName, isAmountName } from './terms.ts'

/** Whether a request is about no other amounts and people than its input was: a page can change a form
 * between the press and the sending. What only one of the two knows says nothing. */
export function sameTerms(cause: Descriptor, request: Descriptor): boolean {
  return sameAmounts(cause, request) && sameRecipients(cause, request)
}

function sameAmounts(cause: Descriptor, request: Descriptor): boolean {
  const shown = valuesByName(cause.form?.fields ?? [])
  const sent = valuesByName(request.form?.fields ?? [])
  // Scripts count money in cents; a form that the browser sends has what stands in its fields.
  const cents = /json/i.test(request.form?.enctype ?? '')
  for (const [name, values] of sent) {
    const known = shown.get(name)
    if (known && values.some((value) => !known.some((one) => isSame(one, value, cents))))
      return false
  }
  return true
}

function sameRecipients(cause: Descriptor, request: Descriptor): boolean {
  const known = new Set(cause.terms.recipients.map((one) => one.toLowerCase()))
  return known.size === 0 || request.terms.recipients.every((one) => known.has(one.toLowerCase()))
}

function valuesByName(fields: readonly Field[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { name, value, secret } of fields) {
    const bare = bareName(name)
    if (!secret && isAmountName(bare)) found.set(bare, [...(found.get(bare) ?? []), value.trim()])
  }
  return found
}

function isSame(shown: string, sent: string, cents: boolean): boolean {
  if (shown === sent) return true
  const [a, b] = [Number(shown), Number(sent)]
  if (shown === '' || Number.isNaN(a) || Number.isNaN(b)) return false
  return a === b || (cents && Number.isInteger(b) && Math.round(a * 100) === b)
}
