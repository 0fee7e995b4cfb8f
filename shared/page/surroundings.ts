import { dom } from './builtins.ts'
import { bound, shown, text } from './text.ts'
import { type Line, referenced } from './tree.ts'

/** Nearest heading or landmark name above a target: a heading among the elements before it, level by
 * level, or the label of a region around it. */
export function heading(line: Line): string | undefined {
  for (const [level, at] of line.slice(0, 10).entries()) {
    const called = level > 0 && isLandmark(at) ? labelOf(at) : ''
    if (called) return shown(called)
    if (dom.tag(at) === 'body') break
    const before = headingBefore(at)
    const written = before ? text(before, 200) : ''
    if (written) return shown(written)
  }
  return undefined
}

/** Text of a row, where it says more than the target's `name`. */
export function rowText(row: Element, name: string): string | undefined {
  const written = text(row, 2000)
  return written && written !== name ? bound(written) : undefined
}

/** The row, card or list item that a target stands in. */
export function rowOf(line: Line): Element | undefined {
  for (const at of line.slice(1, 10)) {
    if (dom.matches(at, ROWS)) return at
    if (dom.matches(at, 'body,main,form,dialog,table,[role=dialog],[role=grid]')) break
  }
  return undefined
}

/** The dialog that a target stands in. */
export function dialogOf(line: Line): Element | undefined {
  return line.find((at) => dom.matches(at, DIALOGS))
}

/** A dialog's name and words. */
export function dialog(around: Element): { name: string; text: string } {
  const title = dom.find(around, 'h1,h2,h3,h4,h5,h6,[role=heading],.modal-title')
  const called = labelOf(around) || (title ? text(title) : '')
  return { name: shown(called), text: bound(text(around, 4000)) }
}

function labelOf(element: Element): string {
  const own = dom.attribute(element, 'aria-label')
  if (own?.trim()) return own
  return referenced(element, 'aria-labelledby')
    .map((part) => text(part, 200))
    .join(' ')
}

/** A heading among the six elements before `element`, or first in one of them (a header bar). */
function headingBefore(element: Element): Element | null {
  let at = dom.previousElement(element)
  for (let count = 0; at && count < 6; count++) {
    if (isHeading(at)) return at
    const first = dom.firstElement(at)
    if (first && isHeading(first)) return first
    at = dom.previousElement(at)
  }
  return null
}

function isHeading(element: Element): boolean {
  return HEADINGS.has(dom.tag(element)) || dom.attribute(element, 'role') === 'heading'
}

function isLandmark(element: Element): boolean {
  return LANDMARKS.has(dom.attribute(element, 'role') ?? dom.tag(element))
}

const HEADINGS = new Set('h1 h2 h3 h4 h5 h6 legend caption'.split(' '))
/** Tags and roles whose label tells where one is. */
const LANDMARKS = new Set(
  'section nav form fieldset aside dialog alertdialog region navigation group toolbar menu'.split(
    ' ',
  ),
)
const ROWS =
  'tr,li,article,[role=row],[role=listitem],[role=article],[role=treeitem],[role=option],.card,.list-group-item'
const DIALOGS =
  'dialog,[role=dialog i],[role=alertdialog i],[aria-modal=true],.modal,.modal-dialog,.modal-content,.ui-dialog,.swal2-popup,.popconfirm,.ant-popover'
