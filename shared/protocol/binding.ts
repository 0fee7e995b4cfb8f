import type { Amount, Descriptor } from './descriptor.ts'
import type { Change } from './hold.ts'

/** The terms an approval binds, as labelled text in a fixed order. Two descriptors with the same
 * bindings are the same action: a harmless re-render (new class names, another path in the tree,
 * a moved row) does not ask again, a moved amount, recipient, field or address does. */
export function bindings(d: Descriptor): ReadonlyMap<string, string> {
  const terms = new Map<string, string>()
  terms.set('page', d.page.url)
  terms.set('control', `${d.target.role} "${d.target.name}"`)
  if (d.target.visible !== undefined) terms.set('shows', d.target.visible)
  if (d.key !== undefined) terms.set('key', d.key)
  if (d.link) terms.set('link', `${d.link.method ?? 'get'} ${d.link.href}`)
  if (d.request)
    terms.set('request', `${d.request.method} ${d.request.url} ${d.request.bodyDigest ?? ''}`)
  if (d.form) terms.set('form', `${d.form.method} ${d.form.action}`)
  for (const [label, value] of labelledFields(d)) terms.set(label, value)
  if (d.dialog) terms.set('dialog', `${d.dialog.name} ${d.dialog.text}`)
  if (d.target.row !== undefined) terms.set('row', d.target.row)
  terms.set('amounts', d.terms.amounts.map(amountText).join(', '))
  terms.set('recipients', d.terms.recipients.join(', '))
  terms.set('rows', d.terms.rows === null ? '' : String(d.terms.rows))
  return terms
}

/** What moved between two descriptors, in the words of `bindings`; empty where nothing did. */
export function changes(before: Descriptor, after: Descriptor): Change[] {
  const was = bindings(before)
  const is = bindings(after)
  const moved: Change[] = []
  for (const term of new Set([...was.keys(), ...is.keys()])) {
    const [a, b] = [was.get(term) ?? '', is.get(term) ?? '']
    if (a !== b) moved.push({ term, before: a, after: b })
  }
  return moved
}

/** Fields by label; fields that share a label are told apart by a number, so none hides another. */
function labelledFields(d: Descriptor): [string, string][] {
  const seen = new Map<string, number>()
  return (d.form?.fields ?? []).map((field) => {
    const label = field.label || field.name || field.type
    const count = (seen.get(label) ?? 0) + 1
    seen.set(label, count)
    return [`field "${label}"${count > 1 ? ` (${count})` : ''}`, field.value]
  })
}

function amountText(amount: Amount): string {
  return amount.minor === null ? amount.text : `${amount.minor} ${amount.currency ?? '?'}`
}
