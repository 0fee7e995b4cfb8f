import { describe } from '#shared/page/describe.ts'
import type { Occasion } from '#shared/page/occasion.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'

/** Null where describing threw. */
export function describeSafely(target: Element, occasion: Occasion): Descriptor | null {
  try {
    return describe(target, occasion)
  } catch (error) {
    console.warn('holdpoint: could not describe the target, so it stays held', error)
    return null
  }
}
