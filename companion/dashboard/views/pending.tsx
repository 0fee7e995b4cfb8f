import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Hold } from '#shared/protocol/hold.ts'
import { approvedBy } from '#shared/ui/approvals.ts'
import { HoldCard } from '#shared/ui/hold-card.tsx'
import { Icon } from '#shared/ui/icon.tsx'
import { useArmed } from '../armed.ts'
import { now } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { type QueueItem, queueItems } from '../queue-items.ts'
import { linkTo, route } from '../route.ts'
import { Approved } from './approved.tsx'
import { Batch } from './batch.tsx'
import { ClosedNote } from './closed-note.tsx'
import { HeldPicture } from './held-picture.tsx'
import { NothingPending } from './nothing-pending.tsx'
import { Queue } from './queue.tsx'

/** One held action, or one batch of them, at a time in full, the others beside it. */
export function Pending({ desk }: { desk: Desk }): JSX.Element {
  const [chosen, setChosen] = useState<string | null>(route.value.id)
  const pending = desk.pending.value
  const items = queueItems(pending ?? [])
  const at = current(items, chosen)
  const hold = at?.alone
  const closed = useClosed(desk, hold)
  const step = (by: 1 | -1) => {
    const next = items[items.findIndex(({ key }) => key === at?.item.key) + by]
    if (next) setChosen(next.key)
  }
  if (pending === null) return <Loading lost={desk.connection.value === 'lost'} />
  return (
    <section class="view pending" aria-labelledby="pending-title">
      <header class="view-head">
        <h1 id="pending-title">
          {pending.length === 0
            ? 'Nothing is waiting'
            : `${pending.length} ${pending.length === 1 ? 'action waits' : 'actions wait'} for you`}
        </h1>
        {at && items.length > 1 && <Steps items={items} current={at.item.key} onStep={step} />}
      </header>
      {closed && <ClosedNote hold={closed} now={now.value} />}
      <Said desk={desk} />
      {at ? (
        <div class="pending-grid">
          <Queue items={items} current={at.item.key} onChoose={setChosen} now={now.value} />
          {at.alone ? (
            <div class="pending-one">
              {at.item.batch !== null && (
                <button type="button" class="button back" onClick={() => setChosen(at.item.key)}>
                  <Icon name="back" size={16} />
                  Back to the {at.item.holds.length} of this batch
                </button>
              )}
              <Card desk={desk} hold={at.alone} onStep={step} />
            </div>
          ) : (
            at.item.batch !== null && (
              <Batch
                key={at.item.key}
                desk={desk}
                name={at.item.batch}
                holds={at.item.holds}
                onLook={setChosen}
              />
            )
          )}
        </div>
      ) : (
        <NothingPending status={desk.status.value} live={desk.runs.live.value.length} />
      )}
      <Approved desk={desk} />
      <Unreadable count={desk.unreadable.value} />
    </section>
  )
}

/** What the answer to a batch came to, for a while. */
function Said({ desk }: { desk: Desk }): JSX.Element | null {
  const said = desk.verdicts.said.value
  if (said === null || now.value - said.at > 12_000) return null
  return (
    <p class={`closed ${said.ok ? 'ok' : 'plain'}`} role="status">
      <Icon name={said.ok ? 'check' : 'list'} />
      <b>{said.text}</b>
    </p>
  )
}

function Unreadable({ count }: { count: number }): JSX.Element | null {
  if (count === 0) return null
  return (
    <p class="alert">
      <Icon name="alert" />
      <span>
        <b>
          {count === 1 ? 'One hold' : `${count} holds`} cannot be read and{' '}
          {count === 1 ? 'is' : 'are'} not shown.
        </b>{' '}
        Another version of Holdpoint wrote {count === 1 ? 'it' : 'them'}, or the database was
        changed. What {count === 1 ? 'it holds' : 'they hold'} stays held.
      </span>
    </p>
  )
}

/** The chosen item, and the hold that is shown alone; where a chosen one was replaced because its terms
 * moved, its replacement. A hold of a batch is alone only where it was chosen itself. */
function current(
  items: readonly QueueItem[],
  chosen: string | null,
): { item: QueueItem; alone: Hold | undefined } | undefined {
  const all = items.flatMap(({ holds }) => [...holds])
  const hold =
    all.find(({ id }) => id === chosen) ??
    all.find(({ replaces }) => replaces !== undefined && replaces === chosen)
  const item =
    items.find(({ key, holds }) => key === chosen || holds.some((one) => one === hold)) ?? items[0]
  return item && { item, alone: item.batch === null ? item.holds[0] : hold }
}

/** The hold that was on screen and came to an end, shown for a while with how it ended. */
function useClosed(desk: Desk, hold: Hold | undefined): Hold | null {
  const shown = useRef<string | undefined>(undefined)
  const [closed, setClosed] = useState<{ id: string; at: number } | null>(null)
  useEffect(() => {
    const before = shown.current
    shown.current = hold?.id
    if (before === undefined || before === hold?.id) return
    const state = desk.holds.value.get(before)?.state
    if (state !== undefined && state !== 'pending') setClosed({ id: before, at: Date.now() })
  }, [desk, hold?.id])
  if (closed === null || now.value - closed.at > 12_000) return null
  return desk.holds.value.get(closed.id) ?? null
}

function Card(props: { desk: Desk; hold: Hold; onStep(by: 1 | -1): void }): JSX.Element {
  const { desk, hold } = props
  const ref = useRef<HTMLDivElement>(null)
  const armed = useArmed(ref, contentOf(hold))
  const busy = desk.verdicts.busy.value.get(hold.id)
  const refusal = desk.verdicts.refused.value.get(hold.id)
  const lost = desk.connection.value === 'lost'
  const yours = approvedBy(hold, desk.status.value?.you ?? '')
  const scope = desk.policy.value?.scope
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts only; every one is a button too
    <div
      class="pending-card"
      ref={ref}
      onKeyDown={(event) => shortcut(event, ref.current, props.onStep)}
    >
      <HoldCard
        key={hold.id}
        hold={hold}
        surface="dashboard"
        now={now.value}
        armed={armed && !lost}
        mayApprove={!yours}
        {...(yours ? { whyNot: 'You have approved this. Somebody else has to as well.' } : {})}
        {...(busy ? { busy } : {})}
        {...(refusal ? { refusal } : {})}
        {...(scope ? { scope } : {})}
        {...pictureOf(desk, hold)}
        entryLink={(audit) => linkTo('log', audit)}
        onApprove={(reason) => void desk.verdicts.decide(hold, 'approve', reason)}
        onDeny={(reason) => void desk.verdicts.decide(hold, 'deny', reason)}
      />
      <p class="keys" aria-hidden="true">
        <kbd>D</kbd> to Deny, <kbd>A</kbd> to Approve, then <kbd>Enter</kbd> presses it ·{' '}
        <kbd>W</kbd> why · <kbd>J</kbd> <kbd>K</kbd> next, previous
      </p>
    </div>
  )
}

/** Only the gateway sees a page. Keyed by the hold: the next one starts without a picture. */
function pictureOf(desk: Desk, hold: Hold): { picture?: JSX.Element } {
  const { door, run } = hold.descriptor
  if (door !== 'gateway' || !run) return {}
  return { picture: <HeldPicture key={hold.id} desk={desk} hold={hold} run={run} /> }
}

/** What the person reads: any change of it starts the arming again. */
function contentOf({ id, descriptor, classification, decision, changes, approvals }: Hold): string {
  return JSON.stringify([id, descriptor, classification, decision, changes, approvals])
}

/** Letters move the focus, they never answer: the answer is a press of the button itself. They work
 * only while the focus is in the card (WCAG 2.1.4). */
function shortcut(
  event: KeyboardEvent,
  card: HTMLElement | null,
  step: (by: 1 | -1) => void,
): void {
  const { target } = event
  if (event.ctrlKey || event.metaKey || event.altKey || target instanceof HTMLInputElement) return
  const focus = (selector: string) => card?.querySelector<HTMLElement>(selector)?.focus()
  const key = event.key.toLowerCase()
  if (key === 'd') focus('[data-verdict=deny]')
  if (key === 'a') focus('[data-verdict=approve]')
  if (key === 'w') card?.querySelector<HTMLElement>('.hp-why > summary')?.click()
  if (key === 'j') step(1)
  if (key === 'k') step(-1)
}

function Steps(props: {
  items: readonly QueueItem[]
  current: string
  onStep(by: 1 | -1): void
}): JSX.Element {
  const at = props.items.findIndex(({ key }) => key === props.current)
  return (
    <div class="steps">
      <button
        type="button"
        class="icon-button"
        disabled={at <= 0}
        onClick={() => props.onStep(-1)}
        aria-label="Previous"
      >
        <Icon name="back" />
      </button>
      <span class="hp-digits">
        {at + 1} of {props.items.length}
      </span>
      <button
        type="button"
        class="icon-button"
        disabled={at >= props.items.length - 1}
        onClick={() => props.onStep(1)}
        aria-label="Next"
      >
        <Icon name="next" />
      </button>
    </div>
  )
}

function Loading({ lost }: { lost: boolean }): JSX.Element {
  return (
    <section class="view" aria-busy={!lost}>
      <header class="view-head">
        <h1>Pending</h1>
      </header>
      {lost ? (
        <p class="empty">What is waiting is shown once the companion answers again.</p>
      ) : (
        <div class="skeleton card-skeleton" />
      )}
    </section>
  )
}
