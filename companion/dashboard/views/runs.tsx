import type { JSX } from 'preact'
import type { Run } from '#shared/protocol/run.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { Scope } from '#shared/ui/scope.tsx'
import { ago } from '#shared/ui/time.ts'
import { visible } from '#shared/ui/visible.ts'
import { now } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { isLive } from '../runs.ts'
import { RunActs } from './run-acts.tsx'
import { RunState } from './run-state.tsx'

/** Which agents are at work, and which have been. */
export function RunsPage({ desk }: { desk: Desk }): JSX.Element {
  const all = desk.runs.all.value
  const live = desk.runs.live.value
  const past = (all ?? []).filter((run) => !isLive(run))
  return (
    <section class="view" aria-labelledby="runs-title">
      <header class="view-head">
        <h1 id="runs-title">Runs</h1>
        <p class="view-says">Agent sessions: what they hold, and a hand on each.</p>
      </header>
      <Scope text={desk.policy.value?.scope} />
      {all === null && <div class="skeleton list-skeleton" aria-busy="true" />}
      {all?.length === 0 && <NoRuns />}
      {live.length > 0 && (
        <ul class="runs">
          {live.map((run) => (
            <LiveRow key={run.id} desk={desk} run={run} />
          ))}
        </ul>
      )}
      {all !== null && all.length > 0 && live.length === 0 && (
        <p class="hint">No agent is at work right now.</p>
      )}
      {past.length > 0 && (
        <section aria-label="Earlier">
          <h2 class="log-day">Earlier</h2>
          <ul class="log">
            {past.map((run) => (
              <PastRow key={run.id} run={run} />
            ))}
          </ul>
        </section>
      )}
    </section>
  )
}

function LiveRow({ desk, run }: { desk: Desk; run: Run }): JSX.Element {
  const held = heldOf(desk, run)
  return (
    <li class="run">
      <div class="run-lead">
        <h2>
          <a href={linkTo('runs', run.id)}>
            <bdi>{visible(run.name, { limit: 60 })}</bdi>
          </a>
        </h2>
        <RunState run={run} />
        {held > 0 && (
          <a class="run-held" href={linkTo('runs', run.id)}>
            <Icon name="clock" size={16} />
            {held} held
          </a>
        )}
      </div>
      <p class="run-facts">
        <RunFacts run={run} />
      </p>
      <RunActs desk={desk} run={run} />
    </li>
  )
}

/** Who it is, by which client, and since when, or until when. */
function RunFacts({ run }: { run: Run }): JSX.Element {
  const time = run.endedAt ?? run.startedAt
  return (
    <>
      Agent <bdi>{visible(run.agent, { limit: 40 })}</bdi>
      {run.client && (
        <>
          {' · '}
          <bdi>{visible(run.client, { limit: 40 })}</bdi>
        </>
      )}
      {' · '}
      {run.endedAt === null ? 'started ' : ''}
      <time dateTime={time} title={time}>
        {ago(now.value - Date.parse(time))}
      </time>
    </>
  )
}

function PastRow({ run }: { run: Run }): JSX.Element {
  return (
    <li>
      <a class="log-row run-past" href={linkTo('runs', run.id)}>
        <RunState run={run} />
        <span class="log-says">
          <b>
            <bdi>{visible(run.name, { limit: 60 })}</bdi>
          </b>
        </span>
        <span class="run-facts">
          <RunFacts run={run} />
        </span>
        <span class="run-facts hp-digits">{run.entries.toLocaleString()} entries</span>
      </a>
    </li>
  )
}

function NoRuns(): JSX.Element {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name="run" size={28} />
      </span>
      <p class="empty-lead">No agent has run through the gateway yet.</p>
      <p>
        Start yours with <code>holdpoint run -- COMMAND</code>: it gets a browser of its own, and
        nothing it does there goes further than your policy allows.
      </p>
    </div>
  )
}

/** Holds of a run that wait, by what this page knows of them. */
export function heldOf(desk: Desk, run: Run): number {
  return desk.pending.value?.filter((hold) => hold.descriptor.run?.id === run.id).length ?? run.held
}
