import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Hold } from '#shared/protocol/hold.ts'
import { approvalsSay, approvedBy } from '#shared/ui/approvals.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { Restraint } from '#shared/ui/restraint.tsx'
import { Reversibility } from '#shared/ui/reversibility.tsx'
import { siteOf } from '#shared/ui/sentence.ts'
import { countdown } from '#shared/ui/time.ts'
import { quoted } from '#shared/ui/visible.ts'
import { WhatChanges, WhatMoved } from '#shared/ui/what-changes.tsx'
import { now } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { ActionFacts, factsText } from './action-facts.tsx'

interface TableProps {
  desk: Desk
  holds: readonly Hold[]
  ticked: ReadonlySet<string>
  onTicked(ticked: ReadonlySet<string>): void
  onLook(id: string): void
}

/** What each hold of a batch would do, one row each, with all of it a press away. */
export function BatchTable({ desk, holds, ticked, onTicked, onLook }: TableProps): JSX.Element {
  const you = desk.status.value?.you ?? ''
  const open = holds.filter((hold) => !approvedBy(hold, you))
  const all = open.length > 0 && open.every(({ id }) => ticked.has(id))
  const tick = (id: string, on: boolean) => {
    const next = new Set(ticked)
    if (on) next.add(id)
    else next.delete(id)
    onTicked(next)
  }
  return (
    <div class="hp-body">
      <table class="batch-table">
        <thead>
          <tr>
            <th scope="col">
              <label class="tick">
                <input
                  type="checkbox"
                  checked={all}
                  onChange={() => onTicked(new Set(all ? [] : open.map(({ id }) => id)))}
                />
                <span class="tick-word">All</span>
              </label>
            </th>
            <th scope="col">What it would do</th>
            <th scope="col">Where</th>
            <th scope="col">Time left</th>
          </tr>
        </thead>
        <tbody>
          {holds.map((hold) => (
            <Row
              key={hold.id}
              hold={hold}
              you={you}
              refused={desk.verdicts.refused.value.get(hold.id)}
              ticked={ticked.has(hold.id)}
              onTick={(on) => tick(hold.id, on)}
              onLook={() => onLook(hold.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row(props: {
  hold: Hold
  you: string
  refused: string | undefined
  ticked: boolean
  onTick(on: boolean): void
  onLook(): void
}): JSX.Element {
  const { hold, you, refused } = props
  const { page, run } = hold.descriptor
  const [open, setOpen] = useState(false)
  const yours = approvedBy(hold, you)
  const people = approvalsSay(hold)
  const tone = props.ticked ? 'ticked' : undefined
  return (
    <>
      <tr class={tone} data-hold={hold.id}>
        <td class="batch-tick">
          <label class="tick">
            <input
              type="checkbox"
              checked={props.ticked}
              disabled={yours}
              onChange={(event) => props.onTick(event.currentTarget.checked)}
            />
            <span class="hp-sr">{factsText(hold)}</span>
          </label>
        </td>
        <td class="batch-what">
          <ActionFacts ask={hold} />
          {hold.changes && <span class="hp-note">changed</span>}
          {people !== '' && (
            <span class="hint">
              {yours ? 'You have approved it. ' : ''}
              {people}
            </span>
          )}
          {refused && (
            <span class="batch-refused" role="alert">
              <Icon name="alert" size={16} />
              {refused}
            </span>
          )}
          <button
            type="button"
            class="line-link"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Less' : 'All of it'}
            <span class="hp-sr"> {factsText(hold)}</span>
          </button>
        </td>
        <td class="batch-where">
          <bdi>{siteOf(page.url)}</bdi>
          {run?.name && (
            <span class="hint">
              <bdi>{quoted(run.name, 24)}</bdi>
            </span>
          )}
        </td>
        <td class="batch-left hp-digits">
          <span class="hp-sr">time left </span>
          {countdown(Date.parse(hold.expiresAt) - now.value)}
        </td>
      </tr>
      {open && (
        <tr class={`batch-open ${tone ?? ''}`}>
          <td colSpan={4}>
            <All hold={hold} onLook={props.onLook} />
          </td>
        </tr>
      )}
    </>
  )
}

function All({ hold, onLook }: { hold: Hold; onLook(): void }): JSX.Element {
  return (
    <div class="all-of-it">
      {hold.changes && <WhatMoved changes={hold.changes} />}
      <Reversibility hold={hold} />
      <WhatChanges descriptor={hold.descriptor} />
      <Restraint hold={hold} now={now.value} entryLink={(audit) => linkTo('log', audit)} />
      <button type="button" class="button" onClick={onLook}>
        <Icon name="open" size={16} />
        Look at it alone
      </button>
    </div>
  )
}
