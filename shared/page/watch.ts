/** The inputs a gesture is made of. `change` and `input` are missing on purpose: when they fire the
 * value has moved already, so what they set off is held where it leaves the page. */
const gestureTypes = [
  'pointerdown',
  'mousedown',
  'pointerup',
  'mouseup',
  'click',
  'auxclick',
  'dblclick',
  'keydown',
  'keypress',
  'keyup',
  'submit',
  'drop',
] as const

/** Inputs that tell the page that the person is busy elsewhere: menus close on them. They are only
 * listened to, never part of a gesture. */
const attentionTypes = [
  'focus',
  'blur',
  'focusin',
  'focusout',
  'touchstart',
  'touchend',
  'pointercancel',
] as const

export type GestureType = (typeof gestureTypes)[number]

export interface Watcher {
  onGesture(type: GestureType, event: Event): void
  onAttention(event: Event): void
}

/** Listens on the window in the capture phase, before every listener of the page that was not there
 * at document_start. Plain listeners without any observer: a standing MutationObserver costs 11 % of
 * the renderer's time, these 3 %. The browser calls listeners one by one, so a listener that throws
 * takes none of the others with it. */
export function watch(target: Window, watcher: Watcher): void {
  for (const type of gestureTypes)
    target.addEventListener(type, (event) => watcher.onGesture(type, event), { capture: true })
  for (const type of attentionTypes)
    target.addEventListener(type, (event) => watcher.onAttention(event), {
      capture: true,
      passive: true,
    })
}
