import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { HoldPage, PolicyView, Status, type StreamEvent } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { Hold } from '#shared/protocol/hold.ts'
import { ANYTHING, type Client, type Failure } from './client.ts'
import { follow } from './follow.ts'
import { openRuns, type Runs } from './runs.ts'

export type Connection = 'connecting' | 'live' | 'lost'
export type Busy = 'approve' | 'deny'

/** Everything the dashboard knows, kept up to date by the companion's events. */
export interface Desk {
  client: Client
  connection: Signal<Connection>
  /** True once the companion has refused the token. */
  refused: Signal<boolean>
  holds: Signal<ReadonlyMap<string, Hold>>
  /** Holds that wait, oldest first; null until the first answer. */
  pending: ReadonlySignal<readonly Hold[] | null>
  runs: Runs
  status: Signal<Status | null>
  policy: Signal<PolicyView | null>
  /** Entries that arrived while this page is open, newest first. */
  arrived: Signal<readonly AuditEntry[]>
  busy: Signal<ReadonlyMap<string, Busy>>
  /** The last thing that went wrong, in words. */
  trouble: Signal<string | null>
  decide(hold: Hold, verdict: Busy, reason?: string): Promise<void>
  refresh(): Promise<void>
  retry(): void
}

/** Most entries and settled holds kept in the page. */
const KEPT = 200

/** Opens the desk: loads everything, then follows the companion until `signal` aborts. */
export function openDesk(client: Client, until: AbortSignal): Desk {
  const loaded = signal(false)
  const wake = new EventTarget()
  const holds = signal<ReadonlyMap<string, Hold>>(new Map())
  const desk: Desk = {
    client,
    connection: signal<Connection>('connecting'),
    refused: signal(false),
    holds,
    pending: computed(() => (loaded.value ? waiting(holds.value) : null)),
    runs: openRuns(client, (error) => fail(desk, error)),
    status: signal<Status | null>(null),
    policy: signal<PolicyView | null>(null),
    arrived: signal<readonly AuditEntry[]>([]),
    busy: signal<ReadonlyMap<string, Busy>>(new Map()),
    trouble: signal<string | null>(null),
    decide: (hold, verdict, reason) => decide(desk, hold, verdict, reason),
    async refresh() {
      await Promise.all([
        loadHolds(desk, loaded),
        loadStatus(desk),
        loadPolicy(desk),
        desk.runs.load(),
      ])
    },
    retry: () => wake.dispatchEvent(new Event('wake')),
  }
  const onState = (state: 'live' | 'lost') => {
    desk.connection.value = state
    void desk.refresh()
  }
  void follow(client, { onEvent: (event) => take(desk, event), onState }, until, wake)
  return desk
}

function waiting(holds: ReadonlyMap<string, Hold>): readonly Hold[] {
  return [...holds.values()]
    .filter((hold) => hold.state === 'pending')
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

/** One verdict per hold: a second press while the first is on its way does nothing. */
async function decide(desk: Desk, hold: Hold, verdict: Busy, reason?: string): Promise<void> {
  if (desk.busy.value.has(hold.id)) return
  desk.busy.value = new Map(desk.busy.value).set(hold.id, verdict)
  const body = { verdict, ...(reason === undefined ? {} : { reason }) }
  const path = `v1/holds/${encodeURIComponent(hold.id)}/verdict`
  const result = await desk.client.send('POST', path, body, ANYTHING)
  if (!result.ok) desk.trouble.value = unsettled(result.error)
  // The event may come before or after the answer, or be lost: look again before the card is live.
  await loadHold(desk, hold.id)
  const busy = new Map(desk.busy.value)
  busy.delete(hold.id)
  desk.busy.value = busy
}

function unsettled({ code, message }: Failure): string {
  return code === 'unreachable'
    ? 'Cannot reach the companion. Your answer was not recorded and the action stays held.'
    : `Your answer was not taken: ${message}`
}

function take(desk: Desk, event: StreamEvent): void {
  if (event.event === 'hold') keep(desk, [event.hold])
  if (event.event === 'audit')
    desk.arrived.value = [
      event.entry,
      ...desk.arrived.value.filter((entry) => entry.seq !== event.entry.seq),
    ].slice(0, KEPT)
  if (event.event === 'policy') void loadPolicy(desk)
  if (event.event === 'run') desk.runs.take(event.run)
  if (event.event !== 'hold') soon(desk)
}

const dueStatus = new WeakSet<Desk>()

/** Figures follow the entries, but a burst of entries asks for them once. */
function soon(desk: Desk): void {
  if (dueStatus.has(desk)) return
  dueStatus.add(desk)
  setTimeout(() => {
    dueStatus.delete(desk)
    void loadStatus(desk)
  }, 250)
}

function keep(desk: Desk, changed: readonly Hold[]): void {
  const next = new Map(desk.holds.value)
  for (const hold of changed) next.set(hold.id, hold)
  const settled = [...next.values()].filter((hold) => hold.state !== 'pending')
  for (const hold of settled.slice(0, Math.max(0, settled.length - KEPT))) next.delete(hold.id)
  desk.holds.value = next
}

async function loadHolds(desk: Desk, loaded: Signal<boolean>): Promise<void> {
  const result = await desk.client.get('v1/holds?state=pending', HoldPage)
  if (!result.ok) return fail(desk, result.error)
  const still = new Set(result.value.holds.map((hold) => hold.id))
  const settled = [...desk.holds.value].filter(
    ([id, hold]) => still.has(id) || hold.state !== 'pending',
  )
  const gone = waiting(desk.holds.value).filter((hold) => !still.has(hold.id))
  desk.holds.value = new Map(settled)
  keep(desk, result.value.holds)
  loaded.value = true
  // Settled while nobody was listening: fetch how, so that the card can say so.
  await Promise.all(gone.map((hold) => loadHold(desk, hold.id)))
}

async function loadHold(desk: Desk, id: string): Promise<void> {
  const result = await desk.client.get(`v1/holds/${encodeURIComponent(id)}`, Hold)
  if (result.ok) keep(desk, [result.value])
}

async function loadStatus(desk: Desk): Promise<void> {
  const result = await desk.client.get('v1/status', Status)
  if (result.ok) desk.status.value = result.value
  else fail(desk, result.error)
}

async function loadPolicy(desk: Desk): Promise<void> {
  const result = await desk.client.get('v1/policy', PolicyView)
  if (result.ok) desk.policy.value = result.value
  else fail(desk, result.error)
}

function fail(desk: Desk, error: Failure): void {
  if (error.status === 401 || error.status === 403) desk.refused.value = true
  else if (error.code !== 'unreachable') desk.trouble.value = error.message
}
