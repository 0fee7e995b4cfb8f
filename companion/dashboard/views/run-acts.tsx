import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { Run } from '#shared/protocol/run.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { visible } from '#shared/ui/visible.ts'
import type { Desk } from '../desk.ts'
import { isLive } from '../runs.ts'

/** A person's hand on one run. Killing cannot be taken back, so it asks back. */
export function RunActs({ desk, run }: { desk: Desk; run: Run }): JSX.Element | null {
  if (!isLive(run)) return null
  const busy = desk.runs.busy.value.has(run.id)
  const paused = run.state === 'paused'
  const name = visible(run.name, { limit: 60 })
  return (
    <div class="run-acts">
      <button
        type="button"
        class="button"
        disabled={busy}
        onClick={() => void desk.runs.set(run.id, paused ? 'live' : 'paused')}
      >
        <Icon name={paused ? 'play' : 'pause'} size={16} />
        {paused ? 'Resume' : 'Pause'}
        <span class="hp-sr"> {name}</span>
      </button>
      <Kill
        word="Kill"
        what={name}
        title={`Kill ${name}?`}
        says="Its connection ends and its pages close. What it has held is withdrawn and never sent. It cannot be resumed."
        keep="Keep it"
        disabled={busy}
        onKill={() => void desk.runs.set(run.id, 'killed')}
      />
    </div>
  )
}

/** Every run that is live, in reach from every view. */
export function RunBar({ desk }: { desk: Desk }): JSX.Element | null {
  const live = desk.runs.live.value
  if (live.length === 0) return null
  const paused = live.filter((run) => run.state === 'paused').length
  const busy = desk.runs.busy.value.has('*')
  const all = live.length === 1 ? '' : ' all'
  const stopped = paused === live.length
  return (
    <section class="run-bar" aria-label="Live runs">
      <span class={`run-dot${stopped ? ' paused' : ''}`} aria-hidden="true" />
      <p>
        <a href="#/runs">
          <b>
            {live.length} {live.length === 1 ? 'run' : 'runs'}
          </b>{' '}
          {stopped ? 'paused' : 'live'}
        </a>
        {paused > 0 && !stopped && <span class="hint">{paused} paused</span>}
      </p>
      <button
        type="button"
        class="button"
        disabled={busy}
        onClick={() => void desk.runs.set(null, stopped ? 'live' : 'paused')}
      >
        <Icon name={stopped ? 'play' : 'pause'} size={16} />
        {stopped ? 'Resume' : 'Pause'}
        {all}
      </button>
      <Kill
        word={`Kill${all}`}
        what=""
        title={live.length === 1 ? 'Kill the run?' : `Kill all ${live.length} runs?`}
        says="Every agent is disconnected and its pages close. What they have held is withdrawn and never sent. They cannot be resumed."
        keep={live.length === 1 ? 'Keep it' : 'Keep them'}
        disabled={busy}
        onKill={() => void desk.runs.set(null, 'killed')}
      />
    </section>
  )
}

function Kill(props: {
  word: string
  what: string
  title: string
  says: string
  keep: string
  disabled: boolean
  onKill(): void
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <>
      <button
        type="button"
        class="button danger"
        disabled={props.disabled}
        onClick={() => dialog.current?.showModal()}
      >
        <Icon name="stop" size={16} />
        {props.word}
        {props.what && <span class="hp-sr"> {props.what}</span>}
      </button>
      <dialog class="ask" ref={dialog} aria-label={props.title}>
        <h2>
          <bdi>{props.title}</bdi>
        </h2>
        <p>{props.says}</p>
        <div class="hp-buttons">
          <button type="button" class="hp-button" onClick={() => dialog.current?.close()}>
            {props.keep}
          </button>
          <button
            type="button"
            class="hp-button hp-danger"
            onClick={() => {
              dialog.current?.close()
              props.onKill()
            }}
          >
            <Icon name="stop" size={18} />
            {props.word}
          </button>
        </div>
      </dialog>
    </>
  )
}
