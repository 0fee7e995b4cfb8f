import { changes } from '#shared/protocol/binding.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import type { Answer } from '#shared/protocol/link.ts'
import type { HeldAction } from '../gate/held-action.ts'
import type { Line } from '../gate/line.ts'
import { nonce } from '../gate/nonce.ts'
import type { Pass } from '../gate/pass.ts'
import type { PromptWish, ToFrame } from '../messages.ts'
import { describeSafely } from './describe-safely.ts'
import { findAgain } from './find-again.ts'
import { releaseAction } from './release.ts'
import type { Shield } from './shield.ts'

/** Time after which an ask without an answer is shown, in ms. Allowed steps answer within a few. */
const ASKING_MS = 1000

/** Most actions that wait in one frame; a page that makes more of them gets them swallowed. */
const WAITING_LIMIT = 20

/** One held action and where it stands. `id` is the ask's own id, the same however often it is asked;
 * `redeeming` is the id of the redeem under way. */
interface Waiting {
  id: string
  action: HeldAction
  descriptor: Descriptor
  previous: string | null
  hold: Hold | null
  redeeming: { id: string; ticket: string } | null
}

interface WaitingEnds {
  line: Line
  shield: Shield
  pass: Pass
  toast(text: string): void
  now(): number
}

/** The actions held in this document, from the ask to the release. Everything that is not a clear
 * `go` leaves the action where it is, or drops it with a word to the person. */
export function createWaiting(ends: WaitingEnds) {
  const { line, shield, pass, toast } = ends
  let waiting: Waiting[] = []

  /** Takes over an action that was stopped. One that was held before this script was here is
   * described only now: it must still be what was stopped. */
  function arrived(action: HeldAction) {
    const { target, occasion, named } = action
    const descriptor = action.descriptor ?? describeSafely(target, occasion)
    if (!descriptor) return toast('Holdpoint could not tell what this does, so it was not done.')
    const is = `${descriptor.target.role} "${descriptor.target.name}"`
    if (named !== null && named !== is)
      return toast('The page changed this control while it was held, so nothing was done.')
    add(action, descriptor)
  }

  function add(action: HeldAction, descriptor: Descriptor, previous: string | null = null) {
    const same = waiting.find(
      (w) => w.action.target === action.target && !moved(w.descriptor, descriptor),
    )
    if (same) {
      // Asked for once more: a minimised prompt comes back.
      if (same.hold && shield.request === same.id) shield.hide()
      return same.hold ? showNext(same.id) : undefined
    }
    if (waiting.length >= WAITING_LIMIT)
      return toast('Holdpoint: too many actions wait in this page. This one was not done.')
    const added = { id: nonce(), action, descriptor, previous, hold: null, redeeming: null }
    waiting.push(added)
    ask(added)
    setTimeout(() => {
      if (waiting.includes(added)) showNext()
    }, ASKING_MS)
  }

  function ask(of: Waiting) {
    const { id, descriptor, previous, redeeming, hold } = of
    const sent =
      redeeming && hold
        ? line.send({ type: 'redeem', ...redeeming, hold: hold.id, descriptor })
        : line.send({ type: 'ask', id, descriptor, ...(previous ? { previous } : {}) })
    if (!sent && !line.open()) {
      drop(of)
      toast('Holdpoint was updated and stopped this action. Reload the page, then try again.')
    }
  }

  function onAnswer(id: string, answer: Answer) {
    const of = waiting.find((w) => w.id === id || w.redeeming?.id === id)
    if (!of) return
    switch (answer.state) {
      case 'go':
        return go(of, answer.audit)
      case 'held':
        if (isFinal(answer.hold)) return settle(of, 'Decided meanwhile: nothing was done.')
        of.hold = answer.hold
        of.redeeming = null
        if (id !== of.id) of.id = id
        return showNext()
      case 'shadowed':
        return settle(of, 'Recorded, not executed (shadow).')
      case 'denied':
        return settle(of, `Denied: ${answer.tell ?? answer.reason}`)
      case 'refused':
        return settle(of, `Not executed: ${answer.reason}`)
      case 'recorded':
        return settle(of, 'Not executed: the companion only recorded it.')
    }
  }

  function onDecided(message: Extract<ToFrame, { type: 'decided' }>) {
    const of = waiting.find((w) => w.hold?.id === message.hold || w.id === message.requestId)
    if (!of) return
    const why = message.tell ?? message.reason
    switch (message.state) {
      case 'approved':
        return message.ticket === undefined ? undefined : redeem(of, message.hold, message.ticket)
      case 'denied':
        return settle(of, why ? `Denied: ${why}` : 'Denied. Nothing was done.')
      case 'expired':
        return settle(of, 'Nobody answered in time, so nothing was done.')
      case 'withdrawn':
        return settle(of, why ? `Withdrawn: ${why}` : 'Withdrawn. Nothing was done.')
      case 'pending':
        return
    }
  }

  /** Approved: the target is described again, and the companion compares before it lets it go. */
  function redeem(of: Waiting, hold: string, ticket: string) {
    if (of.redeeming) return
    const found = findAgain(of.action, of.descriptor)
    if (!found) return withdraw(of, 'the control is no longer in the page')
    of.descriptor = found.descriptor
    of.redeeming = { id: nonce(), ticket }
    line.send({ type: 'redeem', ...of.redeeming, hold, descriptor: found.descriptor })
  }

  /** The prompt goes first, so that the page has its focus back before the gesture arrives. Where
   * none is up the gesture goes at once: after real input the browser runs a timer only when it has
   * drawn the next frame. */
  function go(of: Waiting, audit: string) {
    const wasUp = shield.up
    drop(of)
    if (wasUp) setTimeout(() => release(of, audit), 0)
    else release(of, audit)
  }

  /** INVARIANT: nothing runs between the last comparison and the replay. */
  function release(of: Waiting, audit: string) {
    const found = findAgain(of.action, of.descriptor)
    if (!found) return toast('The control is no longer in the page, so nothing was done.')
    if (moved(of.descriptor, found.descriptor)) {
      const { target, descriptor } = found
      return add({ ...of.action, target, descriptor }, descriptor, of.hold?.id ?? null)
    }
    const { leadsTo } = of.action
    line.send({ type: 'released', audit, at: ends.now(), ...(leadsTo ? { leadsTo } : {}) })
    pass.grant(found.target)
    pass.grantScript()
    pass.during(() => releaseAction(of.action, found.target, { pass, clickInPage }))
  }

  /** A `javascript:` link does nothing when its click comes from the isolated world. */
  function clickInPage(link: Element) {
    const mark = nonce()
    link.setAttribute('data-holdpoint-release', mark)
    line.send({ type: 'script-link', mark })
  }

  function withdraw(of: Waiting, reason: string) {
    if (of.hold) line.send({ type: 'withdraw', hold: of.hold.id, reason })
    settle(of, `Not executed: ${reason}.`)
  }

  function settle(of: Waiting, text: string) {
    drop(of)
    toast(text)
  }

  function drop(of: Waiting) {
    waiting = waiting.filter((w) => w !== of)
    if (shield.request === of.id || shield.request === null) shield.hide()
    showNext()
  }

  /** One prompt at a time, the oldest first. */
  function showNext(preferred?: string) {
    const next = waiting.find((w) => w.id === (preferred ?? shield.request)) ?? waiting[0]
    if (next) shield.show(next.id)
    else shield.hide()
  }

  return {
    arrived,
    has: (target: Element) => waiting.some((w) => w.action.target === target),
    get any() {
      return waiting.length > 0
    },
    onAnswer,
    onDecided,
    /** Asks again about everything unresolved, under the same ids. */
    askAgain: () => waiting.forEach(ask),
    onWish(request: string, wish: PromptWish) {
      const of = waiting.find((w) => w.id === request)
      if (!of || shield.request !== request) return
      if (wish.does === 'minimise') shield.minimise()
      else if (wish.does === 'reassert') shield.reassert()
      else if (wish.does === 'size') shield.resize(wish.height)
      else withdraw(of, 'discarded in the page')
    },
  }
}

/** An ask repeated after the link was down may find its hold already closed. */
function isFinal(hold: Hold): boolean {
  return hold.released || (hold.state !== 'pending' && hold.state !== 'approved')
}

function moved(before: Descriptor, after: Descriptor): boolean {
  return changes(before, after).length > 0
}
