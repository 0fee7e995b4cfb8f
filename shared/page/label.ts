import { dom } from './builtins.ts'
import { type LabelsOf, name } from './name.ts'
import { text } from './text.ts'
import { is, isShadowRoot } from './tree.ts'

/** What a form control is called: its accessible name, else the short text that stands before it, as
 * in `<td>Amount</td><td><input></td>`. */
export function label(control: Element, labelsOf?: LabelsOf): string {
  return name(control, labelsOf) || neighbour(control)
}

/** The labels of all controls in the tree around `element`, from one walk: asking two hundred fields
 * of a large page one by one takes a quarter of a second. */
export function labelsAround(element: Element): LabelsOf {
  const root = dom.root(element)
  const document = dom.document(element)
  const all = isShadowRoot(root)
    ? dom.shadowFindAll(root, 'label')
    : document && dom.documentFindAll(document, 'label')
  const found = new Map<Element, Element[]>()
  for (const one of Array.from(all ?? []).slice(0, 2000)) {
    const control = is.label(one) ? dom.labelControl(one) : null
    if (control) found.set(control, [...(found.get(control) ?? []), one])
  }
  return (control) => found.get(control) ?? []
}

function neighbour(control: Element): string {
  const before = dom.previousElement(control) ?? previousOfParent(control)
  if (!before || !dom.matches(before, CAPTIONS) || dom.childCount(before) > 2) return ''
  const written = text(before, 60)
  return written.length <= 50 ? written : ''
}

const CAPTIONS = 'td,th,dt,div,span,p,b,strong,legend'

function previousOfParent(control: Element): Element | null {
  const parent = dom.parentElement(control)
  return parent && dom.childCount(parent) === 1 ? dom.previousElement(parent) : null
}
