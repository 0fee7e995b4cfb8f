import { actionable, deepTarget } from '#shared/page/actionable.ts'
import type { Occasion } from '#shared/page/describe.ts'
import type { GestureType } from '#shared/page/watch.ts'
import type { Provenance } from '#shared/protocol/words.ts'
import type { Gatekeeper, HeldAction } from './held-action.ts'
import { type Judgement, judge } from './judge.ts'
import { executeKey, isTextField } from './keys.ts'
import { nonce } from './nonce.ts'
import type { Pass } from './pass.ts'
import { type Recorded, recordEvent } from './recording.ts'
import { releaseGesture, releaseKeys } from './release.ts'

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

  function begin(element: Element, event: Event, kind: Press['kind']): Press {
    const pointer = event instanceof MouseEvent ? event : null
    const key = event instanceof KeyboardEvent ? event : null
    const provenance: Provenance = event.isTrusted ? 'unknown' : 'page'
    const occasion: Occasion = key
      ? { gesture: 'key', key: keyName(key), provenance }
      : { gesture: 'click', provenance }
    return {
      element,
      kind,
      key: key?.key ?? '',
      x: pointer?.clientX ?? 0,
      y: pointer?.clientY ?? 0,
      occasion,
      judgement: judge(element, occasion, keeper.observing()),
      whole: kind === 'key' || !element.closest('a[href],area[href],[draggable="true"]'),
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
    const element = elementOf(event)
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
    const element = elementOf(event)
    if (!element) return
    if (!event.isTrusted && pass.takeClick(element)) return
    if (ofHeldKey(element, event) || secondOfDouble(element, event)) return stop(event, true)
    const known = press && judges(press, element, event) ? press : null
    const current = known ?? begin(element, event, 'pointer')
    const repeated = current.endedAt !== null
    current.endedAt = event.timeStamp
    const { kind, descriptor } = current.judgement
    if (kind === 'hold') return holdClick(current, event)
    pass.grant(element)
    if (repeated || !descriptor) return
    if (kind === 'observe') keeper.record(descriptor)
    else if (event.isTrusted) keeper.passed(descriptor)
  }

  function holdClick(current: Press, event: MouseEvent) {
    stop(event, true)
    const record = recordEvent(event)
    if (record) current.records.push(record)
    const { records, element } = current
    lastHeld = current
    hand(current, (target) => {
      releaseGesture(retarget(records, element, target), (link) => {
        pass.expectClick(element)
        clickInPage(link, keeper)
      })
    })
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
    if (!lastHeld || lastHeld.element !== elementOf(event)) return
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
    const { kind, descriptor } = press.judgement
    if (kind === 'hold') {
      const { records } = press
      follow(press, event)
      hand(press, (next) => releaseKeys(retarget(records, element, next)))
    } else if (descriptor && (isTextField(element) || !clicks(event))) {
      // Whatever else takes Enter or Space is clicked by it, and reported as that click.
      if (kind === 'observe') keeper.record(descriptor)
      else if (event.isTrusted) keeper.passed(descriptor)
    }
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

  function hand(current: Press, release: HeldAction['release']) {
    current.held = true
    const { descriptor } = current.judgement
    if (!descriptor) return keeper.dropped()
    const { element: target, occasion } = current
    const leadsTo = plainLink(descriptor.link?.href)
    keeper.hold({ target, occasion, descriptor, release, ...(leadsTo ? { leadsTo } : {}) })
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
function elementOf(event: Event): Element | null {
  const target = deepTarget(event)
  return !target || isTextField(target) ? null : actionable(target)
}

/** A judgement holds for its own gesture only: what a script clicks, or what is clicked later, may
 * have become something else. */
function judges(press: Press, element: Element, event: Event): boolean {
  if (press.kind === 'key' || press.held) return false
  if (press.element !== element || press.trusted !== event.isTrusted) return false
  return press.endedAt === null || event.timeStamp - press.endedAt < LABEL_MS
}

function stop(event: Event, prevent: boolean) {
  event.stopImmediatePropagation()
  if (prevent) event.preventDefault()
}

function near(press: Press, event: MouseEvent): boolean {
  return Math.hypot(event.clientX - press.x, event.clientY - press.y) <= DRAG_PX
}

/** After a re-render the events go to the element that took the old one's place. */
function retarget(records: readonly Recorded[], from: Element, to: Element): readonly Recorded[] {
  return from === to ? records : records.map((record) => ({ ...record, target: to }))
}

/** A `javascript:` link does nothing when its click comes from the isolated world. */
function clickInPage(link: Element, keeper: Gatekeeper) {
  const mark = nonce()
  link.setAttribute('data-holdpoint-release', mark)
  keeper.clickScriptLink(mark)
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

function plainLink(href: string | undefined): string | undefined {
  return href && /^https?:/.test(href) ? href : undefined
}
