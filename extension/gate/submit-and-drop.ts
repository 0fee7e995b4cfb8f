import { deepTarget } from '#shared/page/actionable.ts'
import type { Occasion } from '#shared/page/describe.ts'
import { is } from '#shared/page/tree.ts'
import type { Gatekeeper } from './held-action.ts'
import { judge } from './judge.ts'
import type { Pass } from './pass.ts'
import { recordEvent } from './recording.ts'
import { releaseDrop, releaseSubmit } from './release.ts'

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
    const { kind, descriptor } = judge(target, occasion, keeper.observing())
    if (kind !== 'hold') {
      if (kind === 'observe' && descriptor) keeper.record(descriptor)
      return pass.grant(form, submitter)
    }
    event.stopImmediatePropagation()
    event.preventDefault()
    if (!descriptor) return keeper.dropped()
    const untrusted = event.isTrusted ? null : recordEvent(event)
    keeper.hold({
      target,
      occasion,
      descriptor,
      release: () => {
        pass.grant(form, submitter)
        releaseSubmit(form, submitter, untrusted)
      },
    })
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
    const { kind, descriptor } = judge(target, occasion, keeper.observing())
    if (kind === 'read') return
    if (kind === 'observe') {
      if (descriptor) keeper.record(descriptor)
      return
    }
    const record = recordEvent(event)
    event.stopImmediatePropagation()
    event.preventDefault()
    if (!descriptor || !record) return keeper.dropped()
    keeper.hold({
      target,
      occasion,
      descriptor,
      release: (next) => releaseDrop({ ...record, target: next }),
    })
  }
}
