import { Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { StreamEvent } from '#shared/protocol/api.ts'
import { bearer } from '../guards/bearer.ts'
import type { Env, Routes, Services } from '../services.ts'

/** Most events that wait for a slow reader, and most entries replayed. Beyond, the stream ends: the
 * reader comes back with the last id it has seen, or loads everything anew. */
const QUEUE = 1000

const HEARTBEAT_MS = 25_000

/** Server-sent events. The id of an audit event is its number; with `Last-Event-ID` the entries
 * since then come first. */
export function events(services: Services): Routes {
  return new Hono<Env>().get('/events', bearer(services, ['supervisor']), (c) => {
    const last = Number(c.req.header('last-event-id') || Number.NaN)
    return streamSSE(c, (stream) => follow(services, stream, last))
  })
}

async function follow(services: Services, stream: SSEStreamingApi, last: number): Promise<void> {
  const { store, clock } = services.context
  const queue: (StreamEvent | 'heartbeat')[] = []
  let wake: (() => void) | undefined
  let over = false
  const put = (event: StreamEvent | 'heartbeat') => {
    if (queue.push(event) > QUEUE) over = true
    wake?.()
  }
  const stop = services.bus.listen(put)
  let cancel: (() => void) | undefined
  const beat = () => {
    put('heartbeat')
    cancel = clock.after(HEARTBEAT_MS, beat)
  }
  // A first byte at once: without one, some clients do not take the stream for open.
  beat()
  stream.onAbort(() => {
    over = true
    wake?.()
  })
  try {
    let seen = 0
    if (Number.isSafeInteger(last) && last >= 0) {
      for (const entry of await store.auditAfter(last, QUEUE)) {
        await send(stream, { event: 'audit', entry })
        seen = entry.seq
      }
    }
    while (!over) {
      const event = queue.shift()
      if (event === undefined) await new Promise<void>((resolve) => (wake = resolve))
      else if (event === 'heartbeat') await stream.write(': still here\n\n')
      // An entry may have been replayed and published both.
      else if (event.event !== 'audit' || event.entry.seq > seen) await send(stream, event)
    }
  } finally {
    stop()
    cancel?.()
  }
}

async function send(stream: SSEStreamingApi, event: StreamEvent): Promise<void> {
  const id = event.event === 'audit' ? { id: String(event.entry.seq) } : {}
  await stream.writeSSE({ event: event.event, data: JSON.stringify(event), ...id })
}
