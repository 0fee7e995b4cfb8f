import type { Look } from './action.ts'
import { numberOf, paramsOf } from './cdp.ts'
import type { HeldSpot } from './picture.ts'

/** Where on its page something held would act; null for what happens on no page. */
export async function spotOf(id: string, run: string, look: Look): Promise<HeldSpot | null> {
  const { target, objectId } = look
  if (!target) return null
  const spot = { id, run, target, box: null }
  if (objectId === null) return spot
  try {
    const { node } = await target.session.call('DOM.describeNode', { objectId })
    const backend = numberOf(paramsOf(node).backendNodeId)
    return backend === undefined ? spot : { ...spot, node: backend }
  } catch {
    return spot // the element has gone already: the page without a box is still worth seeing
  }
}
