import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { dom } from './builtins.ts'
import { clip } from './clip.ts'
import { shown } from './text.ts'
import { shownUrl } from './url.ts'

/** The document that holds a target. */
export function page(target: Element): Descriptor['page'] {
  const document = dom.document(target)
  const url = document ? dom.url(document) : ''
  const lang = dom.closest(target, '[lang]')
  const tag = lang ? dom.attribute(lang, 'lang') : null
  const top = window === window.top
  const topUrl = top ? url : urlOfTop()
  return {
    url: shownUrl(url),
    title: document ? shown(dom.title(document)) : '',
    ...(topUrl !== undefined && { topUrl: shownUrl(topUrl) }),
    top,
    ...(tag && { lang: clip(tag, 35) }),
  }
}

/** Address of the tab's document: all of it in the same origin, else its origin (Chromium). */
function urlOfTop(): string | undefined {
  try {
    return window.top?.location.href
  } catch {
    // Another origin: the browser tells no more than the list of ancestors.
    const ancestors: DOMStringList | undefined = location.ancestorOrigins
    return ancestors?.item(ancestors.length - 1) ?? undefined
  }
}
