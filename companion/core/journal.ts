import type { StreamEvent } from '#shared/protocol/api.ts'
import type { Bus, Store, Tx } from './ports.ts'

/** Writes to the store, and tells supervisors only once what they are told is durable. */
export interface Journal {
  write<T>(work: (tx: Tx) => T): Promise<T>
}

/** Wraps a store so that every entry and hold it makes durable is published, in order. */
export function journal(store: Store, bus: Bus): Journal {
  return {
    async write(work) {
      const events: StreamEvent[] = []
      const result = await store.write((tx) => work(noting(tx, events)))
      for (const event of events) bus.publish(event)
      return result
    },
  }
}

function noting(tx: Tx, events: StreamEvent[]): Tx {
  return {
    ...tx,
    append(draft) {
      const entry = tx.append(draft)
      events.push({ event: 'audit', entry })
      return entry
    },
    putHold(stored) {
      tx.putHold(stored)
      events.push({ event: 'hold', hold: stored.hold })
    },
  }
}
