import { useRef } from 'preact/hooks'

/** Handlers that make a button act only on a whole, real press that began on it while it was live:
 * - a key has to go down and up on the button, so the Enter that dismissed something else, or a key
 *   held down while the button took focus, does nothing;
 * - a pointer has to go down and up on it, so a button that slides under a moving click does nothing;
 * - input made by scripts (`isTrusted` false) does nothing.
 * A trusted click without pointer or key is assistive technology pressing the button: it counts. */
export function usePress(live: boolean, act: () => void): PressHandlers {
  const began = useRef<string | undefined>(undefined)
  const take = (how: string, event: Event) => {
    const whole = began.current === how && live && event.isTrusted
    began.current = undefined
    if (whole) act()
  }
  return {
    onPointerDown: (event) => {
      began.current = live && event.isTrusted && event.button === 0 ? 'pointer' : 'early'
    },
    onKeyDown: (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      if (!event.repeat) began.current = live && event.isTrusted ? event.key : 'early'
    },
    onKeyUp: (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      take(event.key, event)
    },
    onClick: (event) => {
      event.preventDefault()
      if (event.detail === 0 && began.current === undefined) began.current = 'pointer'
      take('pointer', event)
    },
    onBlur: () => {
      began.current = undefined
    },
  }
}

export interface PressHandlers {
  onPointerDown(event: PointerEvent): void
  onKeyDown(event: KeyboardEvent): void
  onKeyUp(event: KeyboardEvent): void
  onClick(event: MouseEvent): void
  onBlur(): void
}
