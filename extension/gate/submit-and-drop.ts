import { deepTarget } from '#shared/page/actionable.ts'
import type { Occasion } from '#shared/page/occasion.ts'
import { is } from '#shared/page/tree.ts'
import type { Gatekeeper } from './held-action.ts'
import { heldAction, judge } from './judge.ts'
import type { Pass } from './pass.ts'
import { recordEvent } from './recording.ts'

/** Holds submits that no judged click caused: Enter in a form without a button, `requestSubmit` and
 * `dispatchEvent` by scripts. A submit inside a shadow root never reaches the window and is held as
 * the navigation that it causes. */
export function guardSubmits(keeper: Gatekeeper, pass: Pass): (event: Event) => void {
  return (event) => {
    const form = deepTarget(event)
    if (!form || !is.form(form)) return
    const submitter = event instanceof SubmitEvent ? event.submitter : null
    const target = submitter ?? form
    if (pass.take(target, true)) return pass.grant(form, submitter)
    const occasion: Occasion = {
      gesture: 'submit',
      provenance: event.isTrusted ? 'unknown' : 'page',
      submitter,
    }
    const judgement = judge(target, occasion, keeper)
    if (judgement.kind !== 'hold') {
      if (judgement.kind === 'observe') keeper.record(judgement.descriptor)
      return pass.grant(form, submitter)
    }
    event.stopImmediatePropagation()
    event.preventDefault()
    const untrusted = event.isTrusted ? null : recordEvent(event)
    const replay = { kind: 'submit', form, submitter, untrusted } as const
    keeper.hold(heldAction(target, occasion, judgement, replay))
  }
}

/** Holds drops on execute targets. The drag itself is left alone: a page cannot drop for itself. */
export function guardDrops(keeper: Gatekeeper): (event: Event) => void {
  return (event) => {
    const target = deepTarget(event)
    if (!target) return
    const occasion: Occasion = {
      gesture: 'drop',
      provenance: event.isTrusted ? 'unknown' : 'page',
    }
    const judgement = judge(target, occasion, keeper)
    if (judgement.kind === 'read') return
    if (judgement.kind === 'observe') return keeper.record(judgement.descriptor)
    event.stopImmediatePropagation()
    event.preventDefault()
    const record = recordEvent(event)
    if (record) keeper.hold(heldAction(target, occasion, judgement, { kind: 'drop', record }))
  }
}
