import type { Link } from '#shared/protocol/descriptor.ts'
import { dom } from './builtins.ts'
import { clip } from './clip.ts'
import { absolute, shownUrl } from './url.ts'

/** Where following the target leads: its own or an enclosing link, an attribute that makes a library
 * send a request (`hx-delete`, `data-method`), or the address of a navigation. */
export function link(target: Element, href?: string): Link | undefined {
  const anchor = dom.closest(target, 'a,area')
  const written = anchor && (dom.attribute(anchor, 'href') ?? dom.attribute(anchor, 'xlink:href'))
  const method = methodOf(target) ?? (anchor ? methodOf(anchor) : undefined)
  const address = href ?? written ?? method?.address
  if (address === undefined || address === null) return undefined
  const url = absolute(address, target)
  const document = dom.document(target)
  return {
    href: shownUrl(url),
    scheme: clip(/^([a-z][a-z\d+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '', 40),
    ...(anchor && dom.has(anchor, 'download') && { download: true }),
    ...(document && isSameDocument(url, dom.url(document)) && { sameDocument: true }),
    ...(method && { method: method.name }),
  }
}

interface Method {
  name: string
  /** Where the request goes, for attributes that say so. */
  address?: string
}

/** The HTTP method that a library's attribute asks for (Rails UJS, Turbo, htmx, Unpoly). */
function methodOf(element: Element): Method | undefined {
  for (const attribute of NAMES_METHOD) {
    const name = dom.attribute(element, attribute)
    if (name) return { name: clip(name.toLowerCase(), 20) }
  }
  for (const name of ['post', 'put', 'patch', 'delete', 'get']) {
    const address =
      dom.attribute(element, `hx-${name}`) ?? dom.attribute(element, `data-hx-${name}`)
    if (address !== null) return { name, address }
  }
  return undefined
}

const NAMES_METHOD = ['data-method', 'data-turbo-method', 'up-method', 'data-http-method']

/** A link within the page: it has a fragment and nothing else changes. */
function isSameDocument(url: string, page: string): boolean {
  const [path, fragment] = url.split('#', 2)
  return fragment !== undefined && path === page.split('#', 1)[0]
}

/** The element is a link that a click follows. */
export function isLink(element: Element): boolean {
  return dom.matches(element, 'a[*|href],area[href]')
}
