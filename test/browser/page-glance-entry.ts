import { looksRead } from '#extension/gate/judge.ts'
import { classify, isRead } from '#shared/classify/classify.ts'
import { actionable } from '#shared/page/actionable.ts'
import { describe } from '#shared/page/describe.ts'
import { Glance } from '#shared/page/glance.ts'
import type { Occasion } from '#shared/page/occasion.ts'
import { is } from '#shared/page/tree.ts'

/** Runs inside a corpus page: each element with each gesture, by a glance and in full. */
export function compare() {
  const result = { tried: 0, held: 0, heldByGlanceOnly: [] as string[], missed: [] as string[] }
  for (const element of document.querySelectorAll('body *')) {
    const target = actionable(element) ?? element
    if (target !== element && !element.matches('button *')) continue
    for (const occasion of occasions(target)) {
      const glance = looksRead(target, new Glance(target, occasion))
      const full = describe(target, occasion)
      const read = classify(full).capability === 'read'
      if (isRead(full) !== read) result.missed.push(`isRead of ${full.target.path}`)
      result.tried++
      if (!read) result.held++
      if (read && !glance && !/^(?:Delete|Backspace)$/.test(occasion.key ?? ''))
        result.heldByGlanceOnly.push(
          `${occasion.gesture} ${occasion.key ?? ''} on ${full.target.path}`,
        )
      if (glance && !read)
        result.missed.push(`${occasion.gesture} ${occasion.key ?? ''} on ${full.target.path}`)
    }
  }
  return result
}

function occasions(target: Element): Occasion[] {
  const provenance = 'unknown'
  const keys = ['Enter', 'Control+Enter', 'Control+s', 'Space', 'Delete', 'Backspace']
  return [
    { gesture: 'click', provenance },
    { gesture: 'drop', provenance },
    ...keys.map((key): Occasion => ({ gesture: 'key', key, provenance })),
    ...(is.form(target) ? [{ gesture: 'submit', provenance } as const] : []),
  ]
}
