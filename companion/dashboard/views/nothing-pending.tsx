import type { JSX } from 'preact'
import type { Status } from '#shared/protocol/api.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { linkTo } from '../route.ts'

/** The empty queue, with the next step towards a first hold. */
export function NothingPending(props: { status: Status | null; live: number }): JSX.Element {
  const { status, live } = props
  const connected = status?.browsers.some((browser) => browser.connected) ?? false
  const paired = (status?.browsers.length ?? 0) > 0
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name="inbox" size={28} />
      </span>
      <p class="empty-lead">{lead(status, connected || live > 0)}</p>
      {live > 0 && (
        <p>
          {live === 1 ? 'An agent is' : `${live} agents are`} at work: see{' '}
          <a href={linkTo('runs')}>Runs</a>.
        </p>
      )}
      {status && live === 0 && !paired && (
        <p>
          No browser is connected yet. <a href={linkTo('status')}>Pair a browser</a>, then let an
          agent click something that sends, changes or deletes.
        </p>
      )}
      {status && live === 0 && paired && !connected && (
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
