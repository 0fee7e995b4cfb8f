import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { HoldPage, PolicyView, Status, type StreamEvent } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { Hold } from '#shared/protocol/hold.ts'
import { PolicyUse } from '#shared/protocol/oversight.ts'
import type { Client, Failure } from './client.ts'
import { follow } from './follow.ts'
import { isPassedRead } from './read-entry.ts'
import { route } from './route.ts'
import { openRuns, type Runs } from './runs.ts'
import { openVerdicts, type Verdicts } from './verdicts.ts'

export type Connection = 'connecting' | 'live' | 'lost'

/** Everything the dashboard knows, kept up to date by the companion's events. */
export interface Desk {
  client: Client
  connection: Signal<Connection>
  /** True once the companion has refused the token. */
  refused: Signal<boolean>
  holds: Signal<ReadonlyMap<string, Hold>>
  /** Holds that wait, oldest first; null until the first answer. */
  pending: ReadonlySignal<readonly Hold[] | null>
  /** Approved holds that were not let go yet: they wait for their ticket to be taken up. Oldest first. */
  approved: ReadonlySignal<readonly Hold[]>
  /** How many stored holds that wait cannot be read any more, and so are not shown. */
  unreadable: Signal<number>
  runs: Runs
  status: Signal<Status | null>
  policy: Signal<PolicyView | null>
  /** Where its limits stand now, and what its rules have earned. */
  use: Signal<PolicyUse | null>
  /** Entries that arrived while this page is open, newest first. */
  arrived: Signal<readonly AuditEntry[]>
  verdicts: Verdicts
  /** The last thing that went wrong, in words. */
  trouble: Signal<string | null>
  refresh(): Promise<void>
  retry(): void
}

/** Most settled holds kept in the page, and most entries: reads, and others. */
const KEPT = 200

/** Opens the desk: loads everything, then follows the companion until `signal` aborts. */
export function openDesk(client: Client, until: AbortSignal): Desk {
  const loaded = signal(false)
  const wake = new EventTarget()
  const trouble = signal<string | null>(null)
  const holds = signal<ReadonlyMap<string, Hold>>(new Map())
  const desk: Desk = {
    client,
    connection: signal<Connection>('connecting'),
    refused: signal(false),
    holds,
    pending: computed(() => (loaded.value ? having(holds.value, isPending) : null)),
    approved: computed(() => having(holds.value, isApproved)),
    unreadable: signal(0),
    runs: openRuns(client, (error) => fail(desk, error)),
    status: signal<Status | null>(null),
    policy: signal<PolicyView | null>(null),
    use: signal<PolicyUse | null>(null),
    arrived: signal<readonly AuditEntry[]>([]),
    verdicts: openVerdicts({ client, trouble, keep: (changed) => keep(desk, changed) }),
    trouble,
    async refresh() {
      await Promise.all([
        loadHolds(desk, loaded),
        loadStatus(desk),
        loadPolicy(desk),
        loadUse(desk),
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

const isPending = ({ state }: Hold) => state === 'pending'
const isApproved = ({ state, released }: Hold) => state === 'approved' && !released
const isOpen = (hold: Hold) => isPending(hold) || isApproved(hold)

function having(holds: ReadonlyMap<string, Hold>, is: (hold: Hold) => boolean): readonly Hold[] {
  return [...holds.values()].filter(is).sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

function take(desk: Desk, event: StreamEvent): void {
  if (event.event === 'hold') keep(desk, [event.hold])
  if (event.event === 'audit')
    desk.arrived.value = newest([
      event.entry,
      ...desk.arrived.value.filter((entry) => entry.seq !== event.entry.seq),
    ])
  if (event.event === 'policy') void Promise.all([loadPolicy(desk), loadUse(desk)])
  if (event.event === 'run') desk.runs.take(event.run)
  if (event.event !== 'hold') soon(desk)
}

/** So many of each: reads come in hundreds, and must not push out what was done in between. */
function newest(entries: readonly AuditEntry[]): AuditEntry[] {
  let [acts, reads] = [0, 0]
  return entries.filter((entry) => (isPassedRead(entry) ? ++reads : ++acts) <= KEPT)
}

const dueStatus = new WeakSet<Desk>()

/** Figures follow the entries, but a burst of entries asks for them once. */
function soon(desk: Desk): void {
  if (dueStatus.has(desk)) return
  dueStatus.add(desk)
  setTimeout(() => {
    dueStatus.delete(desk)
    void loadStatus(desk)
    // To count what is used is work; it is done for whoever looks.
    if (route.value.view === 'policy') void loadUse(desk)
  }, 250)
}

function keep(desk: Desk, changed: readonly Hold[]): void {
  const next = new Map(desk.holds.value)
  for (const hold of changed) next.set(hold.id, hold)
  const settled = [...next.values()].filter((hold) => !isOpen(hold))
  for (const hold of settled.slice(0, Math.max(0, settled.length - KEPT))) next.delete(hold.id)
  desk.holds.value = next
}

async function loadHolds(desk: Desk, loaded: Signal<boolean>): Promise<void> {
  const before = having(desk.holds.value, isOpen)
  const results = await Promise.all([
    desk.client.get('v1/holds?state=pending', HoldPage),
    desk.client.get('v1/holds?state=approved&released=0', HoldPage),
  ])
  const open: Hold[] = []
  let unreadable = 0
  for (const result of results) {
    if (!result.ok) return fail(desk, result.error)
    open.push(...result.value.holds)
    unreadable += result.value.unreadable
  }
  const still = new Set(open.map((hold) => hold.id))
  const gone = before.filter((hold) => !still.has(hold.id))
  const left = new Set(gone.map((hold) => hold.id))
  desk.holds.value = new Map([...desk.holds.value].filter(([id]) => !left.has(id)))
  keep(desk, open)
  desk.unreadable.value = unreadable
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

async function loadUse(desk: Desk): Promise<void> {
  const result = await desk.client.get('v1/policy/use', PolicyUse)
  if (result.ok) desk.use.value = result.value
  else fail(desk, result.error)
}

function fail(desk: Desk, error: Failure): void {
  if (error.status === 401 || error.status === 403) desk.refused.value = true
  else if (error.code !== 'unreachable') desk.trouble.value = error.message
}
