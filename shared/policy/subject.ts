import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Effect } from '#shared/protocol/words.ts'
import { type Address, address } from './address.ts'
import { type Amounts, largestAmounts } from './amounts.ts'
import { once } from './once.ts'
import type { Facts } from './policy.ts'
import type { UrlGlob } from './url-glob.ts'

/** What rules are matched against: one action, with its addresses parsed once. */
export interface Subject {
  readonly d: Descriptor
  readonly c: Classification
  readonly facts: Facts
  /** As classified; `none` on an execute step contradicts itself and counts as `unknown`. */
  readonly effect: Effect
  /** The document that holds the target. */
  readonly page: Address
  /** Every address the action touches: the document, the tab's top document, and where its form,
   * link or request goes. */
  readonly addresses: readonly Address[]
  /** False in a frame that cannot tell which document it is embedded in. */
  readonly topKnown: boolean
  /** Made when a rule first asks for it. */
  amounts(): Amounts
}

export function subject(d: Descriptor, c: Classification, facts: Facts): Subject {
  const page = address(d.page.url)
  return {
    d,
    c,
    facts,
    effect: c.effect === 'none' ? 'unknown' : c.effect,
    page,
    addresses: addresses(d, page),
    topKnown: d.page.top || d.page.topUrl !== undefined,
    amounts: once(() => largestAmounts(d, c)),
  }
}

/** `read` passes and is no execute step; a classification that contradicts itself is not `read`. */
export function isRead(c: Classification): boolean {
  return c.capability === 'read' && c.effect === 'none'
}

function addresses(d: Descriptor, page: Address): readonly Address[] {
  const others = [d.page.topUrl, d.form?.action, d.request?.url, destination(d)]
  const found = [page]
  for (const text of others)
    if (text !== undefined && text !== d.page.url) found.push(address(text, d.page.url))
  return found
}

/** Where the link leads. A `javascript:` link acts within its own document. */
function destination(d: Descriptor): string | undefined {
  return d.link?.scheme === 'javascript' ? undefined : d.link?.href
}

/** True where one pattern matches the document in full and every other address at least stays on
 * the host of one of them. For whatever grants something: a form that posts elsewhere, or a page
 * framed by a stranger, is not on the site. */
export function within(globs: readonly UrlGlob[], { page, addresses, topKnown }: Subject): boolean {
  if (globs.some(({ text }) => text === '**')) return true
  if (!topKnown || !globs.some((glob) => glob.strict(page))) return false
  return addresses.every((to) => to === page || globs.some((glob) => glob.onHost(to)))
}

/** True where some address of the action matches some pattern, or may do so. */
export function touches(globs: readonly UrlGlob[], { addresses }: Subject): boolean {
  return addresses.some((to) => globs.some((glob) => glob.lenient(to)))
}
