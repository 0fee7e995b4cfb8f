import { type AxNode, axTree } from './ax-tree.ts'
import { choosable, radioIn } from './find-control.ts'
import { clickNode } from './hand.ts'
import type { Page } from './page.ts'
import { Stopped } from './stopped.ts'

/** Chooses an option of a list, a radio button of a group, or ticks a box (`on`, `off`). False, with
 * nothing done, while that cannot be used. */
export async function choose(page: Page, label: string, value: string): Promise<boolean> {
  const tree = await axTree(page.session)
  const control = choosable(label)(tree)
  if (!control) return false
  if (control.role === 'checkbox' || control.role === 'switch')
    return await tick(page, control, value)
  if (control.role !== 'radiogroup' && control.role !== 'group')
    return await select(page, control, value)
  const radio = radioIn(control, value)(tree)
  return radio !== null && (await clickNode(page.session, page.world, radio.node))
}

async function tick(page: Page, { node, name, checked }: AxNode, value: string): Promise<boolean> {
  if (value !== 'on' && value !== 'off')
    throw new Stopped(`\`${name}\` is a box to tick; choose \`on\` or \`off\``)
  if (checked === (value === 'on')) return true
  return await clickNode(page.session, page.world, node)
}

async function select({ world }: Page, { node, name }: AxNode, value: string): Promise<boolean> {
  const wrong = await world.call(node, SELECT, value)
  if (wrong === null) return true
  throw new Stopped(`\`${name}\` ${typeof wrong === 'string' ? wrong : 'cannot be chosen from'}`)
}

/** Null once it is chosen; otherwise why it is not. Events as a person's choice makes them. */
const SELECT = `function (value) {
  if (!(this instanceof HTMLSelectElement)) return 'is no plain list; let the recipe click it open'
  const plain = (text) => text.replace(/\\s+/g, ' ').trim()
  const all = [...this.options].filter((option) => !option.disabled)
  const found = all.filter((option) => plain(option.label) === plain(value))
  const fits = found.length > 0 ? found : all.filter((option) => option.value === value)
  if (fits.length !== 1)
    return 'has ' + (fits.length === 0 ? 'no' : String(fits.length)) + ' option \`' + value + '\`; it has ' +
      all.slice(0, 20).map((option) => '\`' + plain(option.label) + '\`').join(', ')
  if (fits[0].selected && !this.multiple) return null
  fits[0].selected = true
  this.dispatchEvent(new Event('input', { bubbles: true, composed: true }))
  this.dispatchEvent(new Event('change', { bubbles: true }))
  return null
}`
