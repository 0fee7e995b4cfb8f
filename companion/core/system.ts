import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { Clock, Ids } from './ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    // A waiting hold is no reason for a process to stay: the hold is stored.
    timer.unref()
    return () => clearTimeout(timer)
  },
}

export const randomIds: Ids = {
  // The time comes first, so that new ids are neighbours in an index: an index whose pages are all
  // touched at random costs several times the row itself. 88 random bits follow, from a pool that node
  // keeps: a system call for each would be felt.
  next: (prefix) =>
    `${prefix}_${Date.now().toString(16).padStart(12, '0')}${randomUUID().replaceAll('-', '').slice(-22)}`,
  secret: () => randomBytes(32).toString('base64url'),
  code: () => String(randomInt(1_000_000)).padStart(6, '0'),
}
