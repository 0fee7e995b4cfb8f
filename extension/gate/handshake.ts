import type { Holding, HoldingEnds } from './holding.ts'

/** Takes the second script in. */
export type Arrive = (start: (ends: HoldingEnds) => Holding) => void

/** The two scripts of a frame meet on the global object of their isolated world, which no page can
 * reach, under a symbol, which no element can be named. */
const name = Symbol.for('holdpoint.gate')

/** The gate waits for the second script. */
export function offer(arrive: Arrive): void {
  Reflect.set(globalThis, name, arrive)
}

/** The gate of this frame, undefined where there is none. */
export function offered(): Arrive | undefined {
  return Reflect.get(globalThis, name)
}
