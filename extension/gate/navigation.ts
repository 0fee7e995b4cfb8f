import { dom } from '#shared/page/builtins.ts'
import type { Occasion } from '#shared/page/occasion.ts'
import { is } from '#shared/page/tree.ts'
import type { Gatekeeper, Replay } from './held-action.ts'
import { heldAction, judge } from './judge.ts'
import type { Pass } from './pass.ts'

/** Holds the navigations that no input announces: `form.submit()`, a click on a detached link, a
 * submit borrowed from another realm or made inside a shadow root. Listened to from the isolated
 * world, the `navigate` event sees them all, with the body that would be sent. Same-document
 * navigations pass (single-page applications break without them), and so do plain GETs by script. */
export function guardNavigations(keeper: Gatekeeper, pass: Pass): void {
  if (!('navigation' in window)) return
  window.navigation.addEventListener('navigate', (event) => {
    if (pass.open || !event.cancelable || !leaves(event)) return
    const source = event.sourceElement
    const form = source && formOf(source)
    const byScript = !event.userInitiated && event.formData !== null
    if (pass.take(source, false) || pass.take(form, byScript)) return
    if (!event.formData && !source) return
    const target = source ?? document.documentElement
    const occasion = occasionOf(event)
    const judgement = judge(target, occasion, keeper)
    if (judgement.kind === 'read') return
    if (judgement.kind === 'observe') return keeper.record(judgement.descriptor)
    event.preventDefault()
    const { formData: entries, navigationType } = event
    const { url } = event.destination
    const replay: Replay = entries
      ? { kind: 'form-navigation', url, entries, source: form }
      : { kind: 'navigation', url, replace: navigationType === 'replace' }
    const { leadsTo: _, ...held } = heldAction(target, occasion, judgement, replay)
    keeper.hold(entries ? held : { ...held, leadsTo: url })
  })
}

function leaves(event: NavigateEvent): boolean {
  if (event.hashChange || event.destination.sameDocument) return false
  return event.navigationType === 'push' || event.navigationType === 'replace'
}

function occasionOf(event: NavigateEvent): Occasion {
  const source = event.sourceElement
  const { url } = event.destination
  return {
    gesture: 'navigate',
    provenance: event.userInitiated ? 'unknown' : 'page',
    submitter: source && !is.form(source) ? source : null,
    request: { method: event.formData ? 'POST' : 'GET', url, kind: 'document' },
    href: url,
  }
}

/** The form that a submitter or the form itself submits. */
function formOf(source: Element): Element | null {
  if (is.form(source)) return source
  const id = dom.attribute(source, 'form')
  return id ? document.getElementById(id) : dom.closest(source, 'form')
}
