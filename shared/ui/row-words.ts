import type { Descriptor } from '#shared/protocol/descriptor.ts'

/** What the control's row says, without the control's own words: a row reads "Ada Lovelace Edit
 * Delete". Empty where there is no row, or where the row is the form itself: then it is only the
 * labels run together, and the fields say it better. */
export function rowWords({ target, form }: Descriptor): string {
  const { row } = target
  if (row === undefined) return ''
  const labels = (form?.fields ?? [])
    .filter(({ type }) => type !== 'hidden')
    .map(({ label, name }) => label || name)
  if (labels.length > 0 && labels.every((label) => row.includes(label))) return ''
  return row.replace(target.name, ' ').replace(/\s+/g, ' ').trim()
}
