import { type Clue, type Evidence, force, found } from '../evidence.ts'
import { topicsOf } from '../lexicon.ts'
import { meaning, unnamed } from '../meaning.ts'
import type { Reading } from '../reading.ts'

/** A key is pressed. Enter and Space on a control are its click and left to the other signals. */
export const key: Clue = {
  id: 'key',
  find(reading) {
    const { d, control } = reading
    if (d.gesture !== 'key') return null
    const pressed = (d.key ?? '').replace('Meta', 'Control').toLowerCase()
    if (control === 'field') return inField(reading, pressed)
    if (/^(?:enter|space| )$/.test(pressed) && control !== 'choice') return null
    // Outside a field Delete has one meaning; Backspace is also the way back.
    if (pressed === 'delete' || (pressed === 'backspace' && hasSelection(reading)))
      return found(
        force.wire,
        { ...meaning('delete'), effect: 'unknown' },
        'it deletes the selection',
      )
    return found(force.wire, null, 'the key does nothing by itself')
  },
}

function inField({ d, submits }: Reading, pressed: string): Evidence | null {
  const lines = d.target.tag !== 'input'
  if (pressed === 'control+s') return found(force.wire, meaning('save'), 'Ctrl+S saves')
  const sends = lines && (pressed === 'control+enter' || (pressed === 'enter' && isChat(d)))
  if (sends)
    return isAboutMessages(d)
      ? found(force.wire, meaning('send'), 'the key sends the message')
      : found(force.wire, unnamed, 'the key sends what is written')
  return pressed === 'enter' && submits && !lines
    ? null
    : found(force.wire, null, 'the key only types')
}

function hasSelection({ d }: Reading): boolean {
  const isRow = /^(?:row|option|gridcell|treeitem|listitem|cell|article)$/.test(d.target.role)
  return isRow || d.target.row !== undefined || (d.terms.rows ?? 0) > 0
}

/** Enter sends in a chat. In a mail, and in a comment box that is a plain textarea, it is a new line:
 * those have other fields, or a button to send. */
function isChat(d: Reading['d']): boolean {
  const fields = d.form?.fields.filter((field) => !/^(?:hidden|submit)$/.test(field.type)) ?? []
  const scripted = !d.form || d.form.method === 'script'
  if (d.terms.recipients.length > 0 || fields.length > (scripted ? 2 : 1)) return false
  return isAboutMessages(d) && (scripted || d.target.tag !== 'textarea')
}

function isAboutMessages({ target, form, terms }: Reading['d']): boolean {
  const named = topicsOf([target.name, ...target.hints, form?.name].join('\n'))
  return terms.recipients.length > 0 || named.has('message')
}
