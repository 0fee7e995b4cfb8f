import { topOf } from './cause-rules.ts'
import { isSameSite } from './cause-site.ts'
import { type Params, paramsOf, type Session, textOf } from './cdp.ts'
import type { RequestFacts } from './describe-request.ts'
import type { PausedRequest } from './paused-request.ts'
import type { SentRequest } from './request-join.ts'
import type { Target } from './targets.ts'

/** A document: the frame it stands in, and the id of what loaded it. */
interface Document {
  target: Target
  parent: string | null
  loader: string
  url: string
}

interface Watch {
  target: Target
  frame: string
  loader: string
  run(): void
}

/** Which documents there are, and when one has gone: what it had asked for must not happen later. */
export class Documents {
  readonly #frames = new Map<string, Document>()
  readonly #watches = new Set<Watch>()

  /** Asks for the events of one target. `Page` is for pages and frames only. */
  arm(target: Target, gone: (error: unknown) => void): void {
    const { session } = target
    session.on('Page.frameNavigated', ({ frame }) => this.#navigated(target, paramsOf(frame)))
    session.on('Page.frameAttached', ({ frameId, parentFrameId }) => {
      const [id, parent] = [textOf(frameId), textOf(parentFrameId)]
      if (id !== undefined && !this.#frames.has(id))
        this.#frames.set(id, { target, parent: parent ?? null, loader: '', url: '' })
    })
    session.on('Page.frameDetached', ({ frameId, reason }) => {
      // `swap`: the frame goes on in another process, and its document has gone only if it navigates.
      if (reason !== 'swap') this.#left(textOf(frameId) ?? '', '')
    })
    this.#begin(target, session).catch(gone)
  }

  /** Ids of the loaders of a page's documents that are there now. */
  of(target: Target): ReadonlySet<string> {
    return new Set(
      this.#all(target)
        .map(({ loader }) => loader)
        .filter(Boolean),
    )
  }

  /** The page that a request comes from, as a person knows it. */
  pageOf(target: Target, sent: SentRequest | null, paused: PausedRequest): RequestFacts['page'] {
    const top = topOf(target)
    // A worker's request comes in its page's name.
    const document = this.at(paused.frame) ?? this.at(sent?.frame ?? '')
    // A navigation's own document is the one it asks for; it is sent from the one that is there.
    const url = document?.url ?? (paused.type === 'Document' ? target.url : sent?.document)
    const shown = url || target.url
    return {
      url: shown,
      title: top.title,
      topUrl: top.url || shown,
      top: document?.top ?? target.parent === null,
    }
  }

  /** Whether some frame of the page shows another site. Blank frames are the page's own. */
  hasForeign(target: Target): boolean {
    const page = topOf(target).url
    return this.#all(target).some(({ url }) => !/^(?:about:|$)/.test(url) && !isSameSite(url, page))
  }

  #all(target: Target): Document[] {
    const top = topOf(target)
    return [...this.#frames.values()].filter((one) => topOf(one.target) === top)
  }

  /** The document of a frame; undefined where the frame is not known. */
  at(frame: string): { url: string; loader: string; top: boolean; target: Target } | undefined {
    const found = this.#frames.get(frame)
    return found && { ...found, top: found.parent === null && found.target.parent === null }
  }

  /** Calls `run` once the document is gone: left, detached, closed. An empty loader is whatever document
   * the frame has. The returned function ends it. */
  onGone(target: Target, frame: string, loader: string, run: () => void): () => void {
    const watch = { target, frame, loader: loader || (this.#frames.get(frame)?.loader ?? ''), run }
    this.#watches.add(watch)
    return () => void this.#watches.delete(watch)
  }

  /** A target has gone, and its documents with it. */
  closed(target: Target): void {
    for (const [id, { target: owner }] of this.#frames)
      if (owner === target) this.#frames.delete(id)
    this.#tell((watch) => watch.target === target)
  }

  async #begin(target: Target, session: Session): Promise<void> {
    await session.call('Page.enable')
    const { frameTree } = await session.call('Page.getFrameTree')
    const walk = (tree: Params): void => {
      this.#put(target, paramsOf(tree.frame))
      if (Array.isArray(tree.childFrames))
        for (const child of tree.childFrames) walk(paramsOf(child))
    }
    walk(paramsOf(frameTree))
  }

  #navigated(target: Target, frame: Params): void {
    this.#left(textOf(frame.id) ?? '', textOf(frame.loaderId) ?? '')
    this.#put(target, frame)
  }

  #put(target: Target, frame: Params): void {
    const id = textOf(frame.id)
    if (id === undefined) return
    const parent = textOf(frame.parentId) ?? this.#frames.get(id)?.parent ?? null
    const [loader, url] = [textOf(frame.loaderId) ?? '', textOf(frame.url) ?? '']
    this.#frames.set(id, { target, parent, loader, url })
  }

  /** The frame's document has gone, with every frame inside it; `now` is the loader of the next one. */
  #left(frame: string, now: string): void {
    this.#tell((watch) => watch.frame === frame && watch.loader !== now)
    for (const [id, { parent }] of this.#frames)
      if (parent === frame) {
        this.#frames.delete(id)
        this.#left(id, '')
      }
    if (now === '') this.#frames.delete(frame)
  }

  #tell(which: (watch: Watch) => boolean): void {
    for (const watch of [...this.#watches])
      if (which(watch) && this.#watches.delete(watch)) watch.run()
  }
}
