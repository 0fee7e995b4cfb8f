import { dom } from '#shared/page/builtins.ts'
import { is } from '#shared/page/tree.ts'
import type { HeldAction } from '../gate/held-action.ts'
import { isTextField } from '../gate/keys.ts'
import type { Pass } from '../gate/pass.ts'
import type { Recorded } from '../gate/recording.ts'

/** The one file of the extension that lets a held gesture happen. Every function runs inside
 * `Pass.during`, so that what it dispatches is not asked about a second time. */

const focusable =
  'input,textarea,select,button,a[href],[tabindex],[contenteditable],summary,iframe,area[href]'

const clickable = 'button,a[href],area[href],summary,input'

interface ReleaseEnds {
  pass: Pass
  /** Clicks a `javascript:` link in the page's own world. */
  clickInPage(link: Element): void
}

/** Makes a held action happen on `target`: what was held, or the element that took its place. */
export function releaseAction(
  { replay, target: held }: HeldAction,
  target: Element,
  ends: ReleaseEnds,
) {
  const { pass } = ends
  switch (replay.kind) {
    case 'pointer':
      return releaseGesture(retarget(replay.records, held, target), (link) => {
        pass.expectClick(held)
        ends.clickInPage(link)
      })
    case 'keys':
      return releaseKeys(retarget(replay.records, held, target))
    case 'submit':
      pass.grant(replay.form, replay.submitter)
      return releaseSubmit(replay.form, replay.submitter, replay.untrusted)
    case 'drop':
      return releaseDrop({ ...replay.record, target })
    case 'form-navigation':
      return releaseFormNavigation(replay.url, replay.entries, replay.source, pass.grant)
    case 'navigation':
      return releaseNavigation(replay.url, replay.replace)
  }
}

/** After a re-render the events go to the element that took the old one's place. */
function retarget(records: readonly Recorded[], from: Element, to: Element): readonly Recorded[] {
  return from === to ? records : records.map((record) => ({ ...record, target: to }))
}

/** Replays a held mouse, touch or pen gesture, in the order in which it was made. `javascript:` links
 * go to `clickInPage`. */
function releaseGesture(records: readonly Recorded[], clickInPage: (link: Element) => void) {
  for (const record of records) {
    const { target } = record
    if (record.type === 'auxclick' && dom.closest(target, 'a[href],area[href]')) {
      // A synthetic middle click opens nothing; a click with Control does the same to a link.
      const event = record.make()
      if (target.dispatchEvent(event)) openInNewTab(event, target)
      continue
    }
    const script = record.type === 'click' && dom.closest(target, 'a[href^="javascript:" i]')
    if (script) {
      clickInPage(script)
      continue
    }
    const kept = target.dispatchEvent(record.make())
    // A synthetic mousedown moves no focus, and much of the web saves on blur.
    if (record.type === 'mousedown' && kept) moveFocus(target)
  }
}

/** Replays held keys and then does what the browser would have done for the real ones. */
function releaseKeys(records: readonly Recorded[]) {
  let prevented = false
  for (const record of records) {
    if (!record.target.dispatchEvent(record.make()) && record.type !== 'keyup') prevented = true
  }
  const down = records[0]
  const event = down?.make()
  if (!down || prevented || !(event instanceof KeyboardEvent)) return
  keyDefault(down.target, event)
}

/** `untrusted` submits were dispatched by a script and reach only its listeners. */
function releaseSubmit(
  form: HTMLFormElement,
  submitter: HTMLElement | null,
  untrusted: Recorded | null,
) {
  if (untrusted) untrusted.target.dispatchEvent(untrusted.make())
  else HTMLFormElement.prototype.requestSubmit.call(form, submitter)
}

/** Repeats the drop with a copy of what was dragged. */
function releaseDrop(record: Recorded) {
  record.target.dispatchEvent(record.make())
}

/** Sends a held form exactly as it was when it was held: the entries the browser had collected. */
function releaseFormNavigation(
  url: string,
  entries: FormData,
  source: Element | null,
  grant: (form: Element) => void,
) {
  const form = document.createElement('form')
  form.hidden = true
  form.method = 'post'
  form.action = url
  const files = [...entries.values()].some((value) => typeof value !== 'string')
  const enctype = source && dom.attribute(source, 'enctype')
  form.enctype = files ? 'multipart/form-data' : (enctype ?? 'application/x-www-form-urlencoded')
  for (const [name, value] of entries) form.append(hiddenInput(name, value))
  document.documentElement.append(form)
  grant(form)
  HTMLFormElement.prototype.submit.call(form)
  form.remove()
}

/** Goes where a held link or script was going. */
function releaseNavigation(url: string, replace: boolean) {
  if (replace) location.replace(url)
  else location.assign(url)
}

function hiddenInput(name: string, value: FormDataEntryValue): HTMLInputElement {
  const input = document.createElement('input')
  input.name = name
  if (typeof value === 'string') {
    input.type = 'hidden'
    input.value = value
    return input
  }
  input.type = 'file'
  const transfer = new DataTransfer()
  if (value.size > 0 || value.name !== '') transfer.items.add(value)
  input.files = transfer.files
  return input
}

function openInNewTab(event: Event, target: Element) {
  if (!(event instanceof MouseEvent)) return
  const { clientX, clientY, screenX, screenY } = event
  const init = { bubbles: true, cancelable: true, composed: true, view: window, ctrlKey: true }
  target.dispatchEvent(
    new PointerEvent('click', { ...init, clientX, clientY, screenX, screenY, detail: 1 }),
  )
}

function moveFocus(target: Element) {
  const next = dom.closest(target, focusable)
  if (next) focus(next)
  else if (document.activeElement && is.html(document.activeElement))
    HTMLElement.prototype.blur.call(document.activeElement)
}

function focus(element: Element) {
  const focusOf = is.html(element) ? HTMLElement.prototype.focus : SVGElement.prototype.focus
  Reflect.apply(focusOf, element, [{ preventScroll: true }])
}

/** The default action of Enter and Space. Other held keys have none that a script could miss. */
function keyDefault(target: Element, event: KeyboardEvent) {
  if (event.key === ' ') return click(target)
  if (event.key !== 'Enter') return
  if (is.input(target) && isTextField(target)) return implicitSubmit(target)
  if (!isTextField(target)) return click(target)
  if (!event.ctrlKey && !event.metaKey)
    document.execCommand(event.shiftKey ? 'insertLineBreak' : 'insertParagraph')
}

function click(target: Element) {
  if (is.html(target) && dom.matches(target, clickable)) HTMLElement.prototype.click.call(target)
}

/** HTML 4.10.21.2, implicit submission: the default button is clicked; without one, a form with at
 * most one text field submits. */
function implicitSubmit(input: HTMLInputElement) {
  const form = input.form
  if (!form) return
  const controls = [...dom.controls(form)]
  const button = controls.find(isSubmitter)
  if (button) {
    if (!dom.matches(button, ':disabled')) click(button)
    return
  }
  if (controls.filter((control) => is.input(control) && isTextField(control)).length <= 1)
    HTMLFormElement.prototype.requestSubmit.call(form)
}

function isSubmitter(control: Element): boolean {
  const type = (dom.attribute(control, 'type') ?? '').toLowerCase()
  if (is.input(control)) return type === 'submit' || type === 'image'
  return dom.tag(control) === 'button' && type !== 'button' && type !== 'reset'
}
