import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Glance } from './glance.ts'

/** A glance as plain JSON, for the log: enough to find out later why it was taken for a `read`. What is
 * in the form and around the target is left out. */
export function sketch(seen: Glance): Descriptor {
  const { door, provenance, gesture, key, page, link, target } = seen
  const { role, name, tag, type, path, hints } = target
  return {
    ...{ door, provenance, gesture },
    ...(key !== undefined && { key }),
    page,
    target: { ...{ role, name, tag, path, hints }, ...(type !== undefined && { type }) },
    ...(link && { link }),
    terms: { amounts: [], recipients: [], rows: null },
  }
}
