import type { ReadonlySignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { PopupView } from '#extension/messages.ts'
import type { Mode } from '#shared/protocol/words.ts'

const modes: Record<Mode, string> = {
  enforce: 'Enforce: execute steps wait for an answer',
  shadow: 'Shadow: execute steps are recorded, not executed',
  observe: 'Observe: everything executes and is recorded',
}

/** What the toolbar button shows. */
export function PopupPage(props: {
  status: ReadonlySignal<PopupView | null>
  onRetry(): void
  onDashboard(): void
  onPair(): void
}): JSX.Element {
  const status = props.status.value
  const paired = status?.paired ?? false
  return (
    <main class="hp-page hp-popup">
      <h1>Holdpoint</h1>
      <dl aria-live="polite">
        <dt>Companion</dt>
        <dd>{companionWords(status)}</dd>
        <dt>Mode</dt>
        <dd>{status?.mode ? modes[status.mode] : 'Unknown: every execute step stays held'}</dd>
        <dt>Waiting</dt>
        <dd>{status?.pending ?? 0}</dd>
      </dl>
      <div class="hp-actions">
        {paired && (
          <button type="button" onClick={props.onDashboard}>
            Open dashboard
          </button>
        )}
        {paired && !status?.connected && (
          <button type="button" class="hp-plain" onClick={props.onRetry}>
            Retry
          </button>
        )}
        <button type="button" class={paired ? 'hp-plain' : ''} onClick={props.onPair}>
          {paired ? 'Pair again' : 'Pair this browser'}
        </button>
      </div>
    </main>
  )
}

function companionWords(status: PopupView | null): string {
  if (!status?.paired) return 'Not paired'
  return status.connected ? `Connected to ${status.companion}` : `Cannot reach ${status.companion}`
}
