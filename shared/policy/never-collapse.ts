import type { Category } from '#shared/protocol/words.ts'

/** Categories in which no allow rule applies unless it says `acknowledge: [category]`. */
export const NEVER_COLLAPSE: ReadonlySet<Category> = new Set<Category>([
  'communication',
  'financial',
  'personnel',
  'legal',
  'deletion',
])

/** Categories in which a person always decides: no acknowledgement opens them. */
export const NEVER_ALLOWED: ReadonlySet<Category> = new Set<Category>(['personnel', 'legal'])

/** True where a rule with these acknowledgements may let an action of the category through. */
export function mayCollapse(category: Category, acknowledged: ReadonlySet<Category>): boolean {
  if (NEVER_ALLOWED.has(category)) return false
  return !NEVER_COLLAPSE.has(category) || acknowledged.has(category)
}
