import type { JSX } from 'preact'
import type { StagedAction } from '#shared/protocol/oversight.ts'
import { CATEGORY_WORDS, Icon } from '#shared/ui/icon.tsx'
import { ago } from '#shared/ui/time.ts'
import { visible } from '#shared/ui/visible.ts'
import { WhatChanges } from '#shared/ui/what-changes.tsx'
import { now } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { ActionFacts } from './action-facts.tsx'

/** What one run did on staging, oldest first, each with a tick. */
export function StagedRun(props: {
  desk: Desk
  run: string | null
  actions: readonly StagedAction[]
  ticked: ReadonlySet<string>
  onTicked(ticked: ReadonlySet<string>): void
}): JSX.Element {
  const { run, actions, ticked } = props
  const all = actions.every(({ entry }) => ticked.has(entry))
  const set = (entries: readonly string[], on: boolean) => {
    const next = new Set(ticked)
    for (const entry of entries)
      if (on) next.add(entry)
      else next.delete(entry)
    props.onTicked(next)
  }
  const name = nameOf(props)
  return (
    <section class="panel staged-run" aria-label={name}>
      <header class="staged-head">
        <h2 class="panel-title">
          {run === null ? (
            name
          ) : (
            <a href={linkTo('runs', run)}>
              <bdi>{name}</bdi>
            </a>
          )}
        </h2>
        <label class="tick">
          <input
            type="checkbox"
            checked={all}
            onChange={() =>
              set(
                actions.map(({ entry }) => entry),
                !all,
              )
            }
          />
          <span>
            All {actions.length}
            <span class="hp-sr"> of {name}</span>
          </span>
        </label>
      </header>
      <ol class="staged">
        {actions.map((action) => (
          <li key={action.entry} class={ticked.has(action.entry) ? 'ticked' : undefined}>
            <Action
              action={action}
              ticked={ticked.has(action.entry)}
              onTick={(on) => set([action.entry], on)}
            />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Action(props: {
  action: StagedAction
  ticked: boolean
  onTick(on: boolean): void
}): JSX.Element {
  const { action } = props
  const { category } = action.classification
  return (
    <>
      <label class="tick staged-what">
        <input
          type="checkbox"
          checked={props.ticked}
          onChange={(event) => props.onTick(event.currentTarget.checked)}
        />
        <span class={`queue-icon hp-cat-${category}`}>
          <Icon name={category} />
          <span class="hp-sr">{CATEGORY_WORDS[category]}</span>
        </span>
        <ActionFacts ask={action} site />
      </label>
      <span class="staged-when hint">
        {ago(now.value - Date.parse(action.at))} ·{' '}
        <a href={linkTo('log', action.entry)}>
          <code>{action.entry}</code>
        </a>
      </span>
      <details class="all-of-it">
        <summary>All of it</summary>
        <WhatChanges descriptor={action.descriptor} />
      </details>
    </>
  )
}

function nameOf({
  desk,
  run,
  actions,
}: {
  desk: Desk
  run: string | null
  actions: readonly StagedAction[]
}): string {
  const said =
    desk.runs.all.value?.find(({ id }) => id === run)?.name ??
    actions[0]?.descriptor.run?.name ??
    run
  return said === null ? 'Without a run' : visible(said, { limit: 60 })
}
