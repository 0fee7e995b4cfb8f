import { dom } from './builtins.ts'
import { is } from './tree.ts'
import { world } from './world.ts'

/** Whether a control holds another value than the one it came with; undefined where nobody can tell.
 * The default is read from attributes. Libraries keep `value` equal to what is typed, and a script can
 * write it to hide a change, so a control whose default was written later counts as changed. */
export function changed(control: Element, type: string): boolean | undefined {
  const rewritten = world.rewritten()
  if (!rewritten || dom.root(control) !== dom.document(control)) return undefined
  const differs = differsFromDefault(control, type)
  const among = (one: Element) => rewritten.has(one)
  return differs === false ? [control, ...dom.findAll(control, 'option')].some(among) : differs
}

function differsFromDefault(control: Element, type: string): boolean | undefined {
  if (is.select(control)) return selectedOtherwise(control)
  if (is.textarea(control)) return dom.textareaValue(control) !== dom.content(control)
  if (!is.input(control)) return undefined
  if (type === 'checkbox' || type === 'radio')
    return dom.checked(control) !== dom.has(control, 'checked')
  return dom.inputValue(control) !== (dom.attribute(control, 'value') ?? '')
}

function selectedOtherwise(select: HTMLSelectElement): boolean {
  const marked = Array.from(dom.findAll(select, 'option[selected]'))
  const selected = Array.from(dom.selected(select))
  const usual = marked.at(-1) ?? (selected.length > 0 && dom.find(select, FIRST))
  const initial = dom.has(select, 'multiple') ? marked : usual ? [usual] : []
  return initial.length !== selected.length || selected.some((one, at) => one !== initial[at])
}

/** What a list that shows one option begins with. */
const FIRST = 'option:enabled'
