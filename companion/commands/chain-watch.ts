import { setImmediate } from 'node:timers/promises'
import { type ChainCheck, verify } from '../core/audit.ts'
import type { Clock, Head, Store } from '../core/ports.ts'
import type { HeadFile } from '../store/head-file.ts'

export interface ChainWatch {
  /** What the check of the head found at the start; null where all is well. */
  problem: string | null
  last(): { check: ChainCheck; at: string } | null
  /** Walks the whole chain in the background and calls `broken` if it does not hold. */
  checkSoon(signal: AbortSignal, broken: (problem: string) => void): void
  /** Resolves when no check is under way. */
  idle(): Promise<void>
}

/** Compares the chain with its head outside the database before anything is appended. Where they do
 * not fit, the head stays as it is from then on: moving it would make the damage unprovable. */
export async function chainWatch(store: Store, head: HeadFile, clock: Clock): Promise<ChainWatch> {
  const kept = head.read()
  const problem = kept.ok ? await headProblem(store, kept.head) : kept.message
  if (problem) head.freeze()
  let last: { check: ChainCheck; at: string } | null = null
  let running: Promise<void> | null = null
  const walk = async (signal: AbortSignal, broken: (problem: string) => void) => {
    const check = await verify(async (after, limit) => {
      // Decisions come first: between two chunks the event loop takes its turn.
      await setImmediate()
      return signal.aborted ? [] : await store.links(after, limit)
    }, kept)
    if (signal.aborted) return
    last = { check, at: new Date(clock.now()).toISOString() }
    if (check.ok) return
    head.freeze()
    broken(check.error.message)
  }
  return {
    problem,
    last: () => last,
    checkSoon(signal, broken) {
      running = walk(signal, broken).catch((error: unknown) => broken(String(error)))
    },
    idle: async () => {
      await running
    },
  }
}

async function headProblem(store: Store, kept: Head): Promise<string | null> {
  if (kept.seq > store.head().seq)
    return `it ends at entry ${store.head().seq}, but ${kept.seq} were written`
  if (kept.seq === 0) return null
  const [link] = await store.links(kept.seq - 1, 1)
  return link?.hash === kept.hash ? null : `entry ${kept.seq} is not the one that was written`
}
