import type { Descriptor, Field } from '#shared/protocol/descriptor.ts'

/** Whether a form is sent as it was described: nothing that a person saw in it has another value. A page's
 * own listeners may add fields and fill in hidden ones on its way. */
export function sameFields({ form }: Descriptor, request: Descriptor): boolean {
  const shown = form?.fields ?? []
  return (request.form?.fields ?? []).every((sent) => {
    const same = shown.filter(({ name }) => name === sent.name)
    return same.length === 0 || same.some((field) => isSent(field, sent))
  })
}

/** A secret is masked, in another way on each side; a file and an edited text are not sent as shown. */
function isSent(shown: Field, sent: Field): boolean {
  if (shown.secret || sent.secret || UNLIKE.test(shown.type)) return true
  const [a, b] = [flat(shown.value), flat(sent.value)]
  if (a === b || (shown.type === 'hidden' && a === '')) return true
  // A choice is shown by its text, with what is sent for it.
  if (shown.type === 'select') return a.includes(`[${b}]`) || a.split(', ').includes(b)
  return isCut(a, b)
}

const UNLIKE = /^(?:file|contenteditable|rest|password)$/

/** Long texts are cut on both sides; a digest may follow. */
function isCut(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => text.split('…')[0] ?? '')
  if (!(a.includes('…') || b.includes('…')) || one === undefined || other === undefined)
    return false
  const length = Math.min(one.length, other.length)
  return length > 400 && one.slice(0, length) === other.slice(0, length)
}

function flat(value: string): string {
  return value.replace(/\s+/g, ' ').trim()
}
