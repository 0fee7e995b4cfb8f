import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '#shared/ui/icon.tsx'
import { Mark } from '#shared/ui/mark.tsx'
import { tokenIn } from './session.ts'

/** Shown without a valid token: how to open the dashboard, and a place to paste the link. */
export function Locked(props: { refused?: boolean; onToken(token: string): void }): JSX.Element {
  const [pasted, setPasted] = useState('')
  const token = tokenIn(pasted)
  return (
    <main class="locked hp-app">
      <Mark size={44} />
      <h1>{props.refused ? 'This link no longer opens the dashboard' : 'Open the dashboard'}</h1>
      <p>
        Only whoever started Holdpoint can approve actions, so this page needs the link that carries
        your token. In a terminal on this computer, run
      </p>
      <pre class="command">holdpoint status</pre>
      <p>and open the dashboard link it prints, or paste that link here.</p>
      {props.refused && (
        <p class="alert" role="alert">
          <Icon name="alert" />
          The companion does not know this token. It was revoked, or belongs to another companion.
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (token !== '') props.onToken(token)
        }}
      >
        <label for="token">Link or token</label>
        <div class="inline">
          <input
            id="token"
            class="hp-input"
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={pasted}
            onInput={(event) => setPasted(event.currentTarget.value)}
          />
          <button type="submit" class="button primary" disabled={token === ''}>
            Open
          </button>
        </div>
      </form>
    </main>
  )
}
