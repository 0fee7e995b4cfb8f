import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Hold } from '#shared/protocol/hold.ts'
import { CATEGORY_WORDS, Icon } from '#shared/ui/icon.tsx'
import { shortTitle, siteOf } from '#shared/ui/sentence.ts'
import { settled } from '#shared/ui/settled.ts'
import { countdown } from '#shared/ui/time.ts'
import { quoted } from '#shared/ui/visible.ts'
import { now } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { ClosedNote } from './closed-note.tsx'

/** Most approvals are taken up at once; only one that was not is worth a line, after this long in ms. */
const TAKEN_UP_MS = 2000

/** For how long a taken back approval is still named, in ms. */
const NAMED_MS = 12_000

/** What an approved action waits for, by the door it came in. */
const WAITS_FOR: Record<Hold['descriptor']['door'], string> = {
  gateway: 'It happens when the agent does it again',
  extension: 'It happens when its page takes it up',
  api: 'It happens when the agent takes it up',
}

/** Approved actions that did not happen yet, each with a way to take the approval back. */
export function Approved({ desk }: { desk: Desk }): JSX.Element | null {
  const [taken, setTaken] = useState<{ id: string; at: number } | null>(null)
  const holds = desk.approved.value.filter(waitsStill)
  const back = taken && now.value - taken.at < NAMED_MS ? desk.holds.value.get(taken.id) : undefined
  const denied = back?.state === 'denied' ? back : undefined
  if (holds.length === 0 && !denied) return null
  return (
    <section class="approved" aria-labelledby="approved-title">
      <h2 class="panel-title" id="approved-title">
        Approved, not yet done
      </h2>
      {denied && <ClosedNote hold={denied} now={now.value} />}
      <ul class="approved-list">
        {holds.map((hold) => (
          <li key={hold.id} class={`hp-cat-${hold.classification.category}`}>
            <span class="queue-icon">
              <Icon name={hold.classification.category} />
              <span class="hp-sr">{CATEGORY_WORDS[hold.classification.category]}</span>
            </span>
            <span class="approved-what">
              <b>{shortTitle(hold)}</b> <Where hold={hold} />
            </span>
            <Waits hold={hold} />
            <span class="approved-acts">
              <a class="button" href={linkTo('log', hold.auditId)}>
                Trace
              </a>
              <TakeBack
                desk={desk}
                hold={hold}
                onPress={() => setTaken({ id: hold.id, at: Date.now() })}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** In the trace of a hold: that it was approved and still waits. Nothing where it does not. */
export function WaitsStill({ desk, id }: { desk: Desk; id: string | null }): JSX.Element | null {
  const hold = desk.approved.value.find((one) => one.id === id)
  if (!hold || !waitsStill(hold)) return null
  return (
    <div class="approved-note">
      <Icon name="clock" />
      <span class="approved-what">
        <b>Approved, not yet done</b>
        <Waits hold={hold} />
      </span>
      <TakeBack desk={desk} hold={hold} />
    </div>
  )
}

function waitsStill({ verdict, expiresAt }: Hold): boolean {
  const since = Date.parse(verdict?.at ?? '')
  return now.value - since >= TAKEN_UP_MS && now.value < Date.parse(expiresAt)
}

function Where({ hold: { descriptor } }: { hold: Hold }): JSX.Element {
  return (
    <span class="approved-where">
      <bdi>{siteOf(descriptor.page.url)}</bdi>
      {descriptor.run?.name && (
        <>
          {' · '}
          <bdi>{quoted(descriptor.run.name, 24)}</bdi>
        </>
      )}
    </span>
  )
}

function Waits({ hold }: { hold: Hold }): JSX.Element {
  return (
    <span class="approved-waits">
      {settled(hold, now.value)}. {WAITS_FOR[hold.descriptor.door]};{' '}
      <span class="hp-digits">{countdown(Date.parse(hold.expiresAt) - now.value)}</span> left.
    </span>
  )
}

/** Taking back only ever stops something: it needs no second look. */
function TakeBack(props: { desk: Desk; hold: Hold; onPress?(): void }): JSX.Element {
  const { desk, hold } = props
  const busy = desk.verdicts.busy.value.has(hold.id)
  return (
    <button
      type="button"
      class="button"
      disabled={busy}
      onClick={() => {
        props.onPress?.()
        void desk.verdicts.decide(hold, 'deny')
      }}
    >
      <Icon name="undo" size={16} />
      Take back
      <span class="hp-sr"> {shortTitle(hold)}</span>
    </button>
  )
}
