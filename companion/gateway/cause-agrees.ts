import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Found } from './cause.ts'
import { sameTerms } from './operation/same-terms.ts'
import { isReadForm } from './read-form.ts'
import { sameFields } from './same-fields.ts'

/** Whether the input that caused a request was let go for it. */
export function covers(
  { cause, rule }: Extract<Found, { kind: 'covered' }>,
  request: Descriptor,
  classify: (d: Descriptor) => Classification,
): boolean {
  // A person at the wheel knows what they do; a read covers its own form and nothing else.
  if (cause.agent === null) return true
  if (cause.covers === 'form' && !isReadForm(cause.descriptor, request, classify)) return false
  // Nothing but what it says tells that it is the form that was let go.
  if (rule === 'form' && !sameFields(cause.descriptor, request)) return false
  return agrees(cause.descriptor, request, classify)
}

/** Whether a request does what its input was let go for. A click on "Save" covers no transfer, whatever
 * its stack says: a script can place itself behind a click, and a label can say anything. Only what a
 * request says of itself counts; one that says nothing goes along. */
export function agrees(
  cause: Descriptor,
  request: Descriptor,
  classify: (d: Descriptor) => Classification,
): boolean {
  const does = classify(request)
  const grave = does.capability !== 'read' && does.category !== 'other' && !isNoise(does)
  if (grave && classify(cause).category !== does.category) return false
  return sameTerms(cause, request)
}

/** Words that addresses of requests have without meaning them: `/api/requests`, `/reports/run`. */
function isNoise({ verb }: Classification): boolean {
  return verb === 'request' || verb === 'report' || verb === 'comment'
}
