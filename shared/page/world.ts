/** What the scripts that Holdpoint puts into one document have in common. It lies on the global object
 * of their isolated world, which no page can reach, under a symbol, which no element can be named. */
export interface World {
  /** Random for as long as this document lives: keys the digests that stand in for secrets. */
  readonly key: readonly [number, number]
  /** Hosts of closed shadow roots in which it could not be told what an event was about. */
  readonly unknownTargets: WeakSet<Element>
  /** Controls that have been password fields: a "show password" button turns them into plain text. */
  readonly passwords: WeakSet<Element>
  /** Controls and options whose initial value was written anew since they came; null where the script
   * came too late to know. */
  readonly rewritten: () => WeakSet<Node> | null
}

const name = Symbol.for('holdpoint.page')
const found: World | undefined = Reflect.get(globalThis, name)

export const world: World = found ?? begin()

function begin(): World {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2))
  const made: World = {
    key: [a, b],
    unknownTargets: new WeakSet(),
    passwords: new WeakSet(),
    rewritten: watchRewrites(),
  }
  Reflect.set(globalThis, name, made)
  return made
}

/** A tab's own document is looked at from its beginning. A frame may be first looked at much later. */
function watchRewrites(): World['rewritten'] {
  if (self !== top && document.readyState === 'complete') return () => null
  const rewritten = new WeakSet<Node>()
  const take = (records: MutationRecord[]) => {
    for (const { target } of records) rewritten.add(target)
  }
  const observer = new MutationObserver(take)
  observer.observe(document, { subtree: true, attributeFilter: ['value', 'checked', 'selected'] })
  return () => {
    take(observer.takeRecords())
    return rewritten
  }
}
