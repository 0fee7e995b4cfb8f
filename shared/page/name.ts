import { dom } from './builtins.ts'
import { collapse } from './clip.ts'
import { namingText, svgTitle, text } from './text.ts'
import { is, isText, referenced } from './tree.ts'

/** Accessible name of an element (accname 1.2, html-aam 1.0), not yet cut, in bounded time and
 * through captured accessors: `test/browser/page.spec.ts` compares it with dom-accessibility-api.
 * What has no name by those rules, such as a clickable `div`, is named by the text it shows. */
export function name(element: Element, labelsOf: LabelsOf = ownLabels): string {
  return collapse(
    byReference(element) ||
      attribute(element, 'aria-label') ||
      native(element, labelsOf(element)) ||
      tooltip(element),
  )
}

/** How the labels of a control are found. */
export type LabelsOf = (control: Element) => Iterable<Element>

/** Longest attribute that is read. */
const LONGEST = 4000

function byReference(element: Element): string {
  return referenced(element, 'aria-labelledby')
    .map((part) => attribute(part, 'aria-label') || ownText(part) || attribute(part, 'title'))
    .join(' ')
    .trim()
}

function native(element: Element, labels: Iterable<Element>): string {
  const labelled = Array.from(labels, (label) => ownText(label))
    .join(' ')
    .trim()
  if (is.input(element)) return inputName(element, labelled)
  if (labelled || is.textarea(element) || is.select(element) || is.form(element)) return labelled
  const tag = dom.tag(element)
  if (tag === 'img' || tag === 'area') return attribute(element, 'alt')
  if (tag === 'svg') return svgTitle(element)
  if (tag === 'optgroup' || tag === 'track') return attribute(element, 'label')
  return isEditor(element) ? '' : ownText(element)
}

function inputName(input: HTMLInputElement, labelled: string): string {
  const type = dom.inputType(input)
  const usual = BUTTON_NAMES[type]
  if (usual === undefined) return labelled
  if (type === 'image')
    return labelled || attribute(input, 'alt') || attribute(input, 'title') || usual
  return attribute(input, 'value') || usual || labelled
}

/** What browsers write on buttons that say nothing themselves. */
const BUTTON_NAMES: Record<string, string> = {
  button: '',
  submit: 'Submit',
  reset: 'Reset',
  image: 'Submit Query',
}

/** By the browser's own list, which costs a walk over the document. A control without an id and
 * outside of every label has none (HTML 4.10.4). */
function ownLabels(control: Element): Iterable<Element> {
  if (!dom.has(control, 'id') && !dom.closest(control, 'label')) return []
  if (is.input(control)) return dom.labels.input(control) ?? []
  if (is.button(control)) return dom.labels.button(control)
  if (is.select(control)) return dom.labels.select(control)
  return is.textarea(control) ? dom.labels.textarea(control) : []
}

function tooltip(element: Element): string {
  for (const source of ['title', 'placeholder', 'data-placeholder', 'aria-placeholder']) {
    const value = attribute(element, source)
    if (value) return value
  }
  return ''
}

function isEditor(element: Element): boolean {
  return is.html(element) && dom.has(element, 'contenteditable') && dom.contentEditable(element)
}

/** Text only is the common case and needs no style; else the full reading. */
function ownText(element: Element): string {
  const only = dom.firstChild(element)
  if (only && isText(only) && !dom.nextSibling(only)) return collapse(dom.slice(only, 0, LONGEST))
  return namingText(element) || text(element)
}

function attribute(element: Element, named: string): string {
  return dom.attribute(element, named)?.slice(0, LONGEST).trim() ?? ''
}
