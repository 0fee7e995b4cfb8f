import { classify } from '#shared/classify/classify.ts'
import { describe as describeTarget, type Occasion } from '#shared/page/describe.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'

/** What is to become of a gesture, as far as the page can tell: `read` passes, `observe` passes and
 * is recorded, `hold` waits for the companion. */
export interface Judgement {
  kind: 'read' | 'observe' | 'hold'
  /** Null where the target could not be described; it is then held without being asked about. */
  descriptor: Descriptor | null
}

/** Describes and classifies, synchronously. A description that fails is held: a page must not get
 * its gesture through by breaking the gate. */
export function judge(target: Element, occasion: Occasion, observing: boolean): Judgement {
  const descriptor = describeSafely(target, occasion)
  if (!descriptor) return { kind: 'hold', descriptor }
  if (isRead(descriptor)) return { kind: 'read', descriptor }
  return { kind: observing ? 'observe' : 'hold', descriptor }
}

/** Null where describing threw. */
export function describeSafely(target: Element, occasion: Occasion): Descriptor | null {
  try {
    return describeTarget(target, occasion)
  } catch (error) {
    console.warn('holdpoint: could not describe the target, so it stays held', error)
    return null
  }
}

function isRead(descriptor: Descriptor): boolean {
  try {
    return classify(descriptor).capability === 'read'
  } catch (error) {
    console.warn('holdpoint: could not classify the target, so it stays held', error)
    return false
  }
}
