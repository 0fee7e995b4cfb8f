import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { Icon, type IconName } from '#shared/ui/icon.tsx'
import { Mark } from '#shared/ui/mark.tsx'
import type { Desk } from './desk.ts'
import { ModeTag } from './mode-tag.tsx'
import { Notifier } from './notifier.ts'
import { linkTo, route, type View } from './route.ts'
import { Banners } from './views/banners.tsx'
import { Entry } from './views/entry.tsx'
import { Log } from './views/log.tsx'
import { Pending } from './views/pending.tsx'
import { PolicyPage } from './views/policy.tsx'
import { RunBar } from './views/run-acts.tsx'
import { RunPage } from './views/run-page.tsx'
import { RunsPage } from './views/runs.tsx'
import { StagedPage } from './views/staged.tsx'
import { StatusPage } from './views/status.tsx'

/** `staged` is there where the policy has a sandbox. */
const TABS: readonly { view: View; word: string; icon: IconName }[] = [
  { view: 'pending', word: 'Pending', icon: 'inbox' },
  { view: 'runs', word: 'Runs', icon: 'run' },
  { view: 'staged', word: 'Staged', icon: 'staged' },
  { view: 'log', word: 'Log', icon: 'list' },
  { view: 'policy', word: 'Policy', icon: 'book' },
  { view: 'status', word: 'Status', icon: 'gauge' },
]

/** The frame around the views: where one can go, what mode is in force, whether the companion is
 * there. */
export function App({ desk }: { desk: Desk }): JSX.Element {
  const { view, id } = route.value
  const count = desk.pending.value?.length ?? 0
  const hasStaging = (desk.use.value?.sandbox.length ?? 0) > 0
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ''}${TABS.find((tab) => tab.view === view)?.word} · Holdpoint`
  }, [count, view])
  return (
    <div class="hp-app frame">
      <a class="skip" href="#main">
        Skip to content
      </a>
      <nav class="side" aria-label="Views">
        <a class="brand" href={linkTo('pending')}>
          <Mark size={28} />
          <span>Holdpoint</span>
        </a>
        {TABS.filter((tab) => tab.view !== 'staged' || hasStaging || view === 'staged').map(
          (tab) => (
            <a
              key={tab.view}
              class="tab"
              href={linkTo(tab.view)}
              aria-current={tab.view === view ? 'page' : undefined}
            >
              <Icon name={tab.icon} />
              <span>{tab.word}</span>
              {tab.view === 'pending' && count > 0 && (
                <span class="count">
                  {count}
                  <span class="hp-sr"> waiting</span>
                </span>
              )}
            </a>
          ),
        )}
        <div class="foot">
          <State desk={desk} />
        </div>
      </nav>
      <main id="main" tabIndex={-1}>
        <RunBar desk={desk} />
        <Banners desk={desk} />
        <p class="hp-sr" role="status">
          {count === 0 ? 'Nothing is waiting' : `${count} waiting for an answer`}
        </p>
        {view === 'pending' && <Pending desk={desk} />}
        {view === 'runs' &&
          (id === null ? <RunsPage desk={desk} /> : <RunPage key={id} desk={desk} id={id} />)}
        {view === 'staged' && <StagedPage desk={desk} />}
        {view === 'log' && (id === null ? <Log desk={desk} /> : <Entry desk={desk} id={id} />)}
        {view === 'policy' && <PolicyPage desk={desk} />}
        {view === 'status' && <StatusPage desk={desk} />}
      </main>
      <Notifier desk={desk} />
    </div>
  )
}

function State({ desk }: { desk: Desk }): JSX.Element {
  const mode = desk.status.value?.mode
  const connection = desk.connection.value
  return (
    <>
      {mode && connection !== 'lost' && <ModeTag mode={mode} />}
      <span class={`link-state ${connection}`}>
        <span class="dot" aria-hidden="true" />
        {connection === 'live' ? 'Connected' : connection === 'lost' ? 'Offline' : 'Connecting…'}
      </span>
    </>
  )
}
