import type { Descriptor, Field } from '#shared/protocol/descriptor.ts'
import { type Command, command, type Limit } from './command.ts'
import { type Control, control } from './control.ts'
import { topicsOf, verbsOf } from './lexicon.ts'

/** A Descriptor with what every signal asks of it worked out once. */
export interface Reading {
  d: Descriptor
  /** What the control is called: its accessible name, or what is seen on it. */
  name: string
  control: Control
  /** What the label tells to do. For a form sent by Enter or by script: what its name tells. */
  label: Command
  /** The label has letters to read; otherwise the control is an icon. */
  readonly worded: boolean
  /** A form that changes something is sent: POST, by a submit button or by Enter. */
  submits: boolean
  /** This is where the act is committed, not where a form or a dialog for it is opened. */
  readonly commits: boolean
}

export function reading(d: Descriptor, name: string = d.target.name): Reading {
  const kind = control(d)
  const sends = isSending(d, kind)
  const submits = sends && d.form?.method === 'post'
  const text = sends && kind === 'field' ? sentBy(d) : name
  const said = verbsOf(unquoted(text))
  const label = command(said, limitOf(kind), () => topicsOf(text).has('thing'))
  return {
    d,
    name,
    control: kind,
    label,
    submits,
    // These are asked for rarely, and the second asks much of a page.
    get worded() {
      return said.words + said.matches.length > 0 && !/^\P{L}*\p{L}?\P{L}*$/u.test(text)
    },
    get commits() {
      return submits || isCommitting(d)
    },
  }
}

function isCommitting({ form, link, dialog }: Descriptor): boolean {
  const method = link?.method !== undefined && link.method !== 'get'
  return method || dialog !== undefined || (form?.method === 'script' && isFilledShort(form.fields))
}

/** The label without the titles it quotes: `Move “Send me the numbers” to trash` tells to move, and is
 * no longer than that. A label that is nothing but a quotation is read as it is. */
function unquoted(text: string): string {
  const rest = text.replace(/“[^”]*”|„[^“”]*[“”]|«[^»]*»|»[^«]*«|「[^」]*」|"[^"]*"/g, ' ')
  return rest === text || /\p{L}/u.test(rest) ? rest : text
}

/** A link's label may be a headline, a row's text a subject; a button's is written to be a command. */
function limitOf(kind: Control): Limit {
  if (kind === 'link') return { words: 5, head: false }
  return kind === 'content' ? { words: 4, head: false } : { words: 8, head: true }
}

/** What the button says that Enter presses, else what the form is called. */
function sentBy({ form }: Descriptor): string {
  return form?.fields.find((field) => field.type === 'submit')?.label ?? form?.name ?? ''
}

/** The gesture sends the target's form: a submit button, Enter in a one-line field, or a submit event. */
function isSending(d: Descriptor, kind: Control): boolean {
  return (d.gesture === 'submit' || maySend(d, kind)) && d.form !== undefined
}

/** Asked before the form is looked for: most buttons send none. */
function maySend({ gesture, key, target }: Descriptor, kind: Control): boolean {
  if (kind === 'field') return gesture === 'key' && key === 'Enter' && target.tag === 'input'
  return target.type === 'submit' || target.type === 'image'
}

function isFilledShort(fields: readonly Field[]): boolean {
  return fields.length <= 3 && fields.some(isFilled)
}

function isFilled(field: Field): boolean {
  return (
    field.value !== '' &&
    /^(?:text|email|tel|url|textarea|contenteditable|password)$/.test(field.type)
  )
}
