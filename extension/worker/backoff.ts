const FIRST_MS = 500
const LAST_MS = 30_000

/** Wait before the attempt after `failures` failed ones, in ms: half a second, doubled each time, at
 * most half a minute. */
export function backoff(failures: number): number {
  return Math.min(LAST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1))
}
