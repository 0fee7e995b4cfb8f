import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { pair } from './pair.ts'
import { companionOrigin, type PairingRequest } from './pairing-from-hash.ts'

type State =
  | { is: 'form' }
  | { is: 'working' }
  | { is: 'paired' }
  | { is: 'failed'; message: string }

/** Pairs this browser with a companion: at once where the address brought a code, otherwise by a form. */
export function PairPage({ given }: { given: PairingRequest | null }): JSX.Element {
  const [state, setState] = useState<State>({ is: given ? 'working' : 'form' })
  const run = (request: PairingRequest) => {
    setState({ is: 'working' })
    pair(request, browserName())
      .then((outcome) =>
        setState(outcome.ok ? { is: 'paired' } : { is: 'failed', message: outcome.message }),
      )
      .catch((error: unknown) => setState({ is: 'failed', message: `Could not pair: ${error}` }))
  }
  useEffect(() => {
    if (given) run(given)
  }, [given])
  return (
    <main class="hp-page">
      <h1>Pair this browser</h1>
      <p role="status" data-state={state.is} class={`hp-state hp-state-${state.is}`}>
        {words(state)}
      </p>
      {(state.is === 'form' || state.is === 'failed') && (
        <PairForm companion={given?.companion ?? ''} onPair={run} />
      )}
    </main>
  )
}

function words(state: State): string {
  switch (state.is) {
    case 'form':
      return 'Run `holdpoint pair` and type what it shows.'
    case 'working':
      return 'Pairing…'
    case 'paired':
      return 'Paired. Consequential clicks in this browser are now held. You can close this page.'
    case 'failed':
      return state.message
  }
}

function PairForm(props: {
  companion: string
  onPair(request: PairingRequest): void
}): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null)
  const onSubmit = (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget)
    const companion = companionOrigin(String(typed.get('companion') ?? ''))
    const code = String(typed.get('code') ?? '').replace(/\s/g, '')
    if (!companion) return setProblem('The address is an https URL, or one on this computer.')
    setProblem(null)
    props.onPair({ companion, code })
  }
  return (
    <form onSubmit={onSubmit}>
      <label>
        Companion
        <input
          name="companion"
          required
          defaultValue={props.companion}
          placeholder="http://127.0.0.1:4777"
          inputMode="url"
        />
      </label>
      <label>
        Code
        <input
          name="code"
          required
          inputMode="numeric"
          autocomplete="one-time-code"
          pattern="[0-9 ]{6,7}"
        />
      </label>
      {problem && <p role="alert">{problem}</p>}
      <button type="submit">Pair</button>
    </form>
  )
}

/** How the companion lists this browser: the name people know it by. */
function browserName(): string {
  const [, name = 'Browser'] = /(Firefox|Edg|Chrome)\//.exec(navigator.userAgent) ?? []
  const known = name === 'Edg' ? 'Edge' : name
  const system = /Windows|Mac OS|Android|Linux/.exec(navigator.userAgent)?.[0] ?? 'unknown system'
  return `${known} on ${system}`
}
