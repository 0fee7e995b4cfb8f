import type { Descriptor, HttpRequest, Link } from '#shared/protocol/descriptor.ts'
import type { Door, Gesture, Provenance } from '#shared/protocol/words.ts'
import { dom } from './builtins.ts'
import { clip } from './clip.ts'
import { defaultButton, type FormFacts, formOf, looseFormOf } from './form.ts'
import { isLink, link } from './link.ts'
import { dialog, dialogOf, rowOf } from './surroundings.ts'
import { isEditable, target as targetOf } from './target.ts'
import { terms } from './terms.ts'
import { shown } from './text.ts'
import { type Line, lineOf } from './tree.ts'
import { absolute, shownUrl } from './url.ts'

/** What sets the target off, as the door that caught it knows. */
export interface Occasion {
  gesture: Gesture
  /** For gesture `key`: `KeyboardEvent.key` with modifiers (`Control+Enter`). */
  key?: string
  provenance: Provenance
  /** For gesture `submit`: `SubmitEvent.submitter`. */
  submitter?: Element | null
  door?: Door
  request?: HttpRequest
  /** For gesture `navigate`: where to. */
  href?: string
}

/** What is about to happen when `target` is used: plain JSON that always satisfies the protocol's
 * schema, whatever the page is made of, in bounded time. */
export function describe(target: Element, occasion: Occasion): Descriptor {
  const line = lineOf(target)
  const row = rowOf(line)
  const around = dialogOf(line)
  const described = targetOf(target, line, row)
  const leads = link(target, occasion.href)
  const acts = ACTING.has(described.role) || (described.role === 'link' && !isPlain(leads))
  const facts = formFacts(line, occasion, acts, leads, described.row !== undefined)
  const confirms = around && dialog(around)
  const at = page(target)
  return {
    door: occasion.door ?? 'extension',
    provenance: occasion.provenance,
    gesture: occasion.gesture,
    ...(occasion.key !== undefined && { key: clip(occasion.key) }),
    page: at,
    target: described,
    ...(facts && { form: facts.form }),
    ...(leads && { link: leads }),
    ...(occasion.request && { request: request(occasion.request, target) }),
    ...(confirms && { dialog: confirms }),
    terms: terms({
      line,
      name: described.name,
      lang: at.lang ?? '',
      // The address that one logs in with is nobody's recipient.
      fields: facts && facts.form.purpose !== 'login' ? facts.raw : [],
      around: facts?.around,
      dialog: confirms && `${confirms.name}\n${confirms.text}`,
      row: described.row,
      href: leads?.href,
      commits: acts && !described.controls && !described.haspopup,
    }),
  }
}

/** Putting a caret into a field and following a plain link send no form; everything else may. */
function formFacts(
  line: Line,
  { gesture, key, submitter }: Occasion,
  acts: boolean,
  leads: Link | undefined,
  inRow: boolean,
): FormFacts | undefined {
  const [target] = line
  if (!target) return undefined
  if (gesture === 'click' && (isEditable(target) || (isLink(target) && isPlain(leads))))
    return undefined
  const enter = gesture === 'key' && key === 'Enter' ? defaultButton(target) : null
  return formOf(target, submitter ?? enter) ?? (acts ? looseFormOf(line, inRow) : undefined)
}

/** A link that only leads to another page. `href="#"` and `javascript:` are buttons in disguise. */
function isPlain(leads: Link | undefined): boolean {
  return !!leads && /^https?$/.test(leads.scheme) && !leads.sameDocument && !leads.method
}

/** Roles whose use may send what stands around them. */
const ACTING = new Set(['button', 'generic', 'textbox', 'searchbox', 'combobox', 'menuitem'])

function page(target: Element): Descriptor['page'] {
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

function request(of: HttpRequest, target: Element): HttpRequest {
  return {
    method: clip(of.method),
    url: shownUrl(absolute(of.url, target)),
    kind: clip(of.kind),
    ...(of.bodyDigest !== undefined && { bodyDigest: clip(of.bodyDigest) }),
    ...(of.operation !== undefined && { operation: shown(of.operation) }),
  }
}
