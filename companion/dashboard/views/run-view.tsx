import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { Hold } from '#shared/protocol/hold.ts'
import type { Frame, Run } from '#shared/protocol/run.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { siteOf } from '#shared/ui/sentence.ts'
import { quoted, visible } from '#shared/ui/visible.ts'
import type { Desk } from '../desk.ts'
import { type Hands, handsOn } from '../hands.ts'
import { Picture, useFrame } from './picture.tsx'
import { TakenPage } from './taken-page.tsx'

/** The run's page: shown while something is held, and in the person's hands once they take it over. */
export function RunView(props: { desk: Desk; run: Run; held: readonly Hold[] }): JSX.Element {
  const { desk, run, held } = props
  const hands = useMemo(() => handsOn(desk, run.id), [desk, run.id])
  return (
    <section class="panel run-view" aria-labelledby="view-title">
      <div class="run-view-head">
        <h2 class="panel-title" id="view-title">
          Page
        </h2>
        <button
          type="button"
          class={`button${run.takeover ? ' primary' : ''}`}
          disabled={desk.runs.busy.value.has(run.id)}
          onClick={() => void desk.runs.takeover(run.id, !run.takeover)}
        >
          <Icon name={run.takeover ? 'play' : 'hand'} size={16} />
          {run.takeover ? 'Give back to the agent' : 'Take over'}
        </button>
      </div>
      {run.takeover ? (
        <Taken desk={desk} run={run} hands={hands} />
      ) : held[0] ? (
        <Shown desk={desk} run={run} hold={held[0]} />
      ) : (
        <p class="hint">
          Nothing is held. The page is shown while something is, and when you take over: then the
          agent waits, and what you click and type goes to the page as yours.
        </p>
      )}
    </section>
  )
}

function Shown({ desk, run, hold }: { desk: Desk; run: Run; hold: Hold }): JSX.Element {
  const frame = useFrame(desk, run.id, (next) => next.hold === hold.id, hold.id)
  return (
    <>
      <Picture frame={frame} label="The page as it looks now, with the target marked" />
      <Where frame={frame} />
    </>
  )
}

function Taken({ desk, run, hands }: { desk: Desk; run: Run; hands: Hands }): JSX.Element {
  const frame = useFrame(desk, run.id, (next) => next.hands, 'hands')
  return (
    <>
      <p class="taken-note" role="status">
        <Icon name="hand" size={18} />
        <span>
          <b>The agent waits.</b> Click and type on the picture; it goes to the page as yours and
          nobody is asked. <kbd>Shift</kbd> <kbd>Esc</kbd> leaves the picture.
        </span>
      </p>
      <TakenPage frame={frame} hands={hands} />
      <Where frame={frame} />
      {frame?.dialog && <Asks frame={frame} dialog={frame.dialog} hands={hands} />}
      {frame && <Type page={frame.page} hands={hands} />}
    </>
  )
}

/** Which page it is, in the browser's words. */
export function Where({ frame }: { frame: Frame | null }): JSX.Element {
  return (
    <p class="picture-where">
      {frame ? (
        <>
          <bdi>{siteOf(frame.url)}</bdi>
          {frame.title && !frame.url.includes(frame.title) && (
            <bdi> · {visible(frame.title, { limit: 60 })}</bdi>
          )}
        </>
      ) : (
        '\u00A0'
      )}
    </p>
  )
}

/** A dialog of the page's own, which no picture shows. */
function Asks(props: {
  frame: Frame
  dialog: NonNullable<Frame['dialog']>
  hands: Hands
}): JSX.Element {
  const { frame, dialog, hands } = props
  const [text, setText] = useState('')
  const answer = (accept: boolean) =>
    hands.do(frame.page, {
      type: 'dialog',
      accept,
      ...(dialog.type === 'prompt' && accept ? { text } : {}),
    })
  return (
    <div class="page-asks" role="alert">
      <p>
        The page asks: <b>{quoted(dialog.text || dialog.type, 500)}</b>
      </p>
      <div class="inline">
        {dialog.type === 'prompt' && (
          <input
            class="hp-input"
            aria-label="Answer to the page"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
        {dialog.type !== 'alert' && (
          <button type="button" class="button" onClick={() => answer(false)}>
            Cancel
          </button>
        )}
        <button type="button" class="button primary" onClick={() => answer(true)}>
          OK
        </button>
      </div>
    </div>
  )
}

/** For who has no keyboard at hand, or cannot use the picture's. */
function Type({ page, hands }: { page: string; hands: Hands }): JSX.Element {
  const [text, setText] = useState('')
  const key = (name: string) =>
    hands.do(
      page,
      ...[true, false].map((down) => {
        return { type: 'key', down, key: name, code: name, modifiers: 0 } as const
      }),
    )
  return (
    <form
      class="inline taken-type"
      onSubmit={(event) => {
        event.preventDefault()
        if (text !== '') hands.do(page, { type: 'text', text })
        setText('')
      }}
    >
      <input
        class="hp-input"
        aria-label="Text for the page"
        placeholder="Text for the field that has the focus"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" class="button" disabled={text === ''}>
        Type
      </button>
      {KEYS.map((name) => (
        <button key={name} type="button" class="button" onClick={() => key(name)}>
          {name}
        </button>
      ))}
    </form>
  )
}

const KEYS = ['Tab', 'Enter'] as const
