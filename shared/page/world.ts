/** What the scripts that Holdpoint puts into one document have in common. It lies on the global object
 * of their isolated world, which no page can reach, under a symbol, which no element can be named. */
export interface World {
  /** Random for as long as this document lives: keys the digests that stand in for secrets. */
  readonly key: readonly [number, number]
  /** Hosts of closed shadow roots in which it could not be told what an event was about. */
  readonly unknownTargets: WeakSet<Element>
  /** Controls that have been password fields: a "show password" button turns them into plain text. */
  readonly passwords: WeakSet<Element>
}

const name = Symbol.for('holdpoint.page')
const found: World | undefined = Reflect.get(globalThis, name)

export const world: World = found ?? begin()

function begin(): World {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2))
  const made: World = { key: [a, b], unknownTargets: new WeakSet(), passwords: new WeakSet() }
  Reflect.set(globalThis, name, made)
  return made
}
