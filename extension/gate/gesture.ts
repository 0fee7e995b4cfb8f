import { actionable, deepTarget } from '#shared/page/actionable.ts'
import { dom } from '#shared/page/builtins.ts'
import type { Occasion } from '#shared/page/occasion.ts'
import { sketch } from '#shared/page/sketch.ts'
import type { GestureType } from '#shared/page/watch.ts'
import type { Provenance } from '#shared/protocol/words.ts'
import type { Gatekeeper } from './held-action.ts'
import { heldAction, type Judgement, judge, stands } from './judge.ts'
import { executeKey, isTextField } from './keys.ts'
import type { Pass } from './pass.ts'
import { type Recorded, recordEvent } from './recording.ts'

/** Movement between press and release from which on a gesture is a drag, in CSS px. */
const DRAG_PX = 5

/** A label passes its click on to its control within the same gesture, in ms. */
const LABEL_MS = 50

/** A press under way: judged once, when it begins. */
interface Press {
  element: Element
  /** `key` for the keyboard, `pointer` for the rest. */
  kind: 'pointer' | 'key'
  key: string
  x: number
  y: number
  occasion: Occasion
  judgement: Judgement
  /** False where only the click is held, because the press may become a drag. */
  whole: boolean
  records: Recorded[]
  trusted: boolean
  /** `timeStamp` of the click that ended it. */
  endedAt: number | null
  /** Set once the gesture has been handed over. */
  held: boolean
}

/** Holds whole gestures: from the first event of an execute step nothing reaches the page until the
 * step has been released. A `read` step is judged once and then left alone. */
export function guardGestures(keeper: Gatekeeper, pass: Pass) {
  let press: Press | null = null
  let lastHeld: Press | null = null
  /** Where the last pointerdown found nothing that acts: its mousedown need not look again. */
  let idle: Element | null = null

  function begin(element: Element, event: Event, kind: Press['kind']): Press {
    const pointer = event instanceof MouseEvent ? event : null
    const key = event instanceof KeyboardEvent ? event : null
    const provenance: Provenance = event.isTrusted ? 'unknown' : 'page'
    const occasion: Occasion = key
      ? { gesture: 'key', key: keyName(key), provenance }
      : { gesture: 'click', provenance }
    const judgement = judge(element, occasion, keeper)
    return {
      element,
      kind,
      key: key?.key ?? '',
      x: pointer?.clientX ?? 0,
      y: pointer?.clientY ?? 0,
      occasion,
      judgement,
      whole: judgement.kind === 'hold' && (kind === 'key' || !isDraggable(element)),
      records: [],
      trusted: event.isTrusted,
      endedAt: null,
      held: false,
    }
  }

  function onDown(event: MouseEvent) {
    if (event.type === 'mousedown' && press?.kind === 'pointer' && !press.held) {
      if (near(press, event)) return follow(press, event)
    }
    press = null
    const target = deepTarget(event)
    if (event.type === 'mousedown' && target === idle) return
    const element = target && acting(target)
    idle = element ? null : target
    if (!element) return
    press = begin(element, event, 'pointer')
    follow(press, event)
  }

  function onUp(event: MouseEvent) {
    if (press?.kind !== 'pointer') return
    follow(press, event)
    if (event.type === 'mouseup' && !near(press, event)) press = null
  }

  function onClick(event: MouseEvent) {
    const target = deepTarget(event)
    const element = target && acting(target)
    if (!element) return
    if (!event.isTrusted && pass.takeClick(element)) return
    if (ofHeldKey(element, event) || secondOfDouble(element, event)) return stop(event, true)
    const known = press && judges(press, element, event) ? press : null
    const current = known ?? begin(element, event, 'pointer')
    const repeated = current.endedAt !== null
    current.endedAt = event.timeStamp
    if (current.judgement.kind === 'hold') return holdClick(current, event)
    pass.grant(element)
    if (!repeated) report(current.judgement, event)
  }

  /** A gesture that may go ahead natively is reported all the same. */
  function report(judgement: Judgement, event: Event) {
    if (judgement.kind === 'observe') keeper.record(judgement.descriptor)
    else if (judgement.kind === 'read' && event.isTrusted) keeper.passed(sketch(judgement.seen))
  }

  function holdClick(current: Press, event: MouseEvent) {
    stop(event, true)
    const record = recordEvent(event)
    if (record) current.records.push(record)
    lastHeld = current
    hand(current, 'pointer')
  }

  /** Firefox clicks a button at keyup although its keydown was prevented. */
  function ofHeldKey(element: Element, event: MouseEvent): boolean {
    return press?.kind === 'key' && press.held && press.element === element && event.detail === 0
  }

  /** The second click of a double click on a step that already waits is no second step. */
  function secondOfDouble(element: Element, event: MouseEvent): boolean {
    return event.detail > 1 && lastHeld?.element === element && keeper.waits(element)
  }

  /** A held step's handlers get their dblclick, but the step itself is never made twice. */
  function onDoubleClick(event: MouseEvent) {
    const at = deepTarget(event)
    if (!lastHeld || !at || lastHeld.element !== acting(at)) return
    stop(event, true)
    const record = recordEvent(event)
    if (record && keeper.waits(lastHeld.element)) lastHeld.records.push(record)
  }

  function onKeyDown(event: KeyboardEvent) {
    if (press?.kind === 'key' && press.held && event.repeat) return stop(event, true)
    press = null
    const target = executeKey(event) ? deepTarget(event) : null
    const element = target && (isTextField(target) ? target : actionable(target))
    if (!element) return
    press = begin(element, event, 'key')
    if (press.judgement.kind === 'hold') {
      follow(press, event)
      hand(press, 'keys')
      // Whatever else takes Enter or Space is clicked by it, and reported as that click.
    } else if (isTextField(element) || !clicks(event)) report(press.judgement, event)
  }

  function onKeyLater(event: KeyboardEvent) {
    if (press?.kind === 'key' && press.held && press.key === event.key) follow(press, event)
  }

  function follow(current: Press, event: Event) {
    if (current.judgement.kind !== 'hold' || !current.whole) return
    // Preventing pointerdown would take the compatibility mouse events with it, and the click's
    // own replay needs them recorded.
    stop(event, event.type === 'mousedown' || event instanceof KeyboardEvent)
    const record = recordEvent(event)
    if (record) current.records.push(record)
  }

  function hand(current: Press, kind: 'pointer' | 'keys') {
    current.held = true
    const { element, occasion, judgement, records } = current
    if (judgement.kind === 'hold')
      keeper.hold(heldAction(element, occasion, judgement, { kind, records }))
  }

  return {
    /** Takes one event of the page; `submit` and `drop` have guards of their own. */
    on(type: GestureType, event: Event) {
      if (event instanceof KeyboardEvent)
        return type === 'keydown' ? onKeyDown(event) : onKeyLater(event)
      if (!(event instanceof MouseEvent) || event.button > 1) return
      if (type === 'pointerdown' || type === 'mousedown') onDown(event)
      else if (type === 'pointerup' || type === 'mouseup') onUp(event)
      else if (type === 'click' || type === 'auxclick') onClick(event)
      else if (type === 'dblclick') onDoubleClick(event)
    },
  }
}

/** The element a pointer acts on. Text fields are looked at first: most presses that are no step at
 * all go there, and putting the caret somewhere never executes anything. */
function acting(target: Element): Element | null {
  return isTextField(target) ? null : actionable(target)
}

/** A judgement holds for its own gesture only: what a script clicks, or what is clicked later, may
 * have become something else. */
function judges(press: Press, element: Element, event: Event): boolean {
  if (press.kind === 'key' || press.held) return false
  if (press.element !== element || press.trusted !== event.isTrusted) return false
  if (press.endedAt !== null && event.timeStamp - press.endedAt >= LABEL_MS) return false
  return stands(press.judgement, element)
}

/** A press on it may become a drag. */
function isDraggable(element: Element): boolean {
  return dom.closest(element, 'a[href],area[href],[draggable="true"]') !== null
}

function stop(event: Event, prevent: boolean) {
  event.stopImmediatePropagation()
  if (prevent) event.preventDefault()
}

function near(press: Press, event: MouseEvent): boolean {
  return Math.hypot(event.clientX - press.x, event.clientY - press.y) <= DRAG_PX
}

/** Whether the key clicks a control that is no text field. */
function clicks(event: KeyboardEvent): boolean {
  return event.key === 'Enter' || event.key === ' '
}

function keyName(event: KeyboardEvent): string {
  const modifiers = [
    event.ctrlKey ? 'Control+' : '',
    event.metaKey ? 'Meta+' : '',
    event.altKey ? 'Alt+' : '',
    event.shiftKey ? 'Shift+' : '',
  ]
  // A lone space would be trimmed away wherever text is tidied up.
  return modifiers.join('') + (event.key === ' ' ? 'Space' : event.key)
}
