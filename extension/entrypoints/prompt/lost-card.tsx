import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { PromptView } from '#extension/messages.ts'

const words: Record<PromptView['state'], { title: string; text: string; command?: string }> = {
  asking: {
    title: 'Asking the companion…',
    text: 'The action is held until there is an answer.',
  },
  lost: {
    title: 'The Holdpoint companion cannot be reached',
    text: 'The action stays held and nothing was done. Start the companion, then retry:',
    command: 'holdpoint start',
  },
  unpaired: {
    title: 'This browser is not paired with a companion',
    text: 'The action stays held and nothing was done. Get a pairing link, open it here, then retry:',
    command: 'holdpoint pair',
  },
  held: { title: 'The action is held', text: 'Nothing was done so far.' },
  decided: { title: 'Decided', text: 'The action is being carried out or dropped.' },
}

/** Stands in for the card while there is no answer to put to anybody. */
export function LostCard(props: {
  state: PromptView['state']
  onRetry(): void
  onDiscard(): void
}): JSX.Element {
  const { title, text, command } = words[props.state]
  const retry = useRef<HTMLButtonElement>(null)
  useEffect(() => retry.current?.focus(), [props.state])
  return (
    <article
      class="hp-card hp-overlay hp-lost"
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="lost-title"
      aria-describedby="lost-text"
    >
      <header class="hp-head">
        <h2 class="hp-title" id="lost-title">
          {title}
        </h2>
        <p id="lost-text">
          {text} {command && <code>{command}</code>}
        </p>
      </header>
      {(props.state === 'lost' || props.state === 'unpaired') && (
        <footer class="hp-verdict">
          <div class="hp-buttons">
            <button type="button" class="hp-button hp-deny" onClick={props.onDiscard}>
              Drop the action
            </button>
            <button ref={retry} type="button" class="hp-button" onClick={props.onRetry}>
              Retry
            </button>
          </div>
        </footer>
      )}
    </article>
  )
}
