import type { Hold } from '#shared/protocol/hold.ts'
import type { Frame } from './frames.ts'

/** One ask that is not settled, as far as this worker's life has seen it. Frames repeat their asks to
 * a new worker, so none of this has to outlive an eviction. */
export interface Asked {
  /** The ask's own id; a redeem that became a new hold takes over with its id. */
  id: string
  frame: Frame
  hold: Hold | null
}

/** Which frame waits for which answer. */
export function createAsks() {
  const asks = new Map<string, Asked>()
  return {
    get: (id: string) => asks.get(id),
    ofHold: (hold: string) => [...asks.values()].find((asked) => asked.hold?.id === hold),
    of: (frame: Frame) => [...asks.values()].filter((asked) => asked.frame === frame),
    add(id: string, frame: Frame, hold: Hold | null = null): Asked {
      const asked = { id, frame, hold: asks.get(id)?.hold ?? hold }
      asks.set(id, asked)
      return asked
    },
    remove: (id: string) => asks.delete(id),
    get size() {
      return asks.size
    },
  }
}
