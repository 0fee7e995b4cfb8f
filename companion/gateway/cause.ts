import type { Clock } from '#companion/core/ports.ts'
import { Background, signatureOf } from './cause-background.ts'
import { CAUSED_MS, Grant, UNTOLD_MS } from './cause-grant.ts'
import { type Listener, pathListeners, startsInside } from './cause-listeners.ts'
import {
  followedLink,
  isOldTimer,
  isTold,
  sentForm,
  speaksFor,
  topOf,
  within,
} from './cause-rules.ts'
import { isSameSite, sameOrigin } from './cause-site.ts'
import type { Session } from './cdp.ts'
import { type Chain, isAgentScript, isRecurring } from './initiator.ts'
import type { PageScripts } from './page-scripts.ts'
import type { Cause, Causes, CauseTicket } from './parts.ts'
import { isSafe } from './paused-request.ts'
import { SessionSwitch } from './session-switch.ts'
import type { Target } from './targets.ts'
import type { Witness } from './witness.ts'

/** A request that waits, as far as it tells where it came from. */
export interface Caused {
  /** Null where nothing in the browser owns up to it. */
  target: Target | null
  method: string
  url: string
  /** As the browser calls it: `Document`, `XHR`, ... */
  type: string
  operation: string | undefined
  /** The document that sent it; empty for a worker. */
  loader: string
  /** The `Origin` that the browser vouches for; empty where there is none. */
  origin: string
  chain: Chain
  /** The agent changed it on its way (`page.route`), or sends it in the page's name. */
  rewritten: boolean
  /** It continues another request, to another address. */
  redirected: boolean
  /** When it was seen, on the monotonic clock. */
  at: number
}

/** Whose doing a request is. `covered` goes on under its input; everything else is asked about. */
export type Found =
  | { kind: 'covered'; cause: Cause; rule: Rule }
  /** A script that did not come from the page's server, or a request that the agent changed. */
  | { kind: 'script'; cause: Cause | null }
  /** Caused by an input that does not cover it. */
  | { kind: 'caused'; cause: Cause }
  /** The page's own doing, or nobody knows whose. */
  | { kind: 'page' }

/** Why a request counts as an input's doing. `beyond`: it does, and is not covered all the same. */
export type Rule = 'listener' | 'form' | 'link' | 'moment' | 'takeover' | 'beyond'

interface CausesOptions {
  clock: Clock
  scripts: Pick<PageScripts, 'watch' | 'wrote'>
  witness: Pick<Witness, 'renew' | 'strayed' | 'submission'>
  /** Loader ids of the documents of a page that are there now, its frames' included. */
  documentsOf(target: Target): ReadonlySet<string>
  /** Every target of the browser. */
  all(): Target[]
  /** An input was let go. */
  released(cause: Cause): void
  report(error: unknown): void
}

/** How long the listeners of a press are waited for, in ms. Without them less is covered. */
const LISTENERS_MS = 400

/** As many tasks as V8 is asked to remember behind a call (`Runtime.setAsyncCallStackDepth`). */
const DEPTH = 32

/** Knows which requests an input causes, by what the browser says of their stacks. */
export class InputCauses implements Causes {
  readonly #options: CausesOptions
  readonly #grants = new Set<Grant>()
  readonly #background = new Background()
  readonly #deep = new SessionSwitch(
    (session) => setDepth(session, DEPTH),
    (session) => setDepth(session, 0),
  )

  constructor(options: CausesOptions) {
    this.#options = options
  }

  begin(target: Target, objectId: string | null): CauseTicket {
    const listeners: Promise<readonly Listener[]> =
      objectId === null
        ? Promise.resolve([])
        : pathListeners(target.session, objectId).catch((): Listener[] => []) // the page has gone
    const { clock, documentsOf } = this.#options
    const documents = documentsOf(topOf(target))
    const grant = new Grant(target, documents, soon(clock, LISTENERS_MS, listeners))
    for (const one of this.#options.all()) if (this.#related(grant, one)) this.#attend(grant, one)
    return this.#open(grant)
  }

  note(target: Target): CauseTicket {
    const documents = this.#options.documentsOf(topOf(target))
    return this.#open(new Grant(target, documents, Promise.resolve([])))
  }

  #open(grant: Grant): CauseTicket {
    const { clock, report, released } = this.#options
    this.#grants.add(grant)
    const end = () => {
      if (this.#grants.delete(grant)) grant.end()
    }
    let cancel = clock.after(ABANDONED_MS, end)
    const watchScripts = () => this.#watchScripts(grant)
    return {
      let(cause) {
        grant.cause = cause
        grant.letAt = clock.monotonic()
        cancel()
        cancel = clock.after(ABANDONED_MS, end)
        released(cause)
        // Behind the input, which need not wait for it; before what it causes: then a page may be mute.
        if (cause.covers === 'all') queueMicrotask(watchScripts)
      },
      sent() {
        if (!grant.cause) return report(new Error('an input was sent that was never let go'))
        grant.sentAt = clock.monotonic()
        cancel()
        cancel = clock.after(CAUSED_MS, end)
      },
      dropped() {
        cancel()
        end()
      },
    }
  }

  /** A target that came while inputs were about: a worker or a window that one of them opened. */
  arm(target: Target): void {
    for (const grant of this.#grants) {
      if (!this.#related(grant, target)) continue
      this.#attend(grant, target)
      if (grant.cause?.covers === 'all') this.#watchScriptsOf(grant, target)
    }
  }

  /** Whose doing a request is; a `covered` one is counted. */
  async judge(sent: Caused): Promise<Found> {
    const request = await this.#withStack(sent)
    const near = [...this.#grants].filter((grant) => this.#related(grant, request.target)).reverse()
    const signature = signatureOf(request.method, request.url, request.operation)
    if (request.rewritten || isAgentScript(request.chain)) return { kind: 'script', cause: null }
    if (near.length > 0 && !(await this.#isPages(request))) return { kind: 'script', cause: null }
    const reaching = near.filter((grant) => grant.cause && grant.reaches(request.at, CAUSED_MS))
    const told: { grant: Grant; rule: Rule }[] = []
    for (const grant of reaching) {
      const rule = await this.#told(grant, request, signature)
      if (rule !== null) told.push({ grant, rule })
    }
    // Only where no input owns up to it does it count which one was last.
    const [last] = reaching
    const untold = told.length === 0 && last && this.#moment(last, request, signature)
    const all = untold ? [{ grant: last, rule: untold }] : told
    const causes = await this.#withoutStrays(all, request)
    if (causes.length < all.length && causes.length === 0) return { kind: 'script', cause: null }
    for (const { grant, rule } of causes)
      if (grant.cause && rule !== 'beyond' && grant.cover(signature))
        return { kind: 'covered', cause: grant.cause, rule }
    const cause = causes[0]?.grant.cause
    if (cause) return { kind: 'caused', cause }
    if (near.length === 0) this.#background.learn(signature)
    return { kind: 'page' }
  }

  /** The input that covers what a page says on a connection to `url` now, as one of the requests that it
   * may cause. */
  speak(url: string, digest: string | undefined, at: number): Cause | null {
    const signature = signatureOf('SEND', url, digest)
    const found = [...this.#grants].findLast((grant) => {
      if (grant.cause?.covers !== 'all' || !grant.reaches(at, UNTOLD_MS)) return false
      const { page } = grant.cause.descriptor
      return isSameSite(url.replace(/^ws/, 'http'), page.url) && grant.cover(signature)
    })
    return found?.cause ?? null
  }

  /** The last input, whose run is the best guess for a request that nothing owns up to. */
  latest(): Cause | null {
    return [...this.#grants].findLast((grant) => grant.cause)?.cause ?? null
  }

  /** Why an input caused a request, where the request tells: it is the form or the link that was
   * described, or its stack leads to a listener on the event's path. Null where it does not tell. */
  async #told(grant: Grant, request: Caused, signature: string): Promise<Rule | null> {
    const { cause } = grant
    if (!cause || !speaksFor(grant, request)) return null
    if (sentForm(cause, request)) return request.redirected ? 'beyond' : 'form'
    if (followedLink(cause, request))
      return cause.covers === 'all' && !request.redirected ? 'link' : 'beyond'
    const listener = startsInside(request.chain, await grant.listeners)
    if (!listener) return null
    if (this.#background.knows(signature) && isOldTimer(request.chain, listener)) return null
    return within(cause, request, 'listener')
  }

  /** Whether an input caused a request that does not tell: right after it, and nothing that the page
   * does anyway. */
  #moment(grant: Grant, request: Caused, signature: string): Rule | null {
    if (!grant.cause || !speaksFor(grant, request)) return null
    if (isRecurring(request.chain) || this.#background.knows(signature)) return null
    // A person's own hands have no script behind them, so theirs may be a page's form or link.
    const isPersons = grant.cause.agent === null && request.type === 'Document'
    if (!isTold(request) && !isPersons) return null
    if (!grant.reaches(request.at, UNTOLD_MS)) return null
    // Its own form was described with an address, and another form is not what was let go.
    if (request.type === 'Document' && grant.cause.descriptor.form?.method === 'post')
      return 'beyond'
    return within(grant.cause, request, 'moment')
  }

  /** A form's navigation has no stack of its own. */
  async #withStack(request: Caused): Promise<Caused> {
    const { target, type, method, url } = request
    if (!target || type !== 'Document' || isSafe(method) || isTold(request)) return request
    const chain = await this.#options.witness.submission(target, url)
    return chain ? { ...request, chain } : request
  }

  /** Without those of which only the page's listeners tell, where something else than the input may have
   * run these. */
  async #withoutStrays(
    causes: readonly { grant: Grant; rule: Rule }[],
    { target }: Caused,
  ): Promise<readonly { grant: Grant; rule: Rule }[]> {
    const { witness, scripts } = this.#options
    const [first] = causes.filter(({ rule }) => BY_LISTENERS.has(rule))
    const wrote: PageScripts['wrote'] = (where, chain) => scripts.wrote(where, chain)
    if (!first || !target) return causes
    if (!(await witness.strayed(target, first.grant.letAt, wrote))) return causes
    return causes.filter(({ rule }) => !BY_LISTENERS.has(rule))
  }

  /** The same page, its frames and workers, what it opened and what opened it. */
  #related(grant: Grant, target: Target | null): boolean {
    if (!target) return false
    const [one, other] = [topOf(grant.target), topOf(target)]
    if (one === other || one.opener === other.id || other.opener === one.id) return true
    if (one.browserContextId !== other.browserContextId || !/worker/.test(other.type)) return false
    return sameOrigin(grant.target.url, other.url) || sameOrigin(one.url, other.url)
  }

  /** What a session has to tell while an input may cause something in it. */
  #attend(grant: Grant, target: Target): void {
    const { type, session } = target
    // What a service worker sends on is told by the page that asked for it.
    if (type === 'service_worker') return
    this.#options.witness.renew(target)
    grant.onEnd(this.#deep.want(session))
  }

  #watchScripts(grant: Grant): void {
    if (!this.#grants.has(grant)) return
    for (const one of this.#options.all())
      if (this.#related(grant, one)) this.#watchScriptsOf(grant, one)
  }

  #watchScriptsOf(grant: Grant, { type, session }: Target): void {
    if (type !== 'service_worker') grant.onEnd(this.#options.scripts.watch(session))
  }

  async #isPages({ target, chain }: Caused): Promise<boolean> {
    return target !== null && (await this.#options.scripts.wrote(target, chain))
  }
}

const BY_LISTENERS: ReadonlySet<Rule> = new Set<Rule>(['listener', 'moment'])

function setDepth(session: Session, maxDepth: number): void {
  // The target may have gone; without deep stacks less is covered, never more.
  session.call('Runtime.setAsyncCallStackDepth', { maxDepth }).catch(() => undefined)
}

/** How long a press that nobody decides about is remembered, in ms: as long as a hold can wait. */
const ABANDONED_MS = 24 * 3_600_000

function soon(
  clock: Clock,
  ms: number,
  listeners: Promise<readonly Listener[]>,
): Promise<readonly Listener[]> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve([]))
    listeners.then((found) => {
      cancel()
      resolve(found)
    }, cancel)
  })
}
