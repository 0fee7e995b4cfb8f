import { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Gesture } from '#shared/protocol/words.ts'
import { type Point, partsOf } from './affine.ts'
import { isParams, isSessionGone, numberOf, type Params, paramsOf, textOf } from './cdp.ts'
import type { Target, Targets } from './targets.ts'
import { rootOf, unknownTarget } from './unknown-target.ts'
import type { Worlds } from './worlds.ts'

/** What an input is aimed at: a point of the page, what has the focus, or a node. */
export type Aim = { point: Point } | 'focus' | { node: number }

export interface Occasion {
  gesture: Gesture
  /** For gesture `key`: `KeyboardEvent.key` with modifiers. */
  key?: string
}

/** What an input would act on, as it is now. */
export interface Seen {
  descriptor: Descriptor
  /** Takes text, and nothing else was asked. */
  typing: boolean
  /** The target stands in something that can be dragged. */
  draggable: boolean
  /** Whose session `objectId` belongs to. */
  target: Target
  /** Frame of `target` in which it stands; null where it is not known. */
  frame: string | null
  /** The element in the companion's session. */
  objectId: string | null
}

/** How deep frames and closed shadow roots are followed. */
const DEPTH_LIMIT = 32

/** Finds and describes what an input would act on, through open and closed shadow roots and frames of
 * any process. Whatever fails or takes longer than `limitMs` is an unknown target, which is held. */
export class HitTest {
  readonly #worlds: Worlds
  readonly #targets: Pick<Targets, 'get'>
  readonly #limitMs: number
  readonly #report: (error: unknown) => void

  constructor(options: {
    worlds: Worlds
    targets: Pick<Targets, 'get'>
    limitMs: number
    report(error: unknown): void
  }) {
    this.#worlds = options.worlds
    this.#targets = options.targets
    this.#limitMs = options.limitMs
    this.#report = options.report
  }

  /** `page` is the target of the input's own session: input to a frame's session counts from that frame's
   * corner, and its keys go there. `typing`: text fields are not described, for keys that only type
   * there. Never rejects. */
  async look(page: Target, aim: Aim, occasion: Occasion, typing = false): Promise<Seen> {
    const unknown: Seen = {
      descriptor: unknownTarget(page, occasion, placeOf(aim)),
      ...{ typing: false, draggable: false, target: page, frame: null, objectId: null },
    }
    const at: Search = { page, occasion: { ...FROM, ...occasion }, typing, depth: 0 }
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, this.#limitMs, null)
    })
    try {
      return (await Promise.race([this.#start(at, aim), late])) ?? unknown
    } catch (error) {
      if (!isSessionGone(error)) this.#report(error)
      return unknown
    } finally {
      clearTimeout(timer)
    }
  }

  #start(search: Search, aim: Aim): Promise<Seen | null> {
    const frame = this.#worlds.frameOf(search.page)
    if (aim === 'focus') return this.#inFrame(search, search.page, frame, null)
    if ('point' in aim) return this.#inFrame(search, search.page, frame, whole(aim.point))
    const node = (context: number) => this.#resolve(search.page, context, aim.node)
    return this.#take(search, search.page, frame, null, 'at', node)
  }

  #inFrame(search: Search, target: Target, frame: string, spot: Spot | null) {
    return this.#take(search, target, frame, spot, 'in')
  }

  async #take(
    search: Search,
    target: Target,
    frame: string,
    spot: Spot | null,
    name: 'in' | 'inside' | 'at',
    node?: (context: number) => Promise<string>,
  ): Promise<Seen | null> {
    if (search.depth++ > DEPTH_LIMIT) return null
    const place = { point: spot?.inFrame, occasion: search.occasion, typing: search.typing }
    const found = await this.#worlds.look(target, frame, name, place, node)
    const objectId = textOf(found.objectId) ?? null
    if (objectId !== null && (found.frame === true || found.mayHide === true)) {
      const inner = await this.#behind(search, target, frame, withBox(spot, found), objectId, found)
      if (inner !== undefined) return inner
    }
    return this.#seen(search, target, frame, found, objectId)
  }

  /** What is behind a frame or a closed shadow root; undefined where the element itself is meant. */
  async #behind(
    search: Search,
    target: Target,
    frame: string,
    spot: Spot | null,
    objectId: string,
    found: Params,
  ): Promise<Seen | null | undefined> {
    const { session } = target
    const box =
      found.frame === true && spot
        ? session.call('DOM.getBoxModel', { objectId }).catch(() => null)
        : null
    const node = paramsOf((await session.call('DOM.describeNode', { objectId, depth: 0 })).node)
    const hidden = closedRootOf(node)
    if (hidden !== undefined)
      return this.#take(search, target, frame, spot, 'inside', (context) =>
        this.#resolve(target, context, hidden),
      )
    const child = textOf(node.frameId)
    if (found.frame !== true || child === undefined) return undefined
    const next = spot?.inTarget ? partsOf(contentOf(await box), spot.inTarget) : null
    // On the frame's border.
    if (spot && !next) return undefined
    const own = this.#targets.get(child)
    if (own && own !== target) {
      await own.armed
      return this.#inFrame(search, own, this.#worlds.frameOf(own), next && parts(next, null))
    }
    // A frame of this process has its document below it. Another has not, and no target that we know.
    if (!isParams(node.contentDocument)) return null
    return this.#inFrame(search, target, child, next && parts(next, spot))
  }

  async #resolve({ session }: Target, context: number, backendNodeId: number): Promise<string> {
    const resolved = await session.call('DOM.resolveNode', {
      backendNodeId,
      executionContextId: context,
    })
    const objectId = textOf(paramsOf(resolved.object).objectId)
    if (objectId === undefined) throw new Error('the node is gone')
    return objectId
  }

  #seen(
    search: Search,
    target: Target,
    frame: string,
    found: Params,
    objectId: string | null,
  ): Seen | null {
    const rest = { target, frame, objectId, draggable: found.draggable === true }
    if (search.typing && found.editable === true && found.descriptor === null)
      return { descriptor: unknownTarget(search.page, search.occasion), typing: true, ...rest }
    const read = Descriptor.safeParse(found.descriptor)
    if (!read.success) return null
    const top = rootOf(target)
    const descriptor =
      target === top
        ? read.data
        : { ...read.data, page: { ...read.data.page, topUrl: top.url.slice(0, 8192) } }
    return { descriptor, typing: false, ...rest }
  }
}

function placeOf(aim: Aim): string {
  if (aim === 'focus') return 'what has the focus'
  return 'point' in aim ? `the point ${aim.point.x}, ${aim.point.y}` : `node ${aim.node}`
}

interface Search {
  page: Target
  occasion: Occasion & typeof FROM
  typing: boolean
  depth: number
}

const FROM = { door: 'gateway', provenance: 'agent' } as const

/** A point as two things need it: the frame's own script, and the boxes of frames, which Chromium gives
 * in the coordinates of the outermost frame of the same process. A frame's size is not known before it
 * was looked into, so a point in it is given as parts of its width and height. */
interface Spot {
  inFrame: Point & { parts: boolean }
  /** Null in the outermost frame of a process that was entered by parts. */
  inTarget: Point | null
}

function whole(point: Point): Spot {
  return { inFrame: { ...point, parts: false }, inTarget: point }
}

function parts(next: Point, outer: Spot | null): Spot {
  return { inFrame: { ...next, parts: true }, inTarget: outer?.inTarget ?? null }
}

/** Where the boxes of this frame's own frames are looked for. */
function withBox(spot: Spot | null, { width, height }: Params): Spot | null {
  if (!spot || spot.inTarget) return spot
  const { x, y } = spot.inFrame
  return { ...spot, inTarget: { x: x * (numberOf(width) ?? 0), y: y * (numberOf(height) ?? 0) } }
}

function closedRootOf(node: Params): number | undefined {
  const roots = Array.isArray(node.shadowRoots) ? node.shadowRoots : []
  const closed = roots.map(paramsOf).find((root) => root.shadowRootType === 'closed')
  return numberOf(closed?.backendNodeId)
}

function contentOf(answer: unknown): number[] {
  const { content } = paramsOf(paramsOf(answer).model)
  return Array.isArray(content) ? content.filter((at) => typeof at === 'number') : []
}
