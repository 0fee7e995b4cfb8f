import { deepTarget } from '#shared/page/actionable.ts'
import { type GestureType, watch } from '#shared/page/watch.ts'
import type { GateSettings } from '#shared/protocol/link.ts'
import type { ToFrame } from '../messages.ts'
import { guardGestures } from './gesture.ts'
import type { Gatekeeper } from './held-action.ts'
import { createLine, type Port } from './line.ts'
import { observes } from './mode.ts'
import { guardNavigations } from './navigation.ts'
import { nonce } from './nonce.ts'
import { createPass } from './pass.ts'
import { createShield } from './shield.ts'
import { guardDrops, guardSubmits } from './submit-and-drop.ts'
import { toast } from './toast.ts'
import { createWaiting } from './waiting.ts'

/** What the entry point lends: the gate itself touches no browser API. */
export interface GateEnds {
  connect(): Port
  promptUrl(nonce: string): string
}

/** Puts the gate up in this frame, synchronously and before the page's first script. */
export function startGate(ends: GateEnds) {
  let settings: GateSettings | null = null
  const pass = createPass(() => performance.now())
  const line = createLine({
    connect: ends.connect,
    onMessage: (message) => receive(message),
    onOpened: () => shield.announce(),
    onBroken: () => {
      settings = null
    },
    wanted: () => waiting.any,
  })
  const shield = createShield({
    promptUrl: ends.promptUrl,
    onOpened: (nonce, request) => line.send({ type: 'prompt-opened', nonce, request }),
    onClosed: (nonce) => line.send({ type: 'prompt-closed', nonce }),
  })
  const waiting = createWaiting({ line, shield, pass, toast, now: () => Date.now() })

  function receive(message: ToFrame) {
    if (message.type === 'answer') waiting.onAnswer(message.id, message.answer)
    else if (message.type === 'decided') waiting.onDecided(message)
    else if (message.type === 'prompt') waiting.onWish(message.request, message.wish)
    else {
      const wasLost = settings === null
      settings = message.settings
      if (settings && wasLost) waiting.askAgain()
    }
  }

  const keeper: Gatekeeper = {
    observing: () => observes(settings, location.href),
    hold: (action) => waiting.add(action),
    waits: (target) => waiting.has(target),
    dropped: () => toast('Holdpoint could not tell what this does, so it was not done.'),
    // After the event: describing it to the worker must not delay the page's own handlers.
    passed: (descriptor) => {
      const at = Date.now()
      setTimeout(() => line.send({ type: 'passed', at, descriptor }), 0)
    },
    clickScriptLink: (mark) => line.send({ type: 'script-link', mark }),
    record: (descriptor) => line.send({ type: 'record', id: nonce(), descriptor }),
  }
  const gestures = guardGestures(keeper, pass)
  const onSubmit = guardSubmits(keeper, pass)
  const onDrop = guardDrops(keeper)

  function onGesture(type: GestureType, event: Event) {
    if (pass.open) return type === 'submit' ? onReleasedSubmit(event) : undefined
    if (shield.owns(event)) return
    // While the prompt is up real input is for the prompt. Scripts are not: theirs is judged.
    if (shield.up && event.isTrusted && type !== 'submit') return event.stopImmediatePropagation()
    if (type === 'submit') onSubmit(event)
    else if (type === 'drop') onDrop(event)
    else gestures.on(type, event)
  }

  /** A released gesture submits a form: the navigation to come is part of what was released. */
  function onReleasedSubmit(event: Event) {
    const submitter = event instanceof SubmitEvent ? event.submitter : null
    pass.grant(deepTarget(event), submitter)
  }

  watch(window, {
    onGesture,
    onAttention: (event) => {
      if (shield.up) event.stopImmediatePropagation()
    },
  })
  guardNavigations(keeper, pass)
  line.open()
}
