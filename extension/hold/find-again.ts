import { dom } from '#shared/page/builtins.ts'
import { changes } from '#shared/protocol/binding.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { HeldAction } from '../gate/held-action.ts'
import { describeSafely } from './describe-safely.ts'

/** Most elements looked at for the one that took the held one's place. */
const CANDIDATE_LIMIT = 300

/** The element to act on now, freshly described. Frameworks replace nodes while a person reads, so
 * where the held element is gone, the only one in the page with exactly the same terms stands in for
 * it; where there are none or several, nothing does. */
export function findAgain(
  action: HeldAction,
  held: Descriptor,
): { target: Element; descriptor: Descriptor } | null {
  const { target, occasion } = action
  // A detached link or form acts all the same when it was held as a navigation.
  if (target.isConnected || occasion.gesture === 'navigate') {
    const descriptor = describeSafely(target, occasion)
    return descriptor && { target, descriptor }
  }
  const matches = []
  for (const candidate of [...document.querySelectorAll(dom.tag(target))].slice(
    0,
    CANDIDATE_LIMIT,
  )) {
    const descriptor = describeSafely(candidate, occasion)
    if (!descriptor || changes(held, descriptor).length > 0) continue
    matches.push({ target: candidate, descriptor })
    if (matches.length > 1) return null
  }
  return matches[0] ?? null
}
