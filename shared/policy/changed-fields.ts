import { type Descriptor, type Field, LIST_LIMIT } from '#shared/protocol/descriptor.ts'
import { either } from './either.ts'
import type { Test } from './policy.ts'
import { plainText, textGlob } from './text-glob.ts'

/** Types of fields that nobody fills in: what they hold is the page's, unless it is known to have
 * changed. */
const UNFILLED = new Set(['hidden', 'submit', 'button', 'image', 'reset'])

/** Allow: there is a form, and every field that has changed, or may have, is one of these. Hold and
 * deny: one of these has changed or may have, or something is sent of which no fields are known. */
export function changedFieldsTest(globs: readonly string[], restricts: boolean): Test {
  const tests = globs.map((glob) => textGlob(plainText(glob)))
  const named = (field: Field) => {
    const label = plainText(labelOf(field))
    return tests.some((test) => test(label))
  }
  return {
    field: 'fields',
    wants: `${restricts ? 'a change of' : 'changes of only'} ${either(globs.map((glob) => `"${glob}"`))}`,
    passes: ({ d }) => {
      const fields = d.form?.fields
      if (fields === undefined || fields.length >= LIST_LIMIT)
        return restricts && (fields !== undefined || sendsUnread(d))
      const changed = fields.filter(mayHaveChanged)
      return restricts ? changed.some(named) : changed.every(named)
    },
    is: ({ d }) => {
      const changed = (d.form?.fields ?? []).filter(mayHaveChanged).map(labelOf)
      if (d.form === undefined) return 'no form'
      return changed.length === 0 ? 'no change' : changed.slice(0, 5).join(', ')
    },
  }
}

function mayHaveChanged({ changed, type }: Field): boolean {
  return changed ?? !UNFILLED.has(type.toLowerCase())
}

function labelOf({ label, name, type }: Field): string {
  return label || name || type
}

/** A request with a body that is no form's. */
function sendsUnread({ request }: Descriptor): boolean {
  return request?.bodyDigest !== undefined || request?.uninspectable === true
}
