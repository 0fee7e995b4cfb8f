import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Judge, Verdict } from './engine.ts'

setFlagsFromString('--expose-gc')
const collect: (options: { type: 'minor' }) => void = runInNewContext('gc')

/** CPU microseconds that some work took, its share of garbage collection included. */
export async function cpu(work: () => unknown): Promise<number> {
  // What the engine before it left behind is not this one's.
  collect({ type: 'minor' })
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return user + system
}

/** Requests in turn, from where the last slice ended. */
export interface Turn {
  readonly judges: readonly Judge[]
  next: number
}

function following(turn: Turn): Judge {
  const judge = turn.judges[turn.next]
  turn.next = (turn.next + 1) % turn.judges.length
  return judge ?? nothing
}

function nothing(): Verdict {
  return { allowed: false, rules: null }
}

/** Without a wait between them, where the engine answers at once. */
export function decideAll(turn: Turn, count: number): unknown {
  const first = following(turn)()
  if ('then' in first) return decideAllLater(turn, count, first)
  let allowed = first.allowed ? 1 : 0
  for (let done = 1; done < count; done++) {
    const verdict = following(turn)()
    if ('allowed' in verdict && verdict.allowed) allowed++
  }
  return allowed
}

async function decideAllLater(turn: Turn, count: number, first: Promise<Verdict>) {
  await first
  for (let done = 1; done < count; done++) await following(turn)()
}

/** Microseconds by the wall clock of single decisions. */
export async function single(turn: Turn, count: number): Promise<number[]> {
  const samples: number[] = []
  for (let done = 0; done < count; done++) {
    const judge = following(turn)
    const start = performance.now()
    const answer = judge()
    if ('then' in answer) await answer
    samples.push(1000 * (performance.now() - start))
  }
  return samples
}

export function quantile(samples: readonly number[], share: number): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? Number.NaN
}
