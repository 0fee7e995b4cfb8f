import { bindings } from '#shared/protocol/binding.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { address } from './address.ts'
import type { Facts, Policy } from './policy.ts'
import { Subject } from './subject.ts'

/** Production and staging: the same action in both places. */

type Sandbox = Policy['sandbox']

/** What rules are matched against. An action on a staging origin has a twin on production. */
export function subjectOf(policy: Policy, d: Descriptor, c: Classification, facts: Facts): Subject {
  if (policy.sandbox.size === 0) return new Subject(d, c, facts)
  const there = toProduction(policy.sandbox, d)
  return new Subject(d, c, facts, there === d ? null : new Subject(there, c, facts))
}

/** The origins of production that an action touches, or may touch: a frame that cannot tell what it
 * is embedded in may be in any of them. */
export function productionOf(policy: Policy, { d, topKnown }: Subject): readonly string[] {
  const { sandbox } = policy
  if (sandbox.size === 0) return []
  if (!topKnown) return [...sandbox.keys()]
  const touched = new Set(urlsOf(d).map((url) => originOf(url, d.page.url)))
  return [...sandbox.keys()].filter((origin) => touched.has(origin))
}

/** The same action on production: every address on a staging origin is on that of production. The
 * Descriptor itself where there is none. */
export function toProduction(sandbox: Sandbox, d: Descriptor): Descriptor {
  const base = d.page.url
  const move = (url: string) => moved(sandbox, url, base)
  if (urlsOf(d).every((url) => move(url) === url)) return d
  const { page, form, link, request } = d
  return {
    ...d,
    page: {
      ...page,
      url: move(page.url),
      ...(page.topUrl === undefined ? {} : { topUrl: move(page.topUrl) }),
    },
    ...(form && { form: { ...form, action: move(form.action) } }),
    ...(link && { link: { ...link, href: move(link.href) } }),
    ...(request && { request: { ...request, url: move(request.url) } }),
  }
}

/** The terms of a staged action as a promotion binds them: those of the same action on production. */
export function promotedTerms(policy: Policy, d: Descriptor, c: Classification): string {
  const { sandbox } = policy
  return termsText(toProduction(sandbox, d), c, (text) => mentions(sandbox, text))
}

/** The terms of an action on production, to be compared with those of promotions: as they are, so that
 * one that is still half on staging is a deviation. Includes what the classifier makes of it. A page's
 * hidden tokens are new on every page and say nothing of the action, so they are left out. */
export function productionTerms(d: Descriptor, c: Classification): string {
  return termsText(d, c, (text) => text)
}

function termsText(d: Descriptor, c: Classification, move: (text: string) => string): string {
  const terms = [...bindings(withoutTokens(d))].map(([term, text]) => [term, move(text)])
  return JSON.stringify([...terms, ['capability', c.capability], ['category', c.category]])
}

function withoutTokens(d: Descriptor): Descriptor {
  if (d.form === undefined) return d
  const fields = d.form.fields.filter(({ secret, type }) => !secret || type !== 'hidden')
  return { ...d, form: { ...d.form, fields } }
}

function urlsOf({ page, form, link, request }: Descriptor): string[] {
  const urls = [page.url, page.topUrl, form?.action, link?.href, request?.url]
  return urls.filter((url) => url !== undefined)
}

/** What comes before the path; a `blob:` document is its maker's. */
const START = /^(?:blob:)?(?:https?|wss?):[\\/]*[^\\/?#]*/i

/** Origin of an address as the policy writes it; a WebSocket's is that of its page. Empty without. */
function originOf(text: string, base: string): string {
  const to = address(
    text
      .trim()
      .replace(/^blob:/i, '')
      .replace(/^ws(?=s?:)/i, 'http'),
    base,
  )
  if (to.kind !== 'web') return ''
  return `${to.scheme}://${to.host}${to.port === '' ? '' : `:${to.port}`}`
}

/** INVARIANT: only an address that is written with its origin moves; a relative one moves with its
 * page. */
function moved(sandbox: Sandbox, url: string, base: string): string {
  const start = START.exec(url)?.[0]
  if (start === undefined || start.includes('@')) return url
  const origin = originOf(url, base)
  for (const [production, staging] of sandbox) {
    if (staging !== origin) continue
    const scheme = /^ws/i.test(start) ? production.replace(/^http/, 'ws') : production
    return `${/^blob:/i.test(start) ? 'blob:' : ''}${scheme}${url.slice(start.length)}`
  }
  return url
}

/** Addresses on staging within a text, such as the one that a form returns to. */
function mentions(sandbox: Sandbox, text: string): string {
  let found = text
  for (const [production, staging] of sandbox) {
    const parts = found.split(staging)
    found = parts.reduce((before, part) =>
      // Part of a longer host is another host.
      /^(?:[\w-]|[.:][\w-])/.test(part)
        ? `${before}${staging}${part}`
        : `${before}${production}${part}`,
    )
  }
  return found
}
