import type { JSX } from 'preact'
import type { Status } from '#shared/protocol/api.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { ago } from '#shared/ui/time.ts'
import { visible } from '#shared/ui/visible.ts'
import { now } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { MODES } from '../mode-tag.tsx'
import { linkTo } from '../route.ts'
import { BreakerTile, OpenBreakers } from './breaker.tsx'
import { Day } from './day.tsx'
import { Notices } from './notices.tsx'
import { Pairing } from './pairing.tsx'

/** Whether everything is in order, in one screen. */
export function StatusPage({ desk }: { desk: Desk }): JSX.Element {
  const status = desk.status.value
  return (
    <section class="view" aria-labelledby="status-title">
      <header class="view-head">
        <h1 id="status-title">Status</h1>
        {status && (
          <p class="view-says">
            Holdpoint {status.version} · running since{' '}
            {new Date(status.startedAt).toLocaleString(undefined, {
              dateStyle: 'medium',
              timeStyle: 'short',
            })}
          </p>
        )}
      </header>
      {!status && <div class="skeleton list-skeleton" aria-busy="true" />}
      {status && (
        <>
          <div class="tiles">
            <ModeTile status={status} />
            <PendingTile status={status} />
            <RunsTile status={status} />
            <ChainTile status={status} />
            <BreakerTile status={status} />
          </div>
          <OpenBreakers desk={desk} status={status} />
          <div class="status-grid">
            <Day day={status.day} />
            <div class="stack">
              <Browsers status={status} />
              <Pairing desk={desk} />
              <Notices />
            </div>
          </div>
          <p class="hint">
            Everything is kept in <code>{status.home}</code>
          </p>
        </>
      )}
    </section>
  )
}

function ModeTile({ status }: { status: Status }): JSX.Element {
  const { icon, word, says } = MODES[status.mode]
  return (
    <a class={`tile tone-${status.mode === 'enforce' ? 'ok' : 'hold'}`} href={linkTo('policy')}>
      <span class="tile-label">Mode</span>
      <span class="tile-value">
        <Icon name={icon} size={22} />
        {word}
      </span>
      <span class="tile-note">
        {status.policyOk ? says : 'The policy file has problems; the last good one is in force.'}
      </span>
    </a>
  )
}

function PendingTile({ status }: { status: Status }): JSX.Element {
  return (
    <a class={`tile tone-${status.pending > 0 ? 'hold' : 'plain'}`} href={linkTo('pending')}>
      <span class="tile-label">Waiting</span>
      <span class="tile-value hp-digits">{status.pending}</span>
      <span class="tile-note">
        {status.pending === 0 ? 'Nobody is needed' : 'Held until someone answers'}
      </span>
    </a>
  )
}

function RunsTile({ status }: { status: Status }): JSX.Element {
  const { live, paused } = status.runs
  return (
    <a class={`tile tone-${paused > 0 ? 'hold' : 'plain'}`} href={linkTo('runs')}>
      <span class="tile-label">Runs</span>
      <span class="tile-value hp-digits">{live + paused}</span>
      <span class="tile-note">
        {paused > 0 ? `${paused} paused` : live > 0 ? 'Agents at work' : 'No agent is at work'}
      </span>
    </a>
  )
}

function ChainTile({ status }: { status: Status }): JSX.Element {
  const { ok, entries, checkedAt, problem } = status.chain
  return (
    <div class={`tile tone-${ok ? 'ok' : 'danger'}`}>
      <span class="tile-label">Audit chain</span>
      <span class="tile-value">
        <Icon name={ok ? 'check' : 'alert'} size={22} />
        {ok ? 'Verified' : 'Broken'}
      </span>
      <span class="tile-note">
        {problem ??
          `${entries.toLocaleString()} entries, checked ${ago(now.value - Date.parse(checkedAt))}`}
      </span>
    </div>
  )
}

function Browsers({ status }: { status: Status }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="browsers-title">
      <h2 class="panel-title" id="browsers-title">
        Browsers
      </h2>
      {status.browsers.length === 0 && <p class="hint">No browser is paired yet.</p>}
      <ul class="browsers">
        {status.browsers.map((browser) => (
          <li key={`${browser.name} ${browser.pairedAt}`}>
            <span class={`link-state ${browser.connected ? 'live' : 'off'}`}>
              <span class="dot" aria-hidden="true" />
              {browser.connected ? 'Connected' : 'Not connected'}
            </span>
            <b>
              <bdi>{visible(browser.name, { limit: 60 })}</bdi>
            </b>
            <span class="hint">{seen(browser, now.value)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function seen(browser: Status['browsers'][number], at: number): string {
  const paired = `paired ${ago(at - Date.parse(browser.pairedAt))}`
  if (browser.connected || browser.lastSeen === null) return paired
  return `${paired}, last seen ${ago(at - Date.parse(browser.lastSeen))}`
}
