import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** How long a card has to stay as it is before it can be approved. */
export const ARMING_MS = 700

/** Whether the card in `ref` may be approved: its sentence has been seen, its buttons are wholly in
 * view, the window has the focus, and none of that, nor `content`, nor the buttons' place on the
 * screen has changed for `ARMING_MS`. So neither a card that slides under a moving pointer, nor the
 * click that brought the window to the front, nor changed content is ever approved unseen. */
export function useArmed(ref: RefObject<HTMLElement>, content: string): boolean {
  const [armedFor, setArmedFor] = useState<string | null>(null)
  useEffect(() => {
    const title = ref.current?.querySelector('.hp-title')
    const buttons = ref.current?.querySelector('.hp-buttons')
    if (!title || !buttons) return
    return watch(title, buttons, (armed) => setArmedFor(armed ? content : null))
  }, [ref, content])
  return armedFor === content
}

function watch(title: Element, buttons: Element, set: (armed: boolean) => void): () => void {
  const stop = new AbortController()
  let seen = false
  let inView = false
  let place = buttons.getBoundingClientRect()
  let timer: ReturnType<typeof setTimeout> | undefined
  const restart = () => {
    clearTimeout(timer)
    set(false)
    place = buttons.getBoundingClientRect()
    if (seen && inView && document.hasFocus() && document.visibilityState === 'visible')
      timer = setTimeout(() => (moved() ? restart() : set(true)), ARMING_MS)
  }
  const moved = () => {
    const { x, y } = buttons.getBoundingClientRect()
    return Math.abs(x - place.x) > 2 || Math.abs(y - place.y) > 2
  }
  const ifMoved = () => moved() && restart()
  const views = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (entry.target === title) seen ||= entry.intersectionRatio > 0.99
        else inView = entry.intersectionRatio > 0.99
      }
      restart()
    },
    { threshold: [0, 1] },
  )
  const sizes = new ResizeObserver(ifMoved)
  views.observe(title)
  views.observe(buttons)
  sizes.observe(document.body)
  const on = { signal: stop.signal, capture: true }
  addEventListener('focus', restart, { signal: stop.signal })
  addEventListener('blur', restart, { signal: stop.signal })
  document.addEventListener('visibilitychange', restart, on)
  // Scrolling is the person's own doing, and moves the buttons without surprise.
  addEventListener('scroll', () => (place = buttons.getBoundingClientRect()), on)
  addEventListener('pointerdown', ifMoved, on)
  return () => {
    stop.abort()
    clearTimeout(timer)
    views.disconnect()
    sizes.disconnect()
  }
}
