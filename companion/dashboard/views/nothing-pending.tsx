import type { JSX } from 'preact'
import type { Status } from '#shared/protocol/api.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { linkTo } from '../route.ts'

/** The empty queue, with the next step towards a first hold. */
export function NothingPending({ status }: { status: Status | null }): JSX.Element {
  const connected = status?.browsers.some((browser) => browser.connected) ?? false
  const paired = (status?.browsers.length ?? 0) > 0
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name="inbox" size={28} />
      </span>
      <p class="empty-lead">{lead(status, connected)}</p>
      {status && !paired && (
        <p>
          No browser is connected yet. <a href={linkTo('status')}>Pair a browser</a>, then let an
          agent click something that sends, changes or deletes.
        </p>
      )}
      {status && paired && !connected && (
        <p>
          A browser is paired but not open. Start it, or see <a href={linkTo('status')}>Status</a>.
        </p>
      )}
      {connected && (
        <p>
          To see a hold, run <code>npm run demo</code>, or press Send on any page of the connected
          browser. What passed without you is in the <a href={linkTo('log')}>Log</a>.
        </p>
      )}
    </div>
  )
}

function lead(status: Status | null, connected: boolean): string {
  if (status?.mode === 'observe') return 'Observe mode: everything executes, nobody is asked.'
  if (status?.mode === 'shadow') return 'Shadow mode: nothing executes, nobody is asked.'
  if (connected) return 'Every action that needs a person will appear here before it happens.'
  return 'Actions that need a person will appear here before they happen.'
}
