import { randomBytes } from 'node:crypto'
import type { Clock } from '#companion/core/ports.ts'
import { topOf } from './cause-rules.ts'
import { numberOf, type Params, paramsOf, type Session, textOf } from './cdp.ts'
import { type Chain, chainOf, isAgentScript } from './initiator.ts'
import type { PageScripts } from './page-scripts.ts'
import type { Target } from './targets.ts'
import { WITNESS_SOURCE } from './witness-source.ts'

/** Name of the witness's isolated world, and the first word of all it says. Drawn anew by every process. */
export const WITNESS = `v${randomBytes(12).toString('hex')}`

/** One event that the witness saw. */
interface Seen {
  target: Target
  /** `form`: the browser collects a form's fields to send them. `stray`: an event that no person's input
   * made, or a form's `submit` without the click or key that leads to one. */
  kind: 'form' | 'stray'
  /** Whether a person's own input can be taken for such an event: clicks and submits, not changes. */
  decisive: boolean
  /** Where the form is sent, unless the button that sends it says otherwise. */
  action: string
  /** What dispatched it; without frames where it was the browser itself, or a function of the browser's
   * own that a script left to be called. */
  chain: Promise<Chain>
  at: number
}

/** How long what was seen counts, in ms; the same as an input may cause something. */
const SEEN_MS = 5000

/** Most events that are remembered; the oldest go first. */
const MOST = 500

/** How long V8 is asked for the tasks behind an event, in ms: it answers at once, or not while the page's
 * own navigation is held. */
const STACK_MS = 200

/** Sees, in an isolated world of every document, by what an event came about that a stack alone does not
 * tell: forms are sent without a stack, and a page's listener looks the same whether a person's click ran
 * it or `setTimeout(button.click.bind(button))`.
 *
 * Measured on Chromium 156: `console.debug` in a listener of an isolated world tells the stack below the
 * event, with the page's frames (`new Error().stack` does not); form submission keeps its own
 * asynchronous parent (`formSubmission`); both come before the request that follows. */
export class Witness {
  readonly #clock: Clock
  readonly #scripts: Pick<PageScripts, 'watch'>
  #seen: Seen[] = []
  /** The witness's contexts, by the target's session. */
  readonly #contexts = new WeakMap<Session, Set<number>>()

  constructor(clock: Clock, scripts: Pick<PageScripts, 'watch'>) {
    this.#clock = clock
    this.#scripts = scripts
  }

  /** Waits for no answer: see `InputHold.arm`. Where it fails, nothing is proved. */
  arm(target: Target): void {
    const { session } = target
    const contexts = new Set<number>()
    this.#contexts.set(session, contexts)
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const { id, name } = paramsOf(context)
      if (name === WITNESS) contexts.add(numberOf(id) ?? -1)
    })
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      contexts.delete(numberOf(executionContextId) ?? -1)
    })
    session.on('Runtime.executionContextsCleared', () => contexts.clear())
    session.on('Runtime.consoleAPICalled', (event) => {
      if (contexts.has(numberOf(event.executionContextId) ?? -1)) this.#hear(target, event)
    })
    const source = `(${WITNESS_SOURCE})(${JSON.stringify(WITNESS)})`
    const script = { source, worldName: WITNESS, runImmediately: true }
    session.call('Page.addScriptToEvaluateOnNewDocument', script).catch(ignoreGone)
  }

  /** To be called at a press: `document.open()` takes every listener away. */
  renew({ session }: Target): void {
    for (const contextId of this.#contexts.get(session) ?? [])
      session
        .call('Runtime.evaluate', { contextId, expression: 'witness()', silent: true })
        .catch(ignoreGone)
  }

  /** Whether something else than a person's input, or the page's own code (`wrote`), has made events in a
   * page since shortly before `since`. What their listeners send looks like the input's doing. */
  async strayed(
    target: Target,
    since: number,
    wrote: (target: Target, chain: Chain) => Promise<boolean>,
  ): Promise<boolean> {
    for (const seen of this.#of(target, 'stray')) {
      if (seen.at < since - SEEN_MS) continue
      const chain = await seen.chain
      if (chain.frames.length === 0) return true
      if (seen.decisive && !(await isPages(seen.target, chain, wrote))) return true
    }
    return false
  }

  /** The stack by which a form is being sent to this address; null where some form that was, or all of
   * them, has none. Each is told once. */
  async submission(target: Target, url: string): Promise<Chain | null> {
    const sent = this.#of(target, 'form').filter(({ action }) => bare(action) === bare(url))
    this.#seen = this.#seen.filter((seen) => !sent.includes(seen))
    const chains = await Promise.all(sent.map(({ chain }) => chain))
    const [first] = chains
    if (!first || chains.some(({ frames }) => frames.length === 0)) return null
    // Chromium collects the fields twice. All code that had a hand in it counts.
    return {
      ...first,
      frames: chains.flatMap(({ frames }) => frames),
      cut: chains.some(({ cut }) => cut),
    }
  }

  #of(target: Target, kind: Seen['kind']): Seen[] {
    const now = this.#clock.monotonic()
    this.#seen = this.#seen.filter(({ at }) => at > now - 3 * SEEN_MS)
    return this.#seen.filter(
      (seen) =>
        seen.kind === kind &&
        topOf(seen.target) === topOf(target) &&
        // How long a form's navigation may take to begin.
        (kind === 'stray' || seen.at > now - SEEN_MS),
    )
  }

  #hear(target: Target, event: Params): void {
    const words = Array.isArray(event.args) ? event.args.map((arg) => paramsOf(arg).value) : []
    const [name, kind, decisive, action] = words
    if (name !== WITNESS || (kind !== 'form' && kind !== 'stray')) return
    this.#seen.push({
      ...{ target, kind, decisive: decisive === true, action: textOf(action) ?? '' },
      chain: this.#chain(target.session, paramsOf(event.stackTrace)),
      at: this.#clock.monotonic(),
    })
    if (this.#seen.length > MOST) this.#seen.shift()
  }

  async #chain(session: Session, stack: Params): Promise<Chain> {
    const frames = Array.isArray(stack.callFrames) ? stack.callFrames : []
    const { parentId } = stack
    const parent = parentId === undefined ? stack.parent : await this.#parent(session, parentId)
    // The first frame is the witness itself.
    const below = { ...stack, callFrames: frames.slice(1), parent }
    return chainOf({ stack: below })
  }

  /** What is behind a task is kept by V8 and told by `Debugger`, which is off between inputs. */
  #parent(session: Session, stackTraceId: unknown): Promise<Params> {
    const done = this.#scripts.watch(session)
    return new Promise((resolve) => {
      // It has gone, or does not say: as if somebody unknown had done it.
      const cancel = this.#clock.after(STACK_MS, () => resolve(UNKNOWN))
      session
        .call('Debugger.getStackTrace', { stackTraceId })
        .then(
          ({ stackTrace }) => resolve(paramsOf(stackTrace)),
          () => resolve(UNKNOWN),
        )
        .finally(() => {
          cancel()
          done()
        })
    })
  }
}

/** A stack that belongs to nobody's page. */
const UNKNOWN: Params = { callFrames: [{ url: '', scriptId: '' }] }

async function isPages(
  target: Target,
  chain: Chain,
  wrote: (target: Target, chain: Chain) => Promise<boolean>,
): Promise<boolean> {
  return !isAgentScript(chain) && (await wrote(target, chain))
}

function ignoreGone(): void {
  // The target has gone, and what it did with it.
}

function bare(url: string): string {
  return url.replace(/#.*$/, '')
}
