import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '#shared/ui/icon.tsx'

const SAYS: Record<NotificationPermission, string> = {
  default:
    'Be told when something waits while this page is in the background. Only how many, never what.',
  granted: 'You are told when something waits while this page is in the background.',
  denied: 'This browser blocks notifications from this page; its site settings can allow them.',
}

/** Permission to notify, where the browser has notifications. */
export function Notices(): JSX.Element | null {
  const [state, setState] = useState<NotificationPermission | null>(
    'Notification' in window ? Notification.permission : null,
  )
  if (state === null) return null
  return (
    <section class="panel" aria-labelledby="notices-title">
      <h2 class="panel-title" id="notices-title">
        Notifications
      </h2>
      <p class="hint">{SAYS[state]}</p>
      {state === 'default' && (
        <button
          type="button"
          class="button"
          onClick={() => void Notification.requestPermission().then(setState)}
        >
          <Icon name="bell" size={16} />
          Notify me
        </button>
      )}
    </section>
  )
}
