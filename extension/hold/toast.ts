import { smallBox } from './top-layer.ts'

/** How long a toast stays, in ms: long enough to read two short sentences. */
const TOAST_MS = 7000

/** Longest text shown; reasons come from policies and may be long. */
const TEXT_LIMIT = 240

let current: { remove(): void } | null = null

/** Tells the person what became of a gesture, without standing in their way. One at a time. */
export function toast(text: string): void {
  current?.remove()
  const line = document.createElement('div')
  line.setAttribute('role', 'status')
  line.textContent = text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text
  const box = smallBox(line)
  current = box
  setTimeout(() => {
    box.remove()
    if (current === box) current = null
  }, TOAST_MS)
}
