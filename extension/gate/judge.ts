import { isRead } from '#shared/classify/classify.ts'
import { isUnknownTarget } from '#shared/page/actionable.ts'
import { dom } from '#shared/page/builtins.ts'
import { Glance } from '#shared/page/glance.ts'
import type { GlanceTarget } from '#shared/page/glance-target.ts'
import { name } from '#shared/page/name.ts'
import type { Occasion } from '#shared/page/occasion.ts'
import { visible } from '#shared/page/visible.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Gatekeeper, HeldAction, Replay } from './held-action.ts'

/** What is to become of a gesture, as far as the page can tell: `read` passes, `observe` passes and
 * is recorded, `hold` waits for the companion. */
export type Judgement =
  | { kind: 'read'; seen: Glance; stamp: string }
  | { kind: 'observe'; descriptor: Descriptor; stamp: string }
  | { kind: 'hold'; seen: Glance | null; descriptor: Descriptor | null }

/** Glances at the target and classifies what it sees, synchronously. Only what looks like an effect is
 * described in full, where that can be done by now. What fails is held: a page must not get its
 * gesture through by breaking the gate. */
export function judge(target: Element, occasion: Occasion, keeper: Gatekeeper): Judgement {
  const seen = new Glance(target, occasion)
  try {
    if (looksRead(target, seen)) return { kind: 'read', seen, stamp: stampOf(target, seen.target) }
    const descriptor = keeper.describe(target, occasion)
    if (!descriptor) return { kind: 'hold', seen, descriptor }
    if (isRead(descriptor)) return { kind: 'read', seen, stamp: stampOf(target, seen.target) }
    return keeper.observing()
      ? { kind: 'observe', descriptor, stamp: stampOf(target, seen.target) }
      : { kind: 'hold', seen, descriptor }
  } catch (error) {
    console.warn('holdpoint: could not judge the target, so it stays held', error)
    return { kind: 'hold', seen: null, descriptor: null }
  }
}

/** True while the target still says what it said when it was judged: a page may swap the label under
 * the finger. */
export function stands(judgement: Judgement, target: Element): boolean {
  if (judgement.kind === 'hold') return true
  const rawName = name(target)
  return judgement.stamp === stampOf(target, { rawName, visible: visible(target, rawName) })
}

/** A stopped gesture as it is handed over. */
export function heldAction(
  target: Element,
  occasion: Occasion,
  { seen, descriptor }: Judgement & { kind: 'hold' },
  replay: Replay,
): HeldAction {
  const named = seen && `${seen.target.role} "${seen.target.name}"`
  const href = seen?.link?.href
  const leadsTo = href && /^https?:/.test(href) ? { leadsTo: href } : {}
  return { target, occasion, descriptor, named, replay, ...leadsTo }
}

/** Whether what a glance sees is a `read`. What is hidden in a closed shadow root never is. */
export function looksRead(target: Element, seen: Glance): boolean {
  return !isUnknownTarget(target) && isRead(seen, true)
}

function stampOf(
  target: Element,
  { rawName, visible }: Pick<GlanceTarget, 'rawName' | 'visible'>,
): string {
  return [dom.attribute(target, 'href'), dom.attribute(target, 'type'), rawName, visible].join(' ')
}
