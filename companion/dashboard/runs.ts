import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { Run, type RunChange, RunPage } from '#shared/protocol/run.ts'
import type { Client, Failure } from './client.ts'

/** Agent sessions as the dashboard knows them, and a person's hand on them. */
export interface Runs {
  /** Live ones first; null until the first answer. */
  all: Signal<readonly Run[] | null>
  live: ReadonlySignal<readonly Run[]>
  /** Ids that an answer is awaited for; `*` is all of them. */
  busy: Signal<ReadonlySet<string>>
  load(): Promise<void>
  take(run: Run): void
  /** Pauses, resumes or kills a run, or with null every run that is live. */
  set(id: string | null, state: RunChange['state']): Promise<void>
  takeover(id: string, on: boolean): Promise<void>
}

export function openRuns(client: Client, fail: (error: Failure) => void): Runs {
  const all = signal<readonly Run[] | null>(null)
  const busy = signal<ReadonlySet<string>>(new Set())
  const take = (run: Run) => {
    const known = all.value ?? []
    const at = known.findIndex(({ id }) => id === run.id)
    all.value = inOrder(at < 0 ? [run, ...known] : known.with(at, run))
  }
  const load = async () => {
    const result = await client.get('v1/runs', RunPage)
    if (result.ok) all.value = inOrder(result.value.runs)
    else fail(result.error)
  }
  const once = async (id: string, work: () => Promise<void>) => {
    if (busy.value.has(id)) return
    busy.value = new Set(busy.value).add(id)
    await work()
    busy.value = new Set([...busy.value].filter((one) => one !== id))
  }
  const change = async (path: string, body: unknown) => {
    const result = await client.send('POST', path, body, Run)
    if (result.ok) take(result.value)
    else fail(result.error)
  }
  return {
    all,
    live: computed(() => (all.value ?? []).filter(isLive)),
    busy,
    load,
    take,
    set: (id, state) =>
      once(id ?? '*', async () => {
        if (id !== null) return await change(`v1/runs/${encodeURIComponent(id)}`, { state })
        const result = await client.send('POST', 'v1/runs', { state }, RunPage)
        if (result.ok) all.value = inOrder(result.value.runs)
        else fail(result.error)
        // Where one could not, the others have all the same.
        if (!result.ok) await load()
      }),
    takeover: (id, on) =>
      once(id, () => change(`v1/runs/${encodeURIComponent(id)}/takeover`, { on })),
  }
}

export function isLive({ state }: Run): boolean {
  return state === 'live' || state === 'paused'
}

/** Live ones first, the newest of both kinds at their top. */
function inOrder(runs: readonly Run[]): readonly Run[] {
  const end = (run: Run) => run.endedAt ?? run.startedAt
  return [...runs].sort(
    (a, b) => Number(isLive(b)) - Number(isLive(a)) || end(b).localeCompare(end(a)),
  )
}
