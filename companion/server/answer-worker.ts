import type { Caller } from '#companion/core/access.ts'
import type { Context, Signer } from '#companion/core/context.ts'
import { recordMiss, recordObserved, recordOutcome, withdrawHold } from '#companion/core/facts.ts'
import { ask, redeem } from '#companion/core/intake.ts'
import { renewTicket } from '#companion/core/renew-ticket.ts'
import { decideHold } from '#companion/core/verdict.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Answer, FromWorker } from '#shared/protocol/link.ts'

/** `after` is to be called once the answer has been sent. */
export interface WorkerAnswer {
  answer: Answer
  after?(): Promise<void>
}

/** What the companion says to a message of a paired browser; null where nothing is to be said. */
export async function answerWorker(
  context: Context,
  caller: Caller & Signer,
  message: FromWorker,
): Promise<WorkerAnswer | null> {
  switch (message.type) {
    case 'ask': {
      const { id, previous } = message
      const descriptor = asSeen(message.descriptor)
      const { answer } = await ask(context, { id, descriptor, asker: caller, previous })
      if (answer.state !== 'held' || answer.hold.state !== 'approved') return { answer }
      const { hold } = answer
      return { answer, after: () => renewTicket(context, hold.id, caller) }
    }
    case 'redeem': {
      const { id, hold, ticket } = message
      const descriptor = asSeen(message.descriptor)
      return { answer: await redeem(context, { id, hold, ticket, descriptor, asker: caller }) }
    }
    case 'verdict':
      return { answer: await verdictFromOverlay(context, caller, message) }
    case 'outcome':
      return { answer: await recordOutcome(context, message.audit, message.evidence, caller) }
    case 'record': {
      const descriptor = asSeen(message.descriptor)
      return { answer: await recordObserved(context, message.id, descriptor, caller) }
    }
    case 'miss': {
      const descriptor = asSeen(message.descriptor)
      return { answer: await recordMiss(context, descriptor, message.request, caller) }
    }
    case 'withdraw':
      return { answer: await withdrawHold(context, message.hold, message.reason, caller) }
    case 'pong':
      return null
  }
}

async function verdictFromOverlay(
  context: Context,
  caller: Caller & Signer,
  message: Extract<FromWorker, { type: 'verdict' }>,
): Promise<Answer> {
  const { hold, verdict, reason, automation } = message
  const result = await decideHold(context, {
    hold,
    verdict,
    reason,
    surface: 'overlay',
    by: caller,
    name: caller.name,
    from: caller.from,
    automation,
  })
  if (result.ok) return { state: 'recorded', audit: result.audit }
  return { state: 'refused', code: result.error.code, reason: result.error.message }
}

/** The door is known from the line, whatever the message says. */
function asSeen(descriptor: Descriptor): Descriptor {
  return descriptor.door === 'extension' ? descriptor : { ...descriptor, door: 'extension' }
}
