import type { Descriptor } from '#shared/protocol/descriptor.ts'

/** What kind of thing the target is, which decides how its words are taken.
 * - `field`: takes text. `choice`: a checkbox, radio button, option or tab. `switch`: acts at once.
 * - `link`: goes to another page by GET. `content`: a row, cell or list item with text of the page.
 * - `button`: everything else that acts. */
export type Control = 'field' | 'choice' | 'switch' | 'link' | 'content' | 'button'

export function control(d: Descriptor): Control {
  const { role, tag, type = '', editable } = d.target
  if (role === 'switch') return 'switch'
  if (tag === 'input' && choosing.test(type)) return 'choice'
  if (editable || tag === 'textarea' || (tag === 'input' && !pressed.test(type))) return 'field'
  if (choices.test(role) || choosingTags.test(tag)) return 'choice'
  if (leads(d)) return 'link'
  return contents.test(role) || (role === 'link' && tag !== 'a') ? 'content' : 'button'
}

/** The link goes somewhere else. One that stays in the document or runs a script is a button. */
function leads({ link }: Descriptor): boolean {
  if (!link || link.sameDocument || (link.method ?? 'get') !== 'get') return false
  return /^(?:https?|file)$/.test(link.scheme)
}

const pressed = /^(?:submit|button|image|reset)$/
const choosing = /^(?:checkbox|radio|file|range|color)$/
const choosingTags = /^(?:option|select|summary)$/
const choices =
  /^(?:checkbox|radio|menuitemcheckbox|menuitemradio|option|tab|slider|spinbutton|listbox|combobox)$/
const contents = /^(?:row|gridcell|cell|treeitem|listitem|article|heading|menu|list|grid)$/
