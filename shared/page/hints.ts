import { dom } from './builtins.ts'
import { clip } from './clip.ts'
import { shown, svgTitle, text } from './text.ts'
import { referenced } from './tree.ts'

/** Weak evidence about a target, at most 60 pieces of at most 80 characters: its visible text where
 * the name says something else, tokens of id and class, attributes of libraries and tests, tooltips,
 * handler code, and what the icons inside are called. */
export function hints(target: Element, name: string): string[] {
  const found = new Set<string>()
  const visible = text(target, LONGEST)
  if (visible && !name.startsWith(visible.slice(0, 40))) add(found, visible)
  own(target, found)
  for (const described of referenced(target, 'aria-describedby'))
    add(found, text(described, LONGEST))
  icons(target, found)
  return Array.from(found).slice(0, MOST - 1)
}

const MOST = 60
const LONGEST = 80

function add(found: Set<string>, raw: string | null): void {
  if (raw === null || found.size >= MOST) return
  const hint = shown(raw, LONGEST)
  if (hint) found.add(hint)
}

function own(element: Element, found: Set<string>): void {
  let budget = 40
  for (const attribute of dom.attributeNames(element)) {
    if (--budget < 0) return
    if (attribute === 'class') classes(element, found)
    else if (TELLING.has(attribute) || attribute.startsWith('data-'))
      add(found, value(element, attribute))
    else if (HANDLER.test(attribute)) add(found, `${attribute}: ${value(element, attribute)}`)
  }
}

/** A `data-` attribute's name often says more than its value: `data-confirm`, `data-delete-url`. */
function value(element: Element, attribute: string): string | null {
  const raw = dom.attribute(element, attribute)
  if (!attribute.startsWith('data-')) return raw
  return raw === null || SILENT.test(attribute) ? null : `${attribute.slice(5)}=${raw}`
}

function classes(element: Element, found: Set<string>): void {
  const list = dom.attribute(element, 'class')
  if (!list) return
  for (const token of list.slice(0, 1000).trim().split(/\s+/, 24))
    if (!STYLE_ONLY.test(token)) add(found, token)
}

/** Names of icons among the first elements inside: `<use href="#trash">`, `<title>`, file names. */
function icons(target: Element, found: Set<string>): void {
  let left = 12
  const visit = (element: Element): void => {
    for (let at = dom.firstElement(element); at && left > 0; at = dom.nextElement(at)) {
      left--
      icon(at, found)
      visit(at)
    }
  }
  visit(target)
}

function icon(element: Element, found: Set<string>): void {
  const tag = dom.tag(element)
  if (tag === 'path' || tag === 'g' || tag === 'circle' || tag === 'rect') return
  if (tag === 'svg') add(found, svgTitle(element))
  const href =
    tag === 'use' && (dom.attribute(element, 'href') ?? dom.attribute(element, 'xlink:href'))
  if (href) add(found, href.split('#').at(-1) ?? null)
  if (tag === 'img') add(found, fileName(dom.attribute(element, 'src')))
  classes(element, found)
  for (const attribute of ICON_NAMES) add(found, dom.attribute(element, attribute))
}

function fileName(source: string | null): string | null {
  if (!source || source.startsWith('data:')) return null
  return clip(source.split(/[?#]/, 1)[0]?.split('/').at(-1) ?? '', LONGEST)
}

const TELLING = new Set(
  'id name title value aria-description icon formaction itemprop part command'.split(' '),
)
const ICON_NAMES = ['alt', 'name', 'icon', 'data-icon', 'data-lucide', 'aria-label', 'title', 'id']
const HANDLER =
  /^(?:on(?:click|mousedown|pointerdown|mouseup|submit)|(?:v-on|x-on|wire|ng|phx|@|hx-confirm|jsaction|up-confirm)[\w:@.-]*|@[\w.-]+)$/
const SILENT =
  /^data-(?:v-[\da-f]+|reactid|reactroot|styled|emotion|ved|hveid|index|key|id|uid|href|src)$/
/** Utility and generated classes: `px-4`, `css-1x2y3z`, `sc-AxjAm`, `_3fGh1`, `md:flex`. */
const STYLE_ONLY =
  /^(?:-?(?:[mp][trblxy]?|w|h|gap|top|left|right|bottom|z|inset|space|leading|tracking|opacity|order|col|row|basis|grow|shrink|size)-|(?:css|sc|jsx|jss|svelte|astro)-|(?:flex|grid|block|inline|hidden|relative|absolute|fixed|static|sticky|items|justify|self|content|text|font|bg|border|rounded|shadow|ring|cursor|overflow|transition|duration|ease|underline|whitespace|min|max|object|align|float|d)(?:-|$)|_[\w-]{4,8}$|\w+:)/
