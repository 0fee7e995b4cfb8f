import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { AuditPage } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import { Run } from '#shared/protocol/run.ts'
import { CATEGORY_WORDS, Icon } from '#shared/ui/icon.tsx'
import { shortTitle, siteOf } from '#shared/ui/sentence.ts'
import { countdown } from '#shared/ui/time.ts'
import { visible } from '#shared/ui/visible.ts'
import { now } from '../clock.ts'
import { Copy } from '../copy.tsx'
import type { Desk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { isLive } from '../runs.ts'
import { LogRow } from './log-row.tsx'
import { RunActs } from './run-acts.tsx'
import { RunState } from './run-state.tsx'
import { RunView } from './run-view.tsx'

/** One run: its page while something is held, what it holds, who it is, what it did last. */
export function RunPage({ desk, id }: { desk: Desk; id: string }): JSX.Element {
  const run = useRun(desk, id)
  const held = (desk.pending.value ?? []).filter((hold) => hold.descriptor.run?.id === id)
  return (
    <section class="view" aria-labelledby="run-title">
      <header class="view-head run-head">
        <a class="button back" href={linkTo('runs')}>
          <Icon name="back" size={16} />
          Runs
        </a>
        <h1 id="run-title">
          <bdi>{run ? visible(run.name, { limit: 60 }) : id}</bdi>
        </h1>
        {run && <RunState run={run} />}
        {run && <RunActs desk={desk} run={run} />}
      </header>
      {run === undefined && <div class="skeleton list-skeleton" aria-busy="true" />}
      {run === null && (
        <p class="empty empty-lead" role="status">
          There is no run {visible(id, { limit: 80 })}.
        </p>
      )}
      {run && (
        <div class={`run-grid${isLive(run) ? '' : ' over'}`}>
          {isLive(run) && <RunView desk={desk} run={run} held={held} />}
          <div class="stack">
            {held.length > 0 && <Held held={held} />}
            <Facts run={run} scope={desk.policy.value?.scope ?? null} />
          </div>
        </div>
      )}
      {run && <Last desk={desk} run={run} />}
    </section>
  )
}

/** The run as this page knows it, else as the companion does; undefined until that is known. */
function useRun(desk: Desk, id: string): Run | null | undefined {
  const known = desk.runs.all.value?.find((run) => run.id === id)
  const [found, setFound] = useState<{ id: string; run: Run | null }>()
  const missing = known === undefined && desk.runs.all.value !== null
  useEffect(() => {
    if (!missing) return
    let still = true
    void desk.client.get(`v1/runs/${encodeURIComponent(id)}`, Run).then((result) => {
      if (still) setFound({ id, run: result.ok ? result.value : null })
    })
    return () => {
      still = false
    }
  }, [desk, id, missing])
  return known ?? (found?.id === id ? found.run : undefined)
}

function Held({ held }: { held: readonly Hold[] }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="held-title">
      <h2 class="panel-title" id="held-title">
        Waiting for you
      </h2>
      <ul class="held">
        {held.map((hold) => (
          <li key={hold.id}>
            <a
              class={`held-item hp-cat-${hold.classification.category}`}
              href={linkTo('pending', hold.id)}
            >
              <span class="queue-icon">
                <Icon name={hold.classification.category} />
                <span class="hp-sr">{CATEGORY_WORDS[hold.classification.category]}</span>
              </span>
              <span class="queue-what">{shortTitle(hold)}</span>
              <span class="queue-left hp-digits">
                {countdown(Date.parse(hold.expiresAt) - now.value)}
                <span class="hp-sr"> left</span>
              </span>
              <span class="queue-where">
                <bdi>{siteOf(hold.descriptor.page.url)}</bdi>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Facts({ run, scope }: { run: Run; scope: string | null }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="about-title">
      <h2 class="panel-title" id="about-title">
        About
      </h2>
      <dl class="pairs">
        <dt>Agent</dt>
        <dd>
          <bdi>{visible(run.agent, { limit: 80 })}</bdi>
        </dd>
        {scope && (
          <>
            <dt>What it is for</dt>
            <dd>{visible(scope, { limit: 400 })}</dd>
          </>
        )}
        <dt>Client</dt>
        <dd>
          <bdi>{run.client ? visible(run.client, { limit: 80 }) : 'none has connected'}</bdi>
        </dd>
        <dt>Started</dt>
        <dd>{at(run.startedAt)}</dd>
        {run.endedAt && (
          <>
            <dt>{run.state === 'killed' ? 'Killed' : 'Ended'}</dt>
            <dd>{at(run.endedAt)}</dd>
          </>
        )}
        <dt>Recorded</dt>
        <dd class="hp-digits">{run.entries.toLocaleString()} entries</dd>
        <dt>Run id</dt>
        <dd>
          <Copy value={run.id} />
        </dd>
      </dl>
    </section>
  )
}

function at(time: string): JSX.Element {
  return (
    <time dateTime={time}>
      {new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })}
    </time>
  )
}

/** The newest entries of the run, growing while it is open. */
function Last({ desk, run }: { desk: Desk; run: Run }): JSX.Element | null {
  const [entries, setEntries] = useState<{ id: string; list: readonly AuditEntry[] }>()
  const { id } = run
  useEffect(() => {
    let still = true
    void desk.client
      .get(`v1/audit?limit=20&run=${encodeURIComponent(id)}`, AuditPage)
      .then((result) => {
        if (still && result.ok) setEntries({ id, list: result.value.entries })
      })
    return () => {
      still = false
    }
  }, [desk, id])
  if (entries?.id !== id) return null
  const known = new Set(entries.list.map(({ seq }) => seq))
  const fresh = desk.arrived.value.filter((entry) => entry.run === id && !known.has(entry.seq))
  const list = [...fresh, ...entries.list].slice(0, 20)
  if (list.length === 0) return null
  const actions = new Map(
    list.flatMap((entry) =>
      entry.kind === 'decision' && entry.hold ? [[entry.hold, entry] as const] : [],
    ),
  )
  return (
    <section aria-labelledby="last-title">
      <h2 class="log-day" id="last-title">
        What it did last
      </h2>
      <ol class="log">
        {list.map((entry) => (
          <LogRow key={entry.seq} entry={entry} action={actions.get(entry.hold ?? '')} />
        ))}
      </ol>
    </section>
  )
}
