import { useEffect, useRef } from 'preact/hooks'
import type { Desk } from './desk.ts'

/** Says by the system's notification that something waits, while the page is not in front. Only
 * that and how many: what waits may be confidential, and notifications stay in places this page
 * does not control. */
export function Notifier({ desk }: { desk: Desk }): null {
  const pending = desk.pending.value
  const known = useRef<ReadonlySet<string> | null>(null)
  useEffect(() => {
    if (pending === null) return
    const before = known.current
    known.current = new Set(pending.map((hold) => hold.id))
    const fresh = pending.filter((hold) => before !== null && !before.has(hold.id))
    if (fresh.length === 0 || document.hasFocus()) return
    if (!('Notification' in window) || Notification.permission !== 'granted') return
    const text = `${pending.length} ${pending.length === 1 ? 'action waits' : 'actions wait'} for you`
    const note = new Notification(text, { tag: 'holdpoint-pending' })
    note.onclick = () => {
      window.focus()
      note.close()
    }
  }, [pending])
  return null
}
