import type { Browser } from '../browser.ts'
import { FromPopup, type PopupView } from '../messages.ts'

interface PopupEnds {
  status(): PopupView
  onMessage(message: FromPopup): void
}

/** The toolbar popups that are open, which is one at most per window. */
export function createPopups(ends: PopupEnds) {
  const popups = new Set<Browser.runtime.Port>()
  return {
    accept(port: Browser.runtime.Port): void {
      popups.add(port)
      port.onDisconnect.addListener(() => popups.delete(port))
      port.onMessage.addListener((message: unknown) => {
        const parsed = FromPopup.safeParse(message)
        if (parsed.success) ends.onMessage(parsed.data)
      })
      port.postMessage(ends.status())
    },
    refresh(): void {
      for (const popup of popups) popup.postMessage(ends.status())
    },
  }
}
