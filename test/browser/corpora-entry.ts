import { classify } from '#shared/classify/classify.ts'
import { actionable } from '#shared/page/actionable.ts'
import { describe } from '#shared/page/describe.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'

/** Runs inside a corpus page: what the gate would see and think of its elements. */

export interface Ask {
  selector: string
  gesture?: 'click' | 'key' | 'submit' | 'drop'
  key?: string
}

export interface Judged {
  selector: string
  found: Classification | null
  terms: Descriptor['terms'] | null
}

/** The listed targets. `found` is null where the selector does not name exactly one element. */
export function judge(asks: readonly Ask[]): Judged[] {
  return asks.map(({ selector, gesture = 'click', key }) => {
    const [element, second] = document.querySelectorAll(selector)
    if (!element || second) return { selector, found: null, terms: null }
    const target = gesture === 'click' ? (actionable(element) ?? element) : element
    const d = describe(target, { gesture, provenance: 'agent', ...(key !== undefined && { key }) })
    return { selector, found: classify(d), terms: d.terms }
  })
}

/** Every other actionable element, clicked. */
export function judgeRest(listed: readonly string[]): Judged[] {
  const known = new Set<Element>()
  for (const selector of listed)
    for (const element of document.querySelectorAll(selector))
      known.add(actionable(element) ?? element)
  const rest = new Set<Element>()
  for (const element of document.querySelectorAll('body *')) {
    const target = actionable(element)
    if (target && !known.has(target)) rest.add(target)
  }
  return [...rest].map((element) => {
    const d = describe(element, { gesture: 'click', provenance: 'agent' })
    return { selector: `${d.target.path} "${d.target.name}"`, found: classify(d), terms: d.terms }
  })
}
