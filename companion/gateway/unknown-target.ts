import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Gesture } from '#shared/protocol/words.ts'
import type { Target } from './targets.ts'

/** What is known where nothing is known of the element: the classifier takes the hint for an effect,
 * so it is held. `place` says where it is, so that what is approved of one place is not of another. */
export function unknownTarget(
  target: Target,
  occasion: { gesture: Gesture; key?: string },
  place = '',
): Descriptor {
  return {
    door: 'gateway',
    provenance: 'agent',
    gesture: occasion.gesture,
    ...(occasion.key !== undefined && { key: occasion.key }),
    page: pageOf(target),
    target: { role: '', name: place, tag: '', path: '', hints: ['target-unknown'] },
    terms: { amounts: [], recipients: [], rows: null },
  }
}

/** The page as the browser, not the page itself, names it. */
export function pageOf(target: Target): Descriptor['page'] {
  const top = rootOf(target)
  return {
    url: target.url.slice(0, 8192),
    title: top.title.slice(0, 500),
    topUrl: top.url.slice(0, 8192),
    top: target === top,
  }
}

/** The page that a frame stands in. */
export function rootOf(target: Target): Target {
  let at = target
  while (at.parent !== null) at = at.parent
  return at
}
