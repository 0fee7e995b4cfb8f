import type { Hold, Verdict } from '#shared/protocol/hold.ts'
import type { HoldState, Surface } from '#shared/protocol/words.ts'

/** A refusal as a value: `code` is stable, `message` for people. */
export interface Refusal {
  code: string
  message: string
}

export type Result<T> = ({ ok: true } & T) | { ok: false; error: Refusal }

export type Turn = { ok: true; hold: Hold } | { ok: false; error: Refusal }

/** Which states a hold may go to. An approved hold that nobody redeemed can still be denied, by a
 * person who changed their mind, expire or be withdrawn; a released one, like every other end, is
 * final. */
const next: Record<HoldState, readonly HoldState[]> = {
  pending: ['approved', 'denied', 'expired', 'withdrawn'],
  approved: ['denied', 'expired', 'withdrawn'],
  denied: [],
  expired: [],
  withdrawn: [],
}

/** A person's verdict on a hold. A denial also takes an approval back that nobody redeemed yet. */
export function settle(hold: Hold, verdict: Verdict): Turn {
  const state = verdict.verdict === 'approve' ? 'approved' : 'denied'
  return turn(hold, state, { verdict })
}

/** Nobody decided, or nobody took the approval up, in time. */
export function expire(hold: Hold): Turn {
  return turn(hold, 'expired', {})
}

/** What was held is gone, or is no longer what it was. */
export function withdraw(hold: Hold, why: string): Turn {
  return turn(hold, 'withdrawn', { withdrawn: why })
}

/** Whether a hold can still move: it waits for a person, or for its ticket to come back. */
export function isOpen(hold: Hold): boolean {
  return hold.state === 'pending' || (hold.state === 'approved' && !hold.released)
}

/** Lets an approved hold go, once. */
export function release(hold: Hold): Turn {
  if (hold.released)
    return refused(
      'ticket_used',
      `hold \`${hold.id}\` was released already; it is never released twice`,
    )
  if (hold.state !== 'approved')
    return refused(`hold_${hold.state}`, `hold \`${hold.id}\` is ${hold.state}, expected approved`)
  return { ok: true, hold: { ...hold, released: true } }
}

/** Whether a surface may approve at all. An overlay lives in the page that the agent drives: it may
 * always deny, but approve only what can be undone, and nothing while automation is attached. */
export function surfaceProblem(
  hold: Hold,
  surface: Surface,
  automation: boolean | null,
): 'forgery' | 'rank' | null {
  if (surface !== 'overlay') return null
  if (automation === true) return 'forgery'
  return hold.classification.effect === 'reversible' ? null : 'rank'
}

function turn(hold: Hold, state: HoldState, facts: Partial<Hold>): Turn {
  if (hold.released || !next[hold.state].includes(state)) {
    const is = hold.released ? 'released' : hold.state
    return refused(`hold_${is}`, `hold \`${hold.id}\` is ${is} and cannot become ${state}`)
  }
  return { ok: true, hold: { ...hold, ...facts, state } }
}

export function refused(code: string, message: string): { ok: false; error: Refusal } {
  return { ok: false, error: { code, message } }
}
