import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor, Field } from '#shared/protocol/descriptor.ts'
import { isSameSite } from './cause-site.ts'
import { isAmountName } from './operation/terms.ts'

/** Whether a POST is the search or the log-in that a click was let go for without a question. A label can
 * be anything (`Preview` on the form that orders), a page can post to another site, and a script can add
 * to a form on its way: so the form must be one of those two by its fields, stay on its site, be sent as
 * it was described, and say nothing of money or of acts in its address and in what nobody sees. */
export function isReadForm(
  { page, form }: Descriptor,
  request: Descriptor,
  classify: (d: Descriptor) => Classification,
): boolean {
  if (!form || (form.purpose !== 'search' && form.purpose !== 'login')) return false
  const url = request.request?.url ?? ''
  if (!isSameSite(url, page.url)) return false
  // An address that names an act (`/approve/17`) does it, whatever is sent there.
  const { verb } = classify(request)
  if (verb !== undefined && verb !== request.request?.method.toLowerCase()) return false
  const sent = request.form?.fields ?? []
  if (!sent.every((field) => form.fields.some((shown) => isSent(shown, field)))) return false
  const address = URL.canParse(url) ? [...new URL(url).searchParams] : []
  const hidden = form.fields.filter(({ type }) => type === 'hidden')
  const { recipients } = request.terms
  if (hidden.some(({ value }) => recipients.includes(value))) return false
  const unseen = [...address, ...hidden.map(({ name, value }) => [name, value] as const)]
  if (unseen.flat().some((text) => acts(text, request, classify))) return false
  return ![...address.map(([name]) => name), ...sent.map(({ name }) => name)].some(isAmountName)
}

/** A secret is masked, in another way on each side. */
function isSent(shown: Field, sent: Field): boolean {
  if (shown.name !== sent.name) return false
  return shown.secret || sent.secret || shown.value === sent.value
}

/** Whether the request would be taken for something else if it were called so. */
function acts(
  text: string,
  descriptor: Descriptor,
  classify: (d: Descriptor) => Classification,
): boolean {
  const { request } = descriptor
  if (!request || text.length > 100) return false
  const { verb } = classify({ ...descriptor, request: { ...request, operation: text } })
  return verb !== undefined && verb !== classify(descriptor).verb
}
