import { deepTarget } from '#shared/page/actionable.ts'

/** One event of a held gesture, with everything needed to make it again. */
export interface Recorded {
  type: string
  target: Element
  make(): Event
}

/** Copies `event` while it is being dispatched. Null where its target cannot be found. */
export function recordEvent(event: Event): Recorded | null {
  const target = deepTarget(event)
  if (!target) return null
  const base = {
    bubbles: event.bubbles,
    cancelable: event.cancelable,
    composed: event.composed,
  }
  return { type: event.type, target, make: maker(event, base) }
}

function maker(event: Event, base: EventInit): () => Event {
  const { type } = event
  if (event instanceof DragEvent) {
    const init = { ...base, ...mouseInit(event), dataTransfer: copyTransfer(event.dataTransfer) }
    return () => new DragEvent(type, init)
  }
  if (event instanceof PointerEvent) {
    const init = { ...base, ...mouseInit(event), ...pointerInit(event) }
    return () => new PointerEvent(type, init)
  }
  if (event instanceof MouseEvent) {
    const init = { ...base, ...mouseInit(event) }
    return () => new MouseEvent(type, init)
  }
  if (event instanceof KeyboardEvent) {
    const init = { ...base, ...keyInit(event) }
    return () => new KeyboardEvent(type, init)
  }
  if (event instanceof SubmitEvent) {
    const init = { ...base, submitter: event.submitter }
    return () => new SubmitEvent(type, init)
  }
  return () => new Event(type, base)
}

function mouseInit(event: MouseEvent): MouseEventInit {
  return {
    ...modifiers(event),
    view: window,
    detail: event.detail,
    screenX: event.screenX,
    screenY: event.screenY,
    clientX: event.clientX,
    clientY: event.clientY,
    button: event.button,
    buttons: event.buttons,
    relatedTarget: event.relatedTarget,
  }
}

function pointerInit(event: PointerEvent): PointerEventInit {
  return {
    pointerId: event.pointerId,
    width: event.width,
    height: event.height,
    pressure: event.pressure,
    tangentialPressure: event.tangentialPressure,
    tiltX: event.tiltX,
    tiltY: event.tiltY,
    twist: event.twist,
    pointerType: event.pointerType,
    isPrimary: event.isPrimary,
  }
}

function keyInit(event: KeyboardEvent): KeyboardEventInit {
  return {
    ...modifiers(event),
    view: window,
    key: event.key,
    code: event.code,
    location: event.location,
    // Old pages compare these two and nothing else.
    keyCode: event.keyCode,
    charCode: event.charCode,
  }
}

function modifiers(event: MouseEvent | KeyboardEvent): EventModifierInit {
  return {
    ctrlKey: event.ctrlKey,
    shiftKey: event.shiftKey,
    altKey: event.altKey,
    metaKey: event.metaKey,
  }
}

/** The browser empties the transfer when the drop's dispatch ends, so it is copied at once. */
function copyTransfer(from: DataTransfer | null): DataTransfer {
  const copy = new DataTransfer()
  if (!from) return copy
  for (const type of from.types) {
    if (type !== 'Files') copy.setData(type, from.getData(type))
  }
  for (const file of from.files) copy.items.add(file)
  copy.dropEffect = from.dropEffect
  copy.effectAllowed = from.effectAllowed
  return copy
}
