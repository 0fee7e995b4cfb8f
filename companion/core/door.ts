import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Answer, Evidence, FromCompanion } from '#shared/protocol/link.ts'
import { type Asker, type Context, durably, isoNow } from './context.ts'
import { type Covered, recordCovered, recordOutcome, withdrawHold } from './facts.ts'
import { forged } from './forgery.ts'
import { ask, redeem } from './intake.ts'
import { Reads } from './reads.ts'

/** What became of a hold. `ticket` comes with `approved`; spend it with `redeem`. */
export type Decided = Omit<
  Extract<FromCompanion, { type: 'decided' }>,
  'type' | 'hold' | 'requestId'
>

/** A refusal that involves no hold: a method that is not allowed, a denied action tried again. */
export interface Refused {
  /** Stable, for programs. */
  code: string
  /** One sentence, for people. */
  reason: string
  [fact: string]: unknown
}

/** The pipeline as a door inside this process uses it (the extension has a WebSocket in its place). */
export interface Door {
  /** Stages 3 to 7. The same `id` never acts twice; `previous` is a hold whose terms moved. */
  ask(id: string, descriptor: Descriptor, previous?: string): Promise<Answer>
  /** Whether it is a read that may go at once, before it is on record (see reads.ts). Where it is not,
   * `ask` decides; nothing was recorded then. */
  pass(id: string, descriptor: Descriptor): boolean
  /** Resolves when the hold has reached an end or was approved; at once if it had before. A second
   * call for a hold takes the place of the first, whose promise then stays open. */
  decided(hold: string): Promise<Decided>
  /** Takes a ticket back with the target as it is now. `id` is new, or the hold's own request id. */
  redeem(id: string, hold: string, ticket: string, descriptor: Descriptor): Promise<Answer>
  /** Records a request before it goes on under an input that was let go; null where that could not be
   * recorded, and so must not go on. */
  covered(covered: Covered): Promise<string | null>
  /** What came of what was let go as `audit`. */
  outcome(audit: string, evidence: Evidence): Promise<void>
  /** What was held is gone. */
  withdraw(hold: string, reason: string): Promise<void>
  /** Records a refusal; resolves with its audit id, null where it could not be recorded. */
  refused(refused: Refused): Promise<string | null>
  /** Records an attempt to approve or to reach what approves, and opens the breaker. Of many attempts
   * only those are recorded that open it: nobody must be able to fill the disk by being refused. */
  forged(why: string, hold?: string): Promise<void>
}

/** Where verdicts come from: the bus, in the companion. */
export interface Lines {
  attachDoor(asker: string, send: (message: FromCompanion) => void): () => void
}

/** Most forgeries of one door that are recorded while the breaker is open. */
const FORGERIES_RECORDED = 100

/** Opens a door for one asker: a run of the gateway. `close` ends it; its holds stay as they are. */
export function openDoor(
  context: Context,
  lines: Lines,
  asker: Asker,
  run: string | null,
): Door & { close(): void } {
  const known = new Map<string, Decided>()
  const waiting = new Map<string, (decided: Decided) => void>()
  const reads = new Reads(context, asker)
  let forgeries = 0
  const detach = lines.attachDoor(asker.id, (message) => {
    if (message.type !== 'decided') return
    const { type: _type, requestId: _request, hold, ...decided } = message
    known.set(hold, decided)
    waiting.get(hold)?.(decided)
    waiting.delete(hold)
  })
  return {
    close: detach,
    async ask(id, descriptor, previous) {
      const { answer } = await ask(context, { id, descriptor, asker, previous })
      if (answer.state !== 'refused') reads.recorded()
      return answer
    },
    pass: (id, descriptor) => reads.pass(id, descriptor),
    decided(hold) {
      const already = known.get(hold)
      if (already) return Promise.resolve(already)
      return new Promise((resolve) => waiting.set(hold, resolve))
    },
    async redeem(id, hold, ticket, descriptor) {
      known.delete(hold)
      return await redeem(context, { id, hold, ticket, descriptor, asker })
    },
    async covered(covered) {
      const answer = await recordCovered(context, covered, asker, run)
      return answer.state === 'recorded' ? answer.audit : null
    },
    async outcome(audit, evidence) {
      await recordOutcome(context, audit, evidence, asker)
    },
    async withdraw(hold, reason) {
      await withdrawHold(context, hold, reason, asker)
    },
    async refused(refused) {
      const done = await durably(context, (tx) =>
        tx.append({
          at: isoNow(context),
          kind: 'refused',
          actor: asker.actor,
          hold: null,
          run,
          body: { ...refused },
        }),
      )
      return done.ok ? done.value.id : null
    },
    async forged(why, hold) {
      forgeries += 1
      if (forgeries > FORGERIES_RECORDED && context.breaker.reason !== null) return
      await forged(context, { actor: asker.actor, hold: hold ?? null, why })
    },
  }
}
