import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { Frame, TakeoverInput } from '#shared/protocol/run.ts'
import type { Hands } from '../hands.ts'
import { Picture } from './picture.tsx'

const BUTTONS = ['left', 'middle', 'right'] as const

/** The page in a person's hands: mouse and keys on its picture go to the page. Tab does too, so the
 * way out is Shift and Escape (WCAG 2.1.2). */
export function TakenPage({ frame, hands }: { frame: Frame | null; hands: Hands }): JSX.Element {
  return (
    <Picture plain frame={frame} label="The page as it looks now">
      {frame && <Surface frame={frame} hands={hands} />}
    </Picture>
  )
}

function Surface({ frame, hands }: { frame: Frame; hands: Hands }): JSX.Element {
  const surface = useRef<HTMLDivElement>(null)
  const act = (input: TakeoverInput) => hands.do(frame.page, input)
  const at = (event: MouseEvent) => placeOf(event, surface.current, frame)
  const button = (type: 'press' | 'release') => (event: MouseEvent) => {
    if (!event.isTrusted) return
    if (type === 'press') surface.current?.focus()
    event.preventDefault()
    const clicks = Math.min(3, Math.max(1, event.detail))
    act({ type, ...at(event), button: BUTTONS[event.button] ?? 'left', clicks })
  }
  const key = (down: boolean) => (event: KeyboardEvent) => {
    if (!event.isTrusted || event.isComposing) return
    if (event.key === 'Escape' && event.shiftKey) {
      if (down) surface.current?.blur()
      return
    }
    // What is pasted comes from this page's clipboard, as text.
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'v') return
    event.preventDefault()
    act({ type: 'key', down, key: event.key, code: event.code, modifiers: modifiersOf(event) })
  }
  return (
    <div
      ref={surface}
      class="taken-surface"
      role="application"
      aria-label="Page in your hands. What you type goes to it. Shift and Escape leave it."
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the keyboard
      tabIndex={0}
      onMouseMove={(event) => event.isTrusted && act({ type: 'move', ...at(event) })}
      onMouseDown={button('press')}
      onMouseUp={button('release')}
      onContextMenu={(event) => event.preventDefault()}
      onWheel={(event) => {
        event.preventDefault()
        // deltaMode: 0 pixels, 1 lines, 2 pages.
        const unit = [1, 16, frame.height][event.deltaMode] ?? 1
        const scroll = { dx: limited(event.deltaX * unit), dy: limited(event.deltaY * unit) }
        act({ type: 'wheel', ...at(event), ...scroll })
      }}
      onKeyDown={key(true)}
      onKeyUp={key(false)}
      onPaste={(event) => {
        event.preventDefault()
        const text = event.clipboardData?.getData('text/plain').slice(0, 5000)
        if (event.isTrusted && text) act({ type: 'text', text })
      }}
    />
  )
}

/** A point of the picture as one of the page's viewport. */
function placeOf(event: MouseEvent, surface: HTMLElement | null, frame: Frame) {
  const { left, top, width, height } = surface?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1)
  const x = ((event.clientX - left) / width) * frame.width
  const y = ((event.clientY - top) / height) * frame.height
  return { x: Math.round(x), y: Math.round(y), modifiers: modifiersOf(event) }
}

/** As CDP counts them: 1 Alt, 2 Control, 4 Meta, 8 Shift. */
function modifiersOf(event: MouseEvent | KeyboardEvent): number {
  const held = [event.altKey, event.ctrlKey, event.metaKey, event.shiftKey]
  return held.reduce((sum, down, bit) => sum + (down ? 1 << bit : 0), 0)
}

function limited(delta: number): number {
  return Math.max(-5000, Math.min(5000, Math.round(delta)))
}
