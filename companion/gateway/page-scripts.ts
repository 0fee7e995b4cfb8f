import type { Clock } from '#companion/core/ports.ts'
import { isSameSite } from './cause-site.ts'
import { numberOf, type Params, paramsOf, type Session, textOf } from './cdp.ts'
import { type Chain, chainOf, isAgentScript, type StackFrame } from './initiator.ts'
import { ScriptSources } from './script-sources.ts'
import { SessionSwitch } from './session-switch.ts'
import type { Target } from './targets.ts'

/** A script as `Debugger.scriptParsed` tells of it. */
interface Script {
  /** Where its text came from, as the browser knows it (`embedderName`): empty for what was evaluated,
   * whatever it says of itself. A `sourceURL` pragma changes only the address that stacks show. */
  address: string
  /** In the page's own world, or a worker's. */
  inPage: boolean
  /** It begins where its file does. */
  atStart: boolean
}

interface Book {
  scripts: Map<string, Script>
  /** False where the scripts that were there already could not be listed. */
  listed: Promise<boolean>
}

/** How long a list of scripts is waited for, in ms: a busy page answers late. Without it nothing is
 * taken for the page's. */
const LIST_MS = 1000

/** How long scripts stay watched after one of them loaded another, in ms. */
const LINGER_MS = 2000

/** Tells the scripts of a page's own servers from those that an agent brought into it, whatever address
 * they claim. `Debugger` lists them; it is on only while somebody wants to know, and never pauses.
 *
 * Measured on Chromium 156: switching it on takes 20 ms of a page with 400 scripts, most of it beside
 * the input's own checks; synchronous code runs as before, an `await` takes 0.2 µs longer, and
 * WebAssembly runs at a third of its speed, which is why it does not stay on. */
export class PageScripts {
  readonly #clock: Clock
  readonly #sources = new ScriptSources()
  readonly #books = new SessionSwitch(openBook, closeBook)
  /** Scripts of other sites that are being looked into, by address. */
  readonly #checks = new Map<string, Promise<void>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  arm(target: Target): void {
    const { session } = target
    this.#sources.arm(target)
    session.on('Debugger.scriptParsed', (event) => {
      this.#books.of(session)?.scripts.set(textOf(event.scriptId) ?? '', scriptOf(event))
    })
    // Memory that runs out pauses a page even so (V8, `OOMBreak`).
    session.on('Debugger.paused', () => void session.call('Debugger.resume').catch(ignoreGone))
    session.on('Network.requestWillBeSent', (event) => {
      if (event.type === 'Script') this.#loads(target, event)
    })
  }

  /** Knows the scripts of a session from now until the returned function is called. */
  watch(session: Session): () => void {
    return this.#books.want(session)
  }

  /** A script or a document that was asked for at this address came from another one: an agent changed
   * the request on its way. */
  rerouted(target: Target, url: string, loader: string): void {
    this.#sources.forged(target, url, loader)
  }

  /** Whether all code in a chain is the page's own. */
  async wrote(target: Target, chain: Chain): Promise<boolean> {
    if (chain.frames.length === 0) return true
    const { session } = target
    const done = this.watch(session)
    try {
      return await this.#within(this.#all(target, chain.frames, this.#books.of(session)))
    } finally {
      done()
    }
  }

  async #all(target: Target, frames: readonly StackFrame[], book: Book | undefined) {
    if (!book || !(await book.listed)) return false
    const addresses = frames.map(({ script }) => book.scripts.get(script)?.address ?? '')
    await Promise.all(addresses.map((address) => this.#checks.get(address)))
    return this.#areOwn(target, frames, book)
  }

  #areOwn(target: Target, frames: readonly StackFrame[], { scripts }: Book): boolean {
    return frames.every((frame) => {
      const script = scripts.get(frame.script)
      if (!script?.inPage || this.#sources.isForged(target, script.address)) return false
      // A handler in an attribute has the address of its document. The parser knows where it stands;
      // one that a script put there begins at the very start, where only files do.
      const isFile = /worker/.test(target.type) || this.#sources.isScript(target, script.address)
      return !script.atStart || isFile
    })
  }

  /** A script asks for another one of another site: an agent's must not bring in what looks like a
   * library. What the page's own site serves is the page's, whoever asks for it. */
  #loads(target: Target, event: Params): void {
    const address = textOf(paramsOf(event.request).url) ?? ''
    const chain = chainOf(paramsOf(event.initiator))
    const page = textOf(event.documentURL) ?? target.url
    if (chain.frames.length === 0 || isSameSite(address, page)) return
    const loader = textOf(event.loaderId) ?? ''
    if (isAgentScript(chain)) {
      this.#sources.forged(target, address, loader)
      return
    }
    const done = this.watch(target.session)
    const book = this.#books.of(target.session)
    const check = this.#within(
      book?.listed.then((listed) => listed && this.#areOwn(target, chain.frames, book)) ??
        Promise.resolve(false),
    ).then((own) => {
      if (!own) this.#sources.forged(target, address, loader)
      if (this.#checks.get(address) === check) this.#checks.delete(address)
      this.#clock.after(LINGER_MS, done)
    })
    this.#checks.set(address, check)
  }

  /** False where the answer does not come in time. */
  #within(answer: Promise<boolean>): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(LIST_MS, () => resolve(false))
      answer.then(resolve, () => resolve(false)).finally(cancel)
    })
  }
}

/** V8 asks every session whether a pause may be, and this one says no before it counts as one. No
 * breakpoint is ever set, and exceptions pause nothing unless that is asked for. */
function openBook(session: Session): Book {
  const calls = [
    session.call('Debugger.setSkipAllPauses', { skip: true }),
    // The sources are of no interest; V8 need not keep what the page has dropped.
    session.call('Debugger.enable', { maxScriptsCacheSize: 0 }),
  ]
  const listed = Promise.all(calls).then(
    () => true,
    () => false,
  )
  return { scripts: new Map(), listed }
}

function closeBook(session: Session): void {
  session.call('Debugger.disable').catch(ignoreGone)
}

function ignoreGone(): void {
  // The target has gone, and its scripts with it.
}

function scriptOf(event: Params): Script {
  const address = bare(textOf(event.embedderName) ?? '')
  const context = paramsOf(event.executionContextAuxData)
  const own = event.executionContextAuxData === undefined || context.isDefault === true
  return {
    address,
    inPage: own && /^https?:/.test(address),
    atStart: numberOf(event.startLine) === 0 && numberOf(event.startColumn) === 0,
  }
}

function bare(url: string): string {
  return url.replace(/#.*$/, '')
}
