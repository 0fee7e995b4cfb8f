import type { Hold } from '#shared/protocol/hold.ts'

/** One line of the queue: a hold, or holds that are reviewed together. */
export type QueueItem =
  | { key: string; batch: null; holds: readonly [Hold] }
  | { key: string; batch: string; holds: readonly [Hold, ...Hold[]] }

/** What waits as the queue shows it, in the order in which the first of each came. One hold alone is no
 * batch. */
export function queueItems(pending: readonly Hold[]): readonly QueueItem[] {
  const batches = new Map<string, [Hold, ...Hold[]]>()
  for (const hold of pending) {
    const { batch } = hold.decision
    if (batch === undefined) continue
    const had = batches.get(batch)
    if (had) had.push(hold)
    else batches.set(batch, [hold])
  }
  return pending.flatMap((hold): QueueItem[] => {
    const { batch } = hold.decision
    const holds = batch === undefined ? undefined : batches.get(batch)
    if (batch === undefined || !holds || holds.length === 1)
      return [{ key: hold.id, batch: null, holds: [hold] }]
    return holds[0] === hold ? [{ key: batchKey(batch), batch, holds }] : []
  })
}

/** What names a batch where the id of a hold could stand. */
function batchKey(batch: string): string {
  return `batch ${batch}`
}
