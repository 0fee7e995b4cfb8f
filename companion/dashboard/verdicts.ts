import { type Signal, signal } from '@preact/signals'
import { VerdictsAnswer } from '#shared/protocol/api.ts'
import { Hold } from '#shared/protocol/hold.ts'
import { ANYTHING, type Client, type Failure } from './client.ts'

export type Busy = 'approve' | 'deny'

/** A person's answers, and what became of them. */
export interface Verdicts {
  /** Holds that an answer is on its way for. */
  busy: Signal<ReadonlyMap<string, Busy>>
  /** Why the last answer to a hold was not taken, in words; until the next one. */
  refused: Signal<ReadonlyMap<string, string>>
  /** What the last answer to many came to, and when (ms since the epoch). */
  said: Signal<{ ok: boolean; text: string; at: number } | null>
  decide(hold: Hold, verdict: Busy, reason?: string): Promise<void>
  /** The same verdict, with one reason, on each of these holds. */
  decideAll(holds: readonly Hold[], verdict: Busy, reason?: string): Promise<void>
}

/** What verdicts need of the desk. */
interface Desk {
  client: Client
  trouble: Signal<string | null>
  /** Takes holds as the companion tells of them. */
  keep(holds: readonly Hold[]): void
}

export function openVerdicts(desk: Desk): Verdicts {
  const busy = signal<ReadonlyMap<string, Busy>>(new Map())
  const refused = signal<ReadonlyMap<string, string>>(new Map())
  const said = signal<{ ok: boolean; text: string; at: number } | null>(null)
  /** Runs `work` for those that no answer is on its way for: a second press does nothing. */
  const once = async (
    holds: readonly Hold[],
    verdict: Busy,
    work: (free: readonly Hold[]) => Promise<void>,
  ) => {
    const free = holds.filter(({ id }) => !busy.value.has(id))
    if (free.length === 0) return
    busy.value = new Map([...busy.value, ...free.map(({ id }) => [id, verdict] as const)])
    refused.value = without(refused.value, free)
    await work(free)
    busy.value = without(busy.value, free)
  }
  const refuse = (id: string, why: string) => {
    refused.value = new Map(refused.value).set(id, why)
  }
  const look = async (hold: Hold) => {
    const result = await desk.client.get(pathOf(hold), Hold)
    if (result.ok) desk.keep([result.value])
  }
  return {
    busy,
    refused,
    said,
    decide: (hold, verdict, reason) =>
      once([hold], verdict, async () => {
        const body = { verdict, ...(reason === undefined ? {} : { reason }) }
        const result = await desk.client.send('POST', `${pathOf(hold)}/verdict`, body, ANYTHING)
        if (!result.ok && isMine(result.error)) refuse(hold.id, refusal(result.error))
        else if (!result.ok) desk.trouble.value = unsettled(result.error, hold)
        // The event may come before or after the answer, or be lost: look again before the card is live.
        await look(hold)
      }),
    decideAll: (holds, verdict, reason) =>
      once(holds, verdict, async (free) => {
        const ids = free.map(({ id }) => id)
        const body = { holds: ids, verdict, ...(reason === undefined ? {} : { reason }) }
        const result = await desk.client.send('POST', 'v1/holds/verdicts', body, VerdictsAnswer)
        if (!result.ok) desk.trouble.value = unsettled(result.error, free[0])
        const results = result.ok ? result.value.results : []
        for (const one of results)
          if (one.ok) desk.keep([one.hold])
          else refuse(one.id, refusal({ code: one.code, message: one.detail }))
        if (result.ok) said.value = { ...summed(results, verdict), at: Date.now() }
        else await Promise.all(free.map(look))
      }),
  }
}

/** What an answer to many came to: "3 denied", "2 approved; 1 was not taken". */
function summed(results: VerdictsAnswer['results'], verdict: Busy): { ok: boolean; text: string } {
  const taken = results.flatMap((one) => (one.ok ? [one.hold] : []))
  const waiting = taken.filter(({ state }) => state === 'pending').length
  const missing = results.length - taken.length
  const parts = [
    taken.length > waiting &&
      `${taken.length - waiting} ${verdict === 'approve' ? 'approved' : 'denied'}`,
    waiting > 0 && `your approval of ${waiting} is recorded; others have to agree`,
    missing > 0 && `${missing} ${missing === 1 ? 'was' : 'were'} not taken`,
  ].filter(Boolean)
  const text = parts.join('; ')
  return {
    ok: missing === 0 && verdict === 'approve',
    text: `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
  }
}

function pathOf({ id }: Hold): string {
  return `v1/holds/${encodeURIComponent(id)}`
}

/** Refusals that are about who answers: they belong beside the buttons. */
function isMine({ code }: Failure): boolean {
  return code === 'not_approver' || code === 'own_run'
}

function refusal({ code, message }: Pick<Failure, 'code' | 'message'>): string {
  const says = `${message.charAt(0).toUpperCase()}${message.slice(1)}`
  if (code === 'not_approver') return `Your approval does not count here. ${says}`
  if (code === 'own_run') return `You started this run, so somebody else has to approve. ${says}`
  return `Your answer was not taken. ${says}`
}

function unsettled({ code, message }: Failure, hold: Hold | undefined): string {
  if (code !== 'unreachable') return `Your answer was not taken: ${message}`
  return hold?.state === 'pending'
    ? 'Cannot reach the companion. Your answer was not recorded and the action stays held.'
    : 'Cannot reach the companion. The approval was not taken back.'
}

function without<T>(map: ReadonlyMap<string, T>, holds: readonly Hold[]): ReadonlyMap<string, T> {
  const left = new Map(map)
  for (const { id } of holds) left.delete(id)
  return left
}
