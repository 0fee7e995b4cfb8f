import type { Command } from '../agent.ts'
import { textOf } from '../cdp.ts'

/** Parts that follow the first one of a gesture, and whether the gesture ends with them. */
const LATER: Readonly<Record<string, { ends: boolean }>> = {
  mouseMoved: { ends: false },
  mouseReleased: { ends: true },
  touchMove: { ends: false },
  touchEnd: { ends: true },
  touchCancel: { ends: true },
  keyUp: { ends: true },
}

/** More are not in the middle of a gesture: nobody has so many fingers. */
const LIMIT = 100

/** Which gestures were refused from their first part on. A release may also be refused by itself, where
 * the press went on: a drop. */
export class RefusedGestures {
  readonly #begun = new Set<string>()

  /** Whether a refused command only ends, or goes on with, what was refused at its first part: whoever
   * sent it has been told. */
  isTold({ method, params, sessionId }: Command): boolean {
    if (!method.startsWith('Input.')) return false
    const gesture = [sessionId, method, textOf(params.button) ?? textOf(params.code)].join(' ')
    const later = LATER[textOf(params.type) ?? '']
    if (!later) {
      if (this.#begun.size >= LIMIT) this.#begun.clear()
      this.#begun.add(gesture)
      return false
    }
    const told = this.#begun.has(gesture)
    if (later.ends) this.#begun.delete(gesture)
    return told
  }
}
