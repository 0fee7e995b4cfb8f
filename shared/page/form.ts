import type { Field, Form } from '#shared/protocol/descriptor.ts'
import { dom, pageKey } from './builtins.ts'
import { clip, listLimit } from './clip.ts'
import { digest } from './digest.ts'
import { field, fieldValue, type RawField, readField } from './field.ts'
import { labelsAround } from './label.ts'
import { name } from './name.ts'
import { dialogOf, rowOf } from './surroundings.ts'
import { shown } from './text.ts'
import { boxes, is, type Line, upward } from './tree.ts'
import { resolved, shownUrl } from './url.ts'

export interface FormFacts {
  form: Form
  /** The fields unmasked and uncut, for reading terms; they never leave the page. */
  raw: RawField[]
  around: Element
}

/** The form that a target belongs to, with what the submitter overrides (`formaction`,
 * `formmethod`, `formenctype`) in effect, and the controls tied to it by `form=` from outside. */
export function formOf(target: Element, submitter: Element | null): FormFacts | undefined {
  const owner = ownerOf(submitter ?? target)
  if (!owner) return undefined
  const by = submitter ?? (submits(target) ? target : null)
  const method = override(by, 'formmethod') ?? dom.attribute(owner, 'method') ?? ''
  const action = override(by, 'formaction') ?? dom.attribute(owner, 'action') ?? ''
  const enctype = override(by, 'formenctype') ?? dom.attribute(owner, 'enctype')
  const controls = [...dom.controls(owner), ...composers(owner)]
  return facts(owner, controls, by, {
    method: METHODS.get(method.toLowerCase()) ?? 'get',
    action: action.trim() ? resolved(action.trim(), owner) : shownUrl(documentUrl(owner)),
    ...(enctype && { enctype: clip(enctype) }),
  })
}

/** The controls around a target that has no form: the page's own script reads them. They are those of
 * the row or the dialog it stands in, else of the nearest box that has any; a box with nothing but
 * the message is widened to the next that has more. */
export function looseFormOf(line: Line, inRow: boolean): FormFacts | undefined {
  const [target] = line
  if (!target) return undefined
  const within = [inRow ? rowOf(line) : undefined, dialogOf(line)].filter((at) => at !== undefined)
  let found: { at: Element; controls: Element[] } | undefined
  for (const at of within.length > 0 ? within : boxes(line)) {
    const controls = Array.from(dom.findAll(at, CONTROLS))
    if (controls.length > (found?.controls.length ?? 0)) found = { at, controls }
    if (controls.some((control) => !dom.matches(control, MESSAGES))) break
  }
  if (!found) return undefined
  const action = shownUrl(documentUrl(target))
  return facts(found.at, found.controls, null, { method: 'script', action })
}

/** The button that Enter in a text field of the form would press (HTML 4.10.21.2). */
export function defaultButton(target: Element): Element | null {
  const owner = is.input(target) ? dom.owner.input(target) : null
  if (!owner) return null
  for (const control of dom.controls(owner)) if (submits(control)) return control
  return null
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

function facts(
  around: Element,
  controls: Element[],
  by: Element | null,
  sent: Pick<Form, 'method' | 'action' | 'enctype'>,
): FormFacts {
  const raw = read(controls.slice(0, listLimit - 2), around)
  const fields = raw.map(field)
  const rest = controls.slice(listLimit - 2)
  if (rest.length > 0) fields.push(restOf(rest))
  const pressed = by && submitterField(by)
  if (pressed) fields.push(pressed)
  const called = dom.attribute(around, 'aria-label') ?? ''
  const purpose = purposeOf(around, raw)
  return {
    form: { ...sent, ...(called && { name: shown(called) }), ...(purpose && { purpose }), fields },
    raw,
    around,
  }
}

function read(controls: Element[], around: Element): RawField[] {
  const labelsOf = labelsAround(around)
  return controls
    .map((control) => readField(control, labelsOf))
    .filter((control) => control !== null)
}

/** Fields beyond the limit: how many, and a digest that moves when one of them does. */
function restOf(controls: Element[]): Field {
  const values = controls.slice(0, 20_000).map(fieldValue)
  const value = digest(values.join('\n'), pageKey)
  return { label: `${controls.length} more fields`, name: '', type: 'rest', value, secret: false }
}

/** The pressed button's own name and value are sent with the form. */
function submitterField(by: Element): Field | undefined {
  const sentAs = dom.attribute(by, 'name')
  if (!sentAs || !submits(by)) return undefined
  const value = shown(dom.attribute(by, 'value') ?? '')
  return { label: shown(name(by)), name: shown(sentAs), type: 'submit', value, secret: false }
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

const TEXT_TYPES = new Set('text search email tel url number textarea contenteditable'.split(' '))
const SEARCH_NAME = /^(?:q|s|k|query|search|keywords?|term|suche?|buscar|busca|recherche|zoeken)$/i

/** `search` for a search landmark or one lone search box; `login` for one user name with one
 * password that is not a new one. */
function purposeOf(around: Element, raw: RawField[]): Form['purpose'] {
  const written = raw.filter((control) => TEXT_TYPES.has(control.type))
  const passwords = raw.filter((control) => control.type === 'password')
  const [only] = written
  if (passwords.length === 0 && only && written.length === 1 && is.form(around)) {
    const landmark = dom.closest(around, '[role=search i],search') !== null
    if (landmark || only.type === 'search' || SEARCH_NAME.test(only.name)) return 'search'
  }
  const [password] = passwords
  if (!password || !only || passwords.length > 1 || written.length > 1) return undefined
  const fresh = /new-password/i.test(dom.attribute(password.control, 'autocomplete') ?? '')
  return !fresh && /^(?:text|email|tel)$/.test(only.type) ? 'login' : undefined
}
