import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Answer, FromCompanion } from '#shared/protocol/link.ts'
import type { FromFrame } from '../messages.ts'
import { type Asked, createAsks } from './asks.ts'
import { automatedLately } from './automation.ts'
import type { CompanionLink } from './companion-link.ts'
import type { Frame } from './frames.ts'
import type { Outbox } from './outbox.ts'
import type { createOutcomes } from './outcomes.ts'

interface RelayEnds {
  link: CompanionLink
  outbox: Outbox
  outcomes: ReturnType<typeof createOutcomes>
  /** Something about this request's prompt has changed. */
  onChange(request: string): void
  clickScriptLink(frame: Frame, mark: string): void
}

/** Carries asks to the companion and answers back. It decides nothing: what it cannot deliver stays
 * held in the page, and is asked again by the page when the link is back. */
export function createRelay(ends: RelayEnds) {
  const { link, outbox, outcomes } = ends
  const asks = createAsks()
  /** Redeem message id -> the ask it belongs to. */
  const redeems = new Map<string, Asked>()

  async function ask(frame: Frame, message: Extract<FromFrame, { type: 'ask' }>): Promise<void> {
    asks.add(message.id, frame)
    const descriptor = await attributed(message.descriptor, frame)
    link.send({ ...message, descriptor, place: placeOf(frame) })
  }

  async function redeem(frame: Frame, message: Extract<FromFrame, { type: 'redeem' }>) {
    const asked = asks.ofHold(message.hold)
    if (asked) redeems.set(message.id, asked)
    else redeems.set(message.id, asks.add(message.id, frame))
    const descriptor = await attributed(message.descriptor, frame)
    link.send({ ...message, descriptor, place: placeOf(frame) })
  }

  function onAnswer(id: string, answer: Answer): void {
    const redeemed = redeems.get(id)
    const asked = redeemed ?? asks.get(id)
    if (!asked) return
    redeems.delete(id)
    asked.frame.post({ type: 'answer', id, answer })
    if (answer.state === 'held') {
      // A redeem whose terms had moved goes on as an ask of its own, under the redeem's id.
      if (redeemed) asks.remove(redeemed.id)
      const { id: request } = asks.add(id, asked.frame)
      const held = asks.get(request)
      if (held) held.hold = answer.hold
      ends.onChange(request)
    } else asks.remove(asked.id)
  }

  function onDecided(message: Extract<FromCompanion, { type: 'decided' }>): void {
    const asked = asks.get(message.requestId) ?? asks.ofHold(message.hold)
    if (!asked) return
    if (asked.hold) asked.hold = { ...asked.hold, state: message.state }
    asked.frame.post(message)
    ends.onChange(asked.id)
    if (message.state !== 'approved') asks.remove(asked.id)
  }

  return {
    asks,
    onAnswer,
    onDecided,
    async onFrame(frame: Frame, message: FromFrame): Promise<void> {
      switch (message.type) {
        case 'ask':
          return ask(frame, message)
        case 'redeem':
          return redeem(frame, message)
        case 'record': {
          const descriptor = await attributed(message.descriptor, frame)
          return outbox.put({ ...message, descriptor })
        }
        case 'passed': {
          const descriptor = await attributed(message.descriptor, frame)
          return outcomes.passed({ ...placeOf(frame), at: message.at, descriptor })
        }
        case 'released':
          return outcomes.released({ ...placeOf(frame), ...message })
        case 'withdraw':
          return withdraw(message.hold, message.reason)
        case 'script-link':
          return ends.clickScriptLink(frame, message.mark)
      }
    },
    /** The document is gone and takes its gestures with it: nothing of it can be released any more. */
    onGone(frame: Frame): void {
      for (const asked of asks.of(frame)) {
        if (asked.hold) withdraw(asked.hold.id, 'the page that held it is gone')
        asks.remove(asked.id)
      }
    },
  }

  function withdraw(hold: string, reason: string): void {
    const asked = asks.ofHold(hold)
    if (asked) asks.remove(asked.id)
    outbox.put({ type: 'withdraw', id: crypto.randomUUID(), hold, reason })
  }
}

function placeOf(frame: Frame): { tab: number; frame: number } {
  return { tab: frame.tab, frame: frame.frame }
}

/** A page cannot tell an agent's input from a person's; an attached debugger can. */
async function attributed(descriptor: Descriptor, frame: Frame): Promise<Descriptor> {
  if (descriptor.provenance !== 'unknown') return descriptor
  const automation = await automatedLately(frame.tab)
  if (automation === null) return descriptor
  return { ...descriptor, provenance: automation ? 'agent' : 'human' }
}
