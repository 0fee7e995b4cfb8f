import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import {
  PromotionPage,
  StagedPage as Staged,
  type StagedAction,
} from '#shared/protocol/oversight.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { visible } from '#shared/ui/visible.ts'
import type { Desk } from '../desk.ts'
import { NoteForm } from '../note-form.tsx'
import { Promotions } from './promotions.tsx'
import { StagedRun } from './staged-run.tsx'

interface Loaded {
  staged: Staged
  promotions: PromotionPage['promotions']
}

/** What agents did on staging, run by run, and the way to let it be done once on production. */
export function StagedPage({ desk }: { desk: Desk }): JSX.Element {
  const { loaded, again } = useStaged(desk)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const actions = loaded?.staged.actions ?? []
  const chosen = actions.filter(({ entry }) => ticked.has(entry))
  const promote = async (note: string) => {
    // In the order in which they were done.
    const body = { entries: chosen.map(({ entry }) => entry).reverse(), note }
    const result = await desk.client.send('POST', 'v1/promotions', body, PromotionPage)
    desk.trouble.value = result.ok ? null : `Nothing was promoted: ${result.error.message}`
    if (result.ok) setTicked(new Set())
    again()
    return result.ok
  }
  return (
    <section class="view" aria-labelledby="staged-title">
      <header class="view-head">
        <h1 id="staged-title">Staged</h1>
        <p class="view-says">
          What agents did on staging. What you promote may be done once on production, on the same
          terms; anything that differs is held.
        </p>
      </header>
      {loaded === null && <div class="skeleton list-skeleton" aria-busy="true" />}
      {loaded && loaded.staged.sandbox.length > 0 && (
        <ul class="sandbox">
          {loaded.staged.sandbox.map(({ production, staging }) => (
            <li key={production}>
              <code>{visible(staging, { limit: 120 })}</code>
              <Icon name="next" size={16} />
              <span class="hp-sr">stands in for</span>
              <code>{visible(production, { limit: 120 })}</code>
            </li>
          ))}
        </ul>
      )}
      {loaded && actions.length === 0 && (
        <NothingStaged none={loaded.staged.sandbox.length === 0} />
      )}
      {byRun(actions).map(([run, list]) => (
        <StagedRun
          key={run ?? ''}
          desk={desk}
          run={run}
          actions={list}
          ticked={ticked}
          onTicked={setTicked}
        />
      ))}
      {actions.length > 0 && (
        <section class="panel promote" aria-label="Promote">
          <p role="status">
            <b>
              {chosen.length === 0
                ? 'Tick what you have looked at.'
                : `${chosen.length} ${chosen.length === 1 ? 'action' : 'actions'} ticked.`}
            </b>{' '}
            <span class="hint">Each may then be done once on production.</span>
          </p>
          <NoteForm
            label="Why it may be done on production"
            place="Compared with the ticket; all rows are right"
            word={chosen.length === 0 ? 'Promote' : `Promote ${chosen.length}`}
            primary
            disabled={chosen.length === 0}
            onNote={promote}
          />
        </section>
      )}
      {loaded && loaded.promotions.length > 0 && (
        <Promotions desk={desk} promotions={loaded.promotions} onChange={again} />
      )}
    </section>
  )
}

function NothingStaged({ none }: { none: boolean }): JSX.Element {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name="staged" size={28} />
      </span>
      <p class="empty-lead">
        {none ? 'The policy has no sandbox.' : 'Nothing on staging waits to be promoted.'}
      </p>
      <p>
        {none ? (
          <>
            Name a staging host under <code>sandbox</code> in the policy: agents then act there
            first, and on production only what you have looked at.
          </>
        ) : (
          'What an agent does on the staging host appears here.'
        )}
      </p>
    </div>
  )
}

/** Actions by their run, in the order in which each run has its newest. */
function byRun(
  actions: readonly StagedAction[],
): readonly (readonly [string | null, readonly StagedAction[]])[] {
  const runs = new Map<string | null, StagedAction[]>()
  for (const action of actions) {
    const had = runs.get(action.run)
    if (had) had.push(action)
    else runs.set(action.run, [action])
  }
  return [...runs].map(([run, list]) => [run, list.toReversed()] as const)
}

/** Loaded again when something was let go or promoted while the page is open. */
function useStaged(desk: Desk): { loaded: Loaded | null; again(): void } {
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [turn, setTurn] = useState(0)
  const news = desk.arrived.value[0]?.seq
  useEffect(() => {
    let still = true
    const load = async () => {
      const [staged, promotions] = await Promise.all([
        desk.client.get('v1/staged', Staged),
        desk.client.get('v1/promotions', PromotionPage),
      ])
      if (!still) return
      const failed = [staged, promotions].find((result) => !result.ok)
      if (failed && !failed.ok)
        desk.trouble.value = `What is staged could not be loaded: ${failed.error.message}`
      if (staged.ok && promotions.ok)
        setLoaded({ staged: staged.value, promotions: promotions.value.promotions })
    }
    const timer = setTimeout(() => void load(), turn === 0 && news === undefined ? 0 : 200)
    return () => {
      still = false
      clearTimeout(timer)
    }
  }, [desk, turn, news])
  return { loaded, again: () => setTurn((before) => before + 1) }
}
