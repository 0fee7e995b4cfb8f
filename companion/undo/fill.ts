import { axTree } from './ax-tree.ts'
import { fillable } from './find-control.ts'
import { writeText } from './hand.ts'
import type { Page } from './page.ts'
import { Stopped } from './stopped.ts'

/** Writes a value into a field, in place of what is there. False, with nothing done, while the field
 * cannot be used. */
export async function fill(page: Page, label: string, value: string): Promise<boolean> {
  const field = fillable(label)(await axTree(page.session))
  if (!field) return false
  await page.session.call('DOM.scrollIntoViewIfNeeded', { backendNodeId: field.node })
  await page.session.call('DOM.focus', { backendNodeId: field.node })
  const typed = await page.world.call(field.node, BEGIN, value)
  if (typed === true) await writeText(page.session, value)
  const held = await page.world.call(field.node, HELD)
  if (held !== value.replace(/\r\n?/g, '\n'))
    throw new Stopped(`field \`${label}\` does not take \`${value}\`; it holds \`${String(held)}\``)
  return true
}

/** Selects what is there, to be written over; fields with a picker are set at once. */
const BEGIN = `function (value) {
  const picked = ['date', 'time', 'datetime-local', 'month', 'week', 'color', 'range']
  if (this instanceof HTMLInputElement && picked.includes(this.type)) {
    this.value = value
    this.dispatchEvent(new Event('input', { bubbles: true, composed: true }))
    this.dispatchEvent(new Event('change', { bubbles: true }))
    return false
  }
  if (this instanceof HTMLInputElement || this instanceof HTMLTextAreaElement) this.select()
  else getSelection().selectAllChildren(this)
  return true
}`

const HELD = `function () {
  return this instanceof HTMLInputElement || this instanceof HTMLTextAreaElement
    ? this.value
    : this.innerText.replace(/\\n$/, '')
}`
