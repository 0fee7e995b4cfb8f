import { computedStyle, dom } from './builtins.ts'
import { clip, collapse, textLimit } from './clip.ts'
import { digest } from './digest.ts'
import { maskCards } from './secret.ts'
import { is, isElement, isText, shadowRootOf } from './tree.ts'
import { world } from './world.ts'

/** The text that a person reads in `node`, flat tree, at most about `limit` characters and 1,500
 * nodes, whatever the page puts there. Without scripts, hidden parts and the inside of controls. */
export function text(node: Node, limit: number = textLimit, nodes: number = 1500): string {
  const reading = { out: '', left: nodes, limit, naming: false, seen: false }
  read(node, reading)
  return collapse(reading.out.replaceAll(JOINT, ''))
}

/** The text that names the element around it: as `text`, but what is inside counts by its own
 * `aria-label`, and the style decides what is hidden and what stands on a line of its own
 * (accname 1.2, step 2F). `element` itself is read even where it is hidden. */
export function namingText(element: Element, limit: number = textLimit): string {
  return inside(element, { out: '', left: 300, limit, naming: true, seen: false })
}

/** The text that eyes see inside `element`: also what is hidden from assistive technology, but no icon,
 * which is a word only in the source (a ligature of an icon font). */
export function seenText(element: Element, limit: number): string {
  return inside(element, { out: '', left: 300, limit, naming: false, seen: true })
}

/** Whether text directly in `element` is drawn as icons. */
export function showsIcons(element: Element): boolean {
  return isIcon(computedStyle(element))
}

function inside(element: Element, reading: Reading): string {
  readChildren(element, reading)
  return collapse(reading.out.replaceAll(JOINT, ''))
}

/** Text for a Descriptor: card numbers masked, cut to the limit. */
export function shown(raw: string, limit: number = textLimit): string {
  return clip(maskCards(raw.length > limit * 8 ? raw.slice(0, limit * 8) : raw, world.key), limit)
}

/** As `shown`, but where the text is cut a digest of the whole follows: a change in a part that
 * nobody is shown is still a change. */
export function bound(raw: string, limit: number = textLimit): string {
  const flat = collapse(maskCards(raw, world.key))
  if (flat.length <= limit) return flat
  const tail = ` ${digest(flat, world.key)}`
  return clip(flat, limit - tail.length) + tail
}

interface Reading {
  out: string
  left: number
  readonly limit: number
  readonly naming: boolean
  readonly seen: boolean
}

function read(node: Node, reading: Reading): void {
  if (--reading.left < 0 || reading.out.length >= reading.limit) return
  if (isText(node)) {
    const wanted = Math.min(dom.length(node), reading.limit + 100 - reading.out.length)
    append(dom.slice(node, 0, wanted), reading)
  } else if (isElement(node)) readElement(node, reading)
  else readChildren(node, reading)
}

function readElement(element: Element, reading: Reading): void {
  const tag = dom.tag(element)
  if (UNREAD.has(tag) || dom.has(element, 'hidden')) return
  const { naming, seen } = reading
  if (!seen && dom.attribute(element, 'aria-hidden') === 'true') return
  const gap = naming || seen ? gapByStyle(element, seen) : gapByTag(tag)
  if (gap === null) return
  reading.out += gap
  const instead = alternative(element, tag, naming)
  if (instead !== null) append(instead, reading)
  else readInside(element, tag, reading)
  reading.out += gap
}

function readInside(element: Element, tag: string, reading: Reading): void {
  const root = tag.includes('-') ? shadowRootOf(element) : null
  const assigned = is.slot(element) ? dom.assigned(element) : []
  for (const node of assigned) read(node, reading)
  if (assigned.length === 0) readChildren(root ?? element, reading)
}

function readChildren(node: Node, reading: Reading): void {
  for (let child = dom.firstChild(node); child; child = dom.nextSibling(child)) {
    if (reading.left <= 0 || reading.out.length >= reading.limit) return
    read(child, reading)
  }
}

/** What is read in place of an element's content. */
function alternative(element: Element, tag: string, naming: boolean): string | null {
  if (tag === 'img') return dom.attribute(element, 'alt') ?? ''
  // "3 minutes ago" would be another text a minute later; the machine's time stays.
  if (tag === 'time') return dom.attribute(element, 'datetime')
  if (!naming) return null
  return dom.attribute(element, 'aria-label')?.trim() || (tag === 'svg' ? svgTitle(element) : null)
}

/** An SVG is named by its first `title`; drawn text is not read. */
export function svgTitle(svg: Element): string {
  const title = dom.find(svg, 'title')
  return title ? dom.content(title).slice(0, textLimit) : ''
}

function gapByStyle(element: Element, seen: boolean): string | null {
  const style = computedStyle(element)
  const { display, visibility } = style
  if (display === 'none' || visibility === 'hidden' || (seen && isIcon(style))) return null
  return display === 'inline' || display === 'contents' ? '' : ' '
}

function isIcon({ fontFamily }: CSSStyleDeclaration): boolean {
  return /icon|symbol|awesome/i.test(fontFamily)
}

function gapByTag(tag: string): string {
  return PHRASE.has(tag) ? '' : INLINE.has(tag) ? JOINT : ' '
}

/** Two digits that meet where one element ends and another begins are not one number (`2` pieces,
 * `340.00`), two words are not one word; `$` and `340` are one amount. */
function append(piece: string, reading: Reading): void {
  if (reading.out.endsWith(JOINT)) {
    const before = reading.out.replace(JOINTS, '')
    reading.out = before + (WORD_END.test(before) && WORD_START.test(piece) ? ' ' : '')
  }
  reading.out += piece
}

/** Stands for "an inline element begins or ends here" until the next character is known. */
const JOINT = '\0'
const JOINTS = /\0+$/
const WORD_END = /[\p{L}\p{N}]$/u
const WORD_START = /^[\p{L}\p{N}]/u

const UNREAD = new Set(
  'script style template noscript head title desc select textarea datalist iframe object'.split(
    ' ',
  ),
)
const INLINE = new Set(
  'a bdi bdo cite code data dfn i kbd label q samp slot small span sub sup var button svg'.split(
    ' ',
  ),
)
const PHRASE = new Set('b em strong u mark font wbr abbr s'.split(' '))
