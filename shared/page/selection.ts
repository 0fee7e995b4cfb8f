import { dom } from './builtins.ts'
import { rowsIn } from './rows.ts'
import { text } from './text.ts'
import { boxes, type Line } from './tree.ts'

/** How many rows are selected where a target acts on a selection: what the bar around it says, else the
 * rows ticked or marked in the nearest table, grid or list. `null` where nothing is selected. */
export function selectedRows(line: Line): number | null {
  for (const at of boxes(line)) {
    if (dom.matches(at, BARS)) {
      const said = rowsIn(text(at, 400, 100), true)
      if (said !== null) return said
    }
    const list = dom.find(at, LISTS)
    if (list) return marked(list)
  }
  return null
}

const BARS = '[role=toolbar],[class*=toolbar i],[class*=select i],[class*=bulk i],[class*=action i]'
const LISTS = 'table,[role=grid],[role=treegrid],[role=listbox],[role=table],[role=list]'
const MARKED = '[aria-selected=true]:is([role=row],[role=option],[role=listitem],tr,li)'
const TICKED =
  ':is(tbody tr,[role=row],[role=listitem],[role=option]) :is(input[type=checkbox]:checked,[role=checkbox][aria-checked=true])'

function marked(list: Element): number | null {
  const count = Math.max(dom.findAll(list, MARKED).length, dom.findAll(list, TICKED).length)
  return count > 0 ? count : null
}
