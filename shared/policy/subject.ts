import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Effect } from '#shared/protocol/words.ts'
import { type Address, address, documentAddress } from './address.ts'
import { type Amounts, largestAmounts } from './amounts.ts'
import type { Facts } from './policy.ts'
import { Recipient } from './recipient.ts'
import { plainText } from './text-glob.ts'
import { EVERYWHERE, type UrlGlob } from './url-glob.ts'

/** What rules are matched against: one action, with its addresses parsed once. What only some rules
 * ask for is made when the first of them asks. */
export class Subject {
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
  /** The same action on production, for one on a staging origin: what is written for production counts
   * for it too. */
  readonly twin: Subject | null
  #amounts: Amounts | undefined
  #name: string | undefined
  #recipients: readonly Recipient[] | undefined

  constructor(d: Descriptor, c: Classification, facts: Facts, twin: Subject | null = null) {
    this.twin = twin
    this.d = d
    this.c = c
    this.facts = facts
    this.effect = c.effect === 'none' ? 'unknown' : c.effect
    this.page = documentAddress(d.page.url)
    this.addresses = addresses(d, this.page)
    this.topKnown = d.page.top || d.page.topUrl !== undefined
  }

  amounts(): Amounts {
    this.#amounts ??= largestAmounts(this.d, this.c)
    return this.#amounts
  }

  /** The target's name as people see it. */
  name(): string {
    this.#name ??= plainText(this.d.target.name)
    return this.#name
  }

  recipients(): readonly Recipient[] {
    this.#recipients ??= this.d.terms.recipients.map((text) => new Recipient(text))
    return this.#recipients
  }
}

/** `read` passes and is no execute step; a classification that contradicts itself is not `read`. */
export function isRead(c: Classification): boolean {
  return c.capability === 'read' && c.effect === 'none'
}

function addresses(d: Descriptor, page: Address): readonly Address[] {
  const found = [page]
  add(found, d.page.topUrl, d)
  add(found, d.form?.action, d)
  add(found, requestUrl(d), d)
  // A `javascript:` link acts within its own document.
  if (d.link?.scheme !== 'javascript') add(found, d.link?.href, d)
  return found
}

/** Where a request goes. A WebSocket counts as the http or https address that opens it (RFC 6455, 4.1). */
export function requestUrl({ request }: Descriptor): string | undefined {
  return request?.url.replace(/^ws(?=s?:)/i, 'http')
}

function add(found: Address[], text: string | undefined, { page: { url } }: Descriptor): void {
  if (text !== undefined && text !== url) found.push(address(text, url))
}

/** True where one pattern matches the document in full and every other address at least stays on
 * the host of one of them. For whatever grants something: a form that posts elsewhere, or a page
 * framed by a stranger, is not on the site. */
export function within(globs: readonly UrlGlob[], { page, addresses, topKnown }: Subject): boolean {
  const [only] = globs
  // Nearly every rule has one pattern, and nearly every action one address.
  if (only !== undefined && globs.length === 1 && addresses.length === 1)
    return only === EVERYWHERE || (topKnown && only.strict(page))
  if (globs.includes(EVERYWHERE)) return true
  if (!topKnown || !globs.some((glob) => glob.strict(page))) return false
  for (const to of addresses)
    if (to !== page && !globs.some((glob) => glob.onHost(to))) return false
  return true
}

/** True where some address of the action matches some pattern, or may do so. */
export function touches(globs: readonly UrlGlob[], { addresses }: Subject): boolean {
  for (const to of addresses) for (const glob of globs) if (glob.lenient(to)) return true
  return false
}
