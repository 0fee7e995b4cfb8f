import type { Field, Form } from '#shared/protocol/descriptor.ts'
import { dom } from './builtins.ts'
import { clip } from './clip.ts'
import { name } from './name.ts'
import { dialogOf, rowOf } from './surroundings.ts'
import { shown } from './text.ts'
import { boxes, is, type Line, upward } from './tree.ts'
import { resolved, shownUrl } from './url.ts'

/** What would be sent with a target, before any of it is read. */
export interface Source {
  around: Element
  controls: Element[]
  /** The button that submits it, where one does. */
  by: Element | null
  sent: Pick<Form, 'method' | 'action' | 'enctype'>
}

/** The form that a target belongs to, with what the submitter overrides (`formaction`,
 * `formmethod`, `formenctype`) in effect, and the controls tied to it by `form=` from outside. */
export function formOf(target: Element, submitter: Element | null): Source | undefined {
  const owner = ownerOf(submitter ?? target)
  if (!owner) return undefined
  const by = submitter ?? (submits(target) ? target : null)
  const method = override(by, 'formmethod') ?? dom.attribute(owner, 'method') ?? ''
  const action = override(by, 'formaction') ?? dom.attribute(owner, 'action') ?? ''
  const enctype = override(by, 'formenctype') ?? dom.attribute(owner, 'enctype')
  const controls = [...dom.controls(owner), ...composers(owner)]
  return {
    around: owner,
    controls,
    by,
    sent: {
      method: METHODS.get(method.toLowerCase()) ?? 'get',
      action: action.trim() ? resolved(action.trim(), owner) : shownUrl(documentUrl(owner)),
      ...(enctype && { enctype: clip(enctype) }),
    },
  }
}

/** The controls around a target that has no form: the page's own script reads them. They are those of
 * the row or the dialog it stands in, else of the nearest box that has any; a box with nothing but
 * the message is widened to the next that has more. */
export function looseFormOf(line: Line, isInRow: () => boolean): Source | undefined {
  const [target] = line
  if (!target) return undefined
  const [row, dialog, around] = [rowOf(line), dialogOf(line), boxes(line)]
  const anywhere = [row, dialog, around.at(-1)].some((at) => at && dom.find(at, CONTROLS))
  if (!anywhere) return undefined
  const within = [row && isInRow() ? row : undefined, dialog].filter((at) => at !== undefined)
  let found: { at: Element; controls: Element[] } | undefined
  for (const at of within.length > 0 ? within : around) {
    const controls = Array.from(dom.findAll(at, CONTROLS))
    if (controls.length > (found?.controls.length ?? 0)) found = { at, controls }
    if (controls.some((control) => !dom.matches(control, MESSAGES))) break
  }
  if (!found) return undefined
  const action = shownUrl(documentUrl(target))
  return {
    around: found.at,
    controls: found.controls,
    by: null,
    sent: { method: 'script', action },
  }
}

/** The button that Enter in a text field of the form would press (HTML 4.10.21.2). */
export function defaultButton(target: Element): Element | null {
  const owner = is.input(target) ? dom.owner.input(target) : null
  if (!owner) return null
  for (const control of dom.controls(owner)) if (submits(control)) return control
  return null
}

/** The pressed button's own name and value are sent with the form. */
export function submitterField(by: Element): Field | undefined {
  const sentAs = dom.attribute(by, 'name')
  if (!sentAs || !submits(by)) return undefined
  const value = shown(dom.attribute(by, 'value') ?? '')
  const what = { label: shown(name(by)), name: shown(sentAs), type: 'submit', value, secret: false }
  // Which button is pressed is what the action is, and no change to a field.
  return { ...what, changed: false }
}

function submits(element: Element): boolean {
  if (is.input(element)) return /^(?:submit|image)$/.test(dom.inputType(element))
  return is.button(element) && !/^(?:button|reset)$/i.test(dom.attribute(element, 'type') ?? '')
}

function override(by: Element | null, attribute: string): string | null {
  return by && submits(by) ? dom.attribute(by, attribute) : null
}

function ownerOf(element: Element): HTMLFormElement | null {
  if (is.form(element)) return element
  if (is.button(element)) return dom.owner.button(element)
  if (is.input(element)) return dom.owner.input(element)
  if (is.select(element)) return dom.owner.select(element)
  if (is.textarea(element)) return dom.owner.textarea(element)
  for (const at of upward(element, 64)) if (is.form(at)) return at
  return null
}

/** Message bodies are often no control at all, but an element that can be edited. */
function composers(form: Element): Element[] {
  return Array.from(dom.findAll(form, EDITORS)).slice(0, 10)
}

const EDITORS = '[contenteditable]:not([contenteditable=false i])'

function documentUrl(from: Node): string {
  const document = dom.document(from)
  return document ? dom.url(document) : ''
}

const CONTROLS =
  'input:not([type=hidden i],[type=submit i],[type=button i],[type=reset i],[type=image i]),textarea,select,[contenteditable]:not([contenteditable=false i])'

/** Controls that hold a message and not whom it goes to. */
const MESSAGES = 'textarea,[contenteditable]'

const METHODS = new Map<string, Form['method']>([
  ['get', 'get'],
  ['post', 'post'],
  ['dialog', 'dialog'],
])
