import { randomBytes } from 'node:crypto'
import { isParams, numberOf, type Params, paramsOf, textOf } from './cdp.ts'
import type { PipeEvent } from './pipe.ts'
import type { Target } from './targets.ts'
import { WITNESS } from './witness.ts'

/** How many of a target's contexts are remembered; a page can make frames without end. */
const CONTEXT_LIMIT = 5000

interface World {
  context: number
  /** Known to the script in this world and to nobody else: what answers without it is not ours. */
  proof: string
}

/** One script context of a target, as its creation was announced. */
interface Context {
  uniqueId: string
  own: boolean
}

interface Known {
  worlds: Map<string, Promise<World>>
  contexts: Map<number, Context>
  /** Ids of the companion's own, also of those that have ended. */
  own: Set<number>
  /** Id of the target's outermost frame. */
  frame: string
  looks: number
}

/** The companion's isolated world in every frame: no page sees it, and no agent gets in. It is made when
 * a frame is first looked at, because most frames never are.
 *
 * Context ids begin anew in each process, so that after a navigation an old one may name a world of the
 * page. That is why every answer carries the world's proof. */
export class Worlds {
  readonly #script: string
  readonly #name = `w${randomBytes(12).toString('hex')}`
  readonly #handle = `h${randomBytes(12).toString('hex')}`
  readonly #known = new WeakMap<Target, Known>()

  /** `script` is the bundle of `page/`. */
  constructor(script: string) {
    this.#script = script
  }

  /** Waits for no answer: see `InputHold.arm`. Where these commands fail, so do looks, and every context
   * of an agent's is unknown. */
  arm(target: Target): void {
    const { session } = target
    const known: Known = {
      worlds: new Map(),
      contexts: new Map(),
      own: new Set(),
      frame: target.id,
      looks: 0,
    }
    this.#known.set(target, known)
    session.on('Runtime.executionContextCreated', ({ context }) => this.#created(known, context))
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) =>
      known.contexts.delete(numberOf(executionContextId) ?? -1),
    )
    session.on('Runtime.executionContextsCleared', () => {
      known.contexts.clear()
      known.own.clear()
      known.worlds.clear()
    })
    session.on('Page.frameNavigated', ({ frame }) => {
      const { id, parentId } = paramsOf(frame)
      known.worlds.delete(textOf(id) ?? '')
      if (parentId === undefined) known.frame = textOf(id) ?? known.frame
    })
    // The first look is not to pay for the world.
    session.on('Page.domContentEventFired', () => void this.#world(target, known.frame).catch(late))
    for (const method of ['Page.enable', 'Runtime.enable']) session.call(method).catch(late)
  }

  /** Id of the target's outermost frame. */
  frameOf(target: Target): string {
    return this.#known.get(target)?.frame ?? target.id
  }

  /** Whether the event announces a world of the companion's, or is what its witness says. The names are
   * in no other message to an agent, and no page can know them, so that the text tells. */
  hides(event: PipeEvent, target: Target | null): boolean {
    const { method, raw } = event
    const known = ABOUT_CONTEXT.has(method) && target ? this.#known.get(target) : undefined
    if (known) return isOfOwn(known, event.params)
    if (method === 'Runtime.consoleAPICalled' || method === 'Console.messageAdded')
      return raw.includes(WITNESS)
    if (method !== 'Runtime.executionContextCreated') return false
    return raw.includes(`"name":"${this.#name}"`) || raw.includes(`"name":"${WITNESS}"`)
  }

  /** Runs a function of the script in one frame. `node` gives the object it is about, once it is known
   * in which context to look for it. Rejects where the frame is gone or did not answer with its proof. */
  async look(
    target: Target,
    frame: string,
    name: 'in' | 'inside' | 'at',
    place: Params,
    node?: (context: number) => Promise<string>,
  ): Promise<Params> {
    for (let attempt = 0; ; attempt++) {
      const world = await this.#world(target, frame)
      try {
        return await this.#look(target, world, name, place, node)
      } catch (error) {
        // Navigated since: the frame has another world now.
        this.#known.get(target)?.worlds.delete(frame)
        if (attempt > 0) throw error
      }
    }
  }

  /** Whether an agent's command reaches for the companion's world, or for a context of the page that is
   * not known: context ids are small numbers, and can be guessed. */
  trespasses(target: Target, params: Params): 'own' | 'unknown' | 'no' {
    const known = this.#known.get(target)
    if (!known) return 'no'
    if (this.#isOwn(params.worldName) || this.#isOwn(params.executionContextName)) return 'own'
    const { contextId, executionContextId, uniqueContextId } = params
    for (const id of [contextId, executionContextId]) {
      if (id === undefined) continue
      const context = known.contexts.get(numberOf(id) ?? -1)
      if (!context) return 'unknown'
      if (context.own) return 'own'
    }
    if (uniqueContextId === undefined) return 'no'
    for (const context of known.contexts.values())
      if (context.uniqueId === uniqueContextId) return context.own ? 'own' : 'no'
    return 'unknown'
  }

  /** Where the browser is to keep what is found. The oldest finds are let go of on the way. */
  #group(target: Target): string {
    const known = this.#known.get(target)
    const looks = known ? known.looks++ : 0
    const group = `holdpoint-${Math.floor(looks / GROUP_SIZE) % GROUPS}`
    // Where the page has gone, so has what was found in it.
    if (looks % GROUP_SIZE === 0)
      target.session.call('Runtime.releaseObjectGroup', { objectGroup: group }).catch(late)
    return group
  }

  #created(known: Known, value: unknown): void {
    const { id, uniqueId, name } = paramsOf(value)
    const context = numberOf(id)
    if (context === undefined) return
    const own = this.#isOwn(name)
    known.contexts.set(context, { uniqueId: textOf(uniqueId) ?? '', own })
    if (own) known.own.add(context)
    const [oldest] = known.contexts.keys()
    if (known.contexts.size > CONTEXT_LIMIT && oldest !== undefined) known.contexts.delete(oldest)
  }

  #isOwn(name: unknown): boolean {
    return name === this.#name || name === WITNESS
  }

  #world(target: Target, frame: string): Promise<World> {
    const known = this.#known.get(target)
    if (!known) return Promise.reject(new Error(`target \`${target.id}\` is not armed`))
    const before = known.worlds.get(frame)
    if (before) return before
    const world = this.#enter(target, frame)
    known.worlds.set(frame, world)
    world.catch(() => {
      if (known.worlds.get(frame) === world) known.worlds.delete(frame)
    })
    return world
  }

  async #enter(target: Target, frame: string): Promise<World> {
    const { session } = target
    const made = await session.call('Page.createIsolatedWorld', {
      frameId: frame,
      worldName: this.#name,
    })
    const context = numberOf(made.executionContextId)
    if (context === undefined)
      throw new Error('Page.createIsolatedWorld answered without a context')
    const proof = randomBytes(12).toString('hex')
    // The proof travels as an argument: sources can be read by whoever debugs the page.
    const installed = await session.call('Runtime.callFunctionOn', {
      functionDeclaration: `function (proof) { ${this.#script}
        globalThis[${JSON.stringify(this.#handle)}] = holdpointPage.createLook(proof) }`,
      executionContextId: context,
      arguments: [{ value: proof }],
    })
    if (installed.exceptionDetails !== undefined)
      throw new Error(`the page script failed: ${JSON.stringify(installed.exceptionDetails)}`)
    return { context, proof }
  }

  async #look(
    target: Target,
    { context, proof }: World,
    name: string,
    place: Params,
    node?: (context: number) => Promise<string>,
  ): Promise<Params> {
    const { session } = target
    const objectId = await node?.(context)
    const group = this.#group(target)
    const handle = `globalThis[${JSON.stringify(this.#handle)}]`
    const found = session.call('Runtime.callFunctionOn', {
      functionDeclaration: `function (place, node) { return ${handle}.${name}(${objectId === undefined ? '' : 'node, '}place) }`,
      executionContextId: context,
      arguments: [{ value: place }, objectId === undefined ? { value: null } : { objectId }],
      returnByValue: true,
    })
    // Sent along with it, so that most looks take one round trip.
    const element = session.call('Runtime.callFunctionOn', {
      functionDeclaration: `function () { return ${handle}.element() }`,
      executionContextId: context,
      objectGroup: group,
    })
    const [answer, last] = await Promise.all([found, element])
    const value = paramsOf(answer.result).value
    if (answer.exceptionDetails !== undefined || !isParams(value) || value.proof !== proof)
      throw new Error('the frame did not answer as it should; it may have navigated')
    return { ...value, objectId: textOf(paramsOf(last.result).objectId) ?? null }
  }
}

/** Events about a context, or what runs in it. */
const ABOUT_CONTEXT = new Set([
  'Debugger.scriptFailedToParse',
  'Debugger.scriptParsed',
  'Runtime.executionContextDestroyed',
])

/** A script of an isolated world may be told of before this session has heard of the world: then it is
 * taken for the companion's, and no harm is done, because nothing but lists of scripts would name it. */
function isOfOwn(known: Known, { executionContextId, executionContextAuxData }: Params): boolean {
  const id = numberOf(executionContextId) ?? -1
  if (known.own.has(id)) return true
  return paramsOf(executionContextAuxData).type === 'isolated' && !known.contexts.has(id)
}

/** What looks have found is kept in the browser, in groups that are reused in turn. */
const GROUPS = 4
const GROUP_SIZE = 50

/** What is done ahead of time may fail: a world that could not be made is made when it is needed. */
function late(): undefined {
  return undefined
}
