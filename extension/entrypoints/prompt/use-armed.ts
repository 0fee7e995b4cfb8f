import { useEffect, useRef, useState } from 'preact/hooks'
import { type Arming, type ArmingStep, arm, armsIn } from './arming.ts'

/** Time for which something has to lie over the prompt before the frame is told, in ms: a tooltip that
 * passes is no attack. */
const COVERED_MS = 300

/** Share of the card that has to be on the screen. */
const RATIO = 0.9

/** Shortest interval the browser allows for visibility tracking, in ms. */
const TRACK_MS = 100

interface Watched {
  /** Selector of the card. */
  selector: string
  /** Changes whenever the card shows something else. */
  content: string
  onCovered(): void
}

/** True while Approve may work. Uses IntersectionObserver v2, the only way for a frame to learn that it
 * is covered, faded, moved off or transformed by the page around it. */
export function useArmed({ selector, content, onCovered }: Watched): boolean {
  const [armed, setArmed] = useState(false)
  const state = useRef<Arming>({ since: null })
  const covered = useRef(onCovered)
  covered.current = onCovered

  useEffect(() => {
    const card = document.querySelector(selector)
    if (!card) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let coverTimer: ReturnType<typeof setTimeout> | undefined

    const step = (next: ArmingStep) => {
      state.current = arm(state.current, next)
      clearTimeout(timer)
      const left = armsIn(state.current, next.at)
      setArmed(left === 0)
      if (left) timer = setTimeout(() => setArmed(true), left)
    }
    const see = (visible: boolean) => {
      const wasVisible = state.current.since !== null
      step({ is: visible ? 'visible' : 'hidden', at: performance.now() })
      if (visible) clearTimeout(coverTimer)
      else if (wasVisible && document.visibilityState === 'visible')
        coverTimer = setTimeout(() => covered.current(), COVERED_MS)
    }
    const onFocus = () => step({ is: 'disturbed', at: performance.now() })

    step({ is: 'disturbed', at: performance.now() })
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1)
        if (entry) see(isVisible(entry) && entry.intersectionRatio >= RATIO)
      },
      // `trackVisibility` and `delay` are version 2, which the DOM types do not know yet.
      { threshold: [0, RATIO, 1], ...{ trackVisibility: true, delay: TRACK_MS } },
    )
    observer.observe(card)
    window.addEventListener('focus', onFocus)
    return () => {
      observer.disconnect()
      window.removeEventListener('focus', onFocus)
      clearTimeout(timer)
      clearTimeout(coverTimer)
    }
  }, [selector, content])

  return armed
}

/** False in browsers that cannot tell (Firefox): there nothing is ever approved in the page. */
export function canSeeCovers(): boolean {
  return 'isVisible' in IntersectionObserverEntry.prototype
}

function isVisible(entry: IntersectionObserverEntry): boolean {
  return Reflect.get(entry, 'isVisible') === true
}
