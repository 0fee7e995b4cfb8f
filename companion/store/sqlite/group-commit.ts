import { setImmediate } from 'node:timers'
import type Database from 'better-sqlite3'

/** How long a write waits for another process's lock, and how often it looks. SQLite's own busy
 * handler would wait too, but with the whole event loop: it gets only `BUSY_MS`. */
export const LOCK_WAIT_MS = 5000
const LOCK_LOOK_MS = 100
export const BUSY_MS = 50

/** Most writes that wait; above that the disk cannot follow and more waiting helps nobody. */
const QUEUE_LIMIT = 20_000

/** Writes that came in one turn of the event loop, made durable by one transaction. */
export interface GroupCommit {
  /** Runs `work` in the next transaction; resolves once it is durable. */
  write<T>(work: () => T): Promise<T>
  /** Resolves when everything handed in so far has been answered. */
  idle(): Promise<void>
}

interface Waiting {
  run(): () => void
  reject(error: unknown): void
  since: number
}

/** `mark` is called before each work and returns what undoes its effect on memory; `committed` after
 * each durable transaction. */
export function groupCommit(
  db: Database.Database,
  mark: () => () => void,
  committed: () => void,
): GroupCommit {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const savepoint = db.prepare('SAVEPOINT work')
  const undo = db.prepare('ROLLBACK TO work')
  const keep = db.prepare('RELEASE work')
  let queue: Waiting[] = []
  let scheduled = false
  let idlers: (() => void)[] = []

  const schedule = () => {
    if (scheduled) return
    scheduled = true
    setImmediate(flush)
  }
  const flush = () => {
    try {
      begin.run()
    } catch (error) {
      later(error)
      return
    }
    scheduled = false
    const batch = queue
    queue = []
    const reset = mark()
    const resolve: (() => void)[] = []
    try {
      for (const waiting of batch) {
        const answer = alone(waiting)
        if (answer) resolve.push(answer)
      }
      commit.run()
    } catch (error) {
      // SQLITE_FULL and I/O errors may have rolled back by themselves.
      if (db.inTransaction) rollback.run()
      reset()
      for (const waiting of batch) waiting.reject(error)
      rest()
      return
    }
    committed()
    for (const answer of resolve) answer()
    rest()
  }
  /** One work's error is its own, unless it ended the transaction for all. */
  const alone = (waiting: Waiting): (() => void) | null => {
    const reset = mark()
    savepoint.run()
    try {
      const answer = waiting.run()
      keep.run()
      return answer
    } catch (error) {
      if (!db.inTransaction) throw error
      undo.run()
      keep.run()
      reset()
      waiting.reject(error)
      return null
    }
  }
  /** Somebody else holds the lock: look again soon, and give up those who have waited too long. */
  const later = (error: unknown) => {
    const busy = error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
    const now = performance.now()
    const giveUp = queue.filter(({ since }) => !busy || now - since > LOCK_WAIT_MS)
    queue = queue.filter((waiting) => !giveUp.includes(waiting))
    for (const waiting of giveUp) waiting.reject(error)
    if (queue.length > 0) setTimeout(flush, LOCK_LOOK_MS)
    else {
      scheduled = false
      rest()
    }
  }
  const rest = () => {
    if (queue.length > 0 || scheduled) return
    const waiting = idlers
    idlers = []
    for (const wake of waiting) wake()
  }
  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        if (!db.open || queue.length >= QUEUE_LIMIT) {
          reject(new Error(db.open ? 'too many writes wait for the disk' : 'the store is closed'))
          return
        }
        const run = () => {
          const value = work()
          return () => resolve(value)
        }
        queue.push({ run, reject, since: performance.now() })
        schedule()
      }),
    idle: () =>
      queue.length === 0 && !scheduled
        ? Promise.resolve()
        : new Promise((resolve) => idlers.push(resolve)),
  }
}
