import { deepTarget } from '#shared/page/actionable.ts'
import { type GestureType, watch } from '#shared/page/watch.ts'
import type { GateSettings } from '#shared/protocol/link.ts'
import type { ToFrame } from '../messages.ts'
import { guardGestures } from './gesture.ts'
import { offer } from './handshake.ts'
import type { Gatekeeper } from './held-action.ts'
import { createHolding } from './holding.ts'
import { createLine, type Port } from './line.ts'
import { observes } from './mode.ts'
import { guardNavigations } from './navigation.ts'
import { nonce } from './nonce.ts'
import { createPass } from './pass.ts'
import { guardDrops, guardSubmits } from './submit-and-drop.ts'

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
    onOpened: () => holding.announce(),
    onBroken: () => {
      settings = null
      holding.failed()
    },
    wanted: () => holding.any,
  })
  const holding = createHolding({ line, pass, promptUrl: ends.promptUrl })

  function receive(message: ToFrame) {
    if (message.type === 'hold-failed') return holding.failed()
    if (message.type !== 'link') return holding.here?.receive(message)
    const wasLost = settings === null
    settings = message.settings
    if (!settings) return
    if (wasLost) holding.here?.askAgain()
    if (observes(settings, location.href)) holding.bring()
  }

  const keeper: Gatekeeper = {
    observing: () => observes(settings, location.href),
    describe(target, occasion) {
      // Asked for only where something is about to be held: by then the script is wanted.
      holding.bring()
      return holding.here?.describe(target, occasion) ?? null
    },
    hold: (action) => holding.add(action),
    waits: (target) => holding.waits(target),
    // After the event: describing it to the worker must not delay the page's own handlers.
    passed: (descriptor) => {
      const at = Date.now()
      setTimeout(() => line.send({ type: 'passed', at, descriptor }), 0)
    },
    record: (descriptor) => line.send({ type: 'record', id: nonce(), descriptor }),
  }
  const gestures = guardGestures(keeper, pass)
  const onSubmit = guardSubmits(keeper, pass)
  const onDrop = guardDrops(keeper)

  function onGesture(type: GestureType, event: Event) {
    if (pass.open) return type === 'submit' ? onReleasedSubmit(event) : undefined
    if (holding.here?.owns(event)) return
    // While the prompt is up real input is for the prompt. Scripts are not: theirs is judged.
    if (holding.here?.up && event.isTrusted && type !== 'submit')
      return event.stopImmediatePropagation()
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
      if (holding.here?.up) event.stopImmediatePropagation()
    },
  })
  guardNavigations(keeper, pass)
  offer(holding.arrive)
  line.open()
}
