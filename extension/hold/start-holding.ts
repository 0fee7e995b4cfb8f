import type { Holding, HoldingEnds } from '../gate/holding.ts'
import { describeSafely } from './describe-safely.ts'
import { createShield } from './shield.ts'
import { toast } from './toast.ts'
import { createWaiting } from './waiting.ts'

/** Puts the frame's second script together, on what the gate lends it. */
export function startHolding({ line, pass, promptUrl }: HoldingEnds): Holding {
  const shield = createShield({
    promptUrl,
    onOpened: (nonce, request) => line.send({ type: 'prompt-opened', nonce, request }),
    onClosed: (nonce) => line.send({ type: 'prompt-closed', nonce }),
  })
  const waiting = createWaiting({ line, shield, pass, toast, now: () => Date.now() })
  return {
    describe: describeSafely,
    add: waiting.arrived,
    waits: waiting.has,
    get any() {
      return waiting.any
    },
    get up() {
      return shield.up
    },
    owns: shield.owns,
    receive(message) {
      if (message.type === 'answer') waiting.onAnswer(message.id, message.answer)
      else if (message.type === 'decided') waiting.onDecided(message)
      else waiting.onWish(message.request, message.wish)
    },
    announce: shield.announce,
    askAgain: waiting.askAgain,
  }
}
