import { createParser } from 'eventsource-parser'
import { StreamEvent } from '#shared/protocol/api.ts'
import type { Client } from './client.ts'

export interface Follower {
  onEvent(event: StreamEvent): void
  /** Called on every change; `live` also asks for a fresh look at everything that may be missed. */
  onState(state: 'live' | 'lost'): void
}

const WAITS = [1000, 2000, 4000, 8000] as const

/** Follows the companion's events until `signal` aborts, and comes back by itself. Read by fetch,
 * because EventSource cannot send the token; `wake` cuts the wait before the next try short. */
export async function follow(
  client: Client,
  { onEvent, onState }: Follower,
  signal: AbortSignal,
  wake: EventTarget,
): Promise<void> {
  let last = ''
  let tries = 0
  while (!signal.aborted) {
    const headers = { accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) }
    const response = await client.stream('v1/events', headers, signal)
    if (response?.body) {
      tries = 0
      onState('live')
      last = await read(response.body, onEvent, last)
    }
    if (signal.aborted) return
    onState('lost')
    await pause(WAITS[Math.min(tries++, WAITS.length - 1)] ?? 8000, signal, wake)
  }
}

/** Reads until the stream ends, for whatever reason; returns the last event's id. */
async function read(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onEvent: Follower['onEvent'],
  from: string,
): Promise<string> {
  let last = from
  const parser = createParser({
    onEvent({ id, data }) {
      last = id ?? last
      const event = StreamEvent.safeParse(json(data))
      if (event.success) onEvent(event.data)
    },
  })
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return last
      parser.feed(value)
    }
  } catch {
    // A dropped connection; the caller connects again from `last`.
    return last
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A comment or an event of a newer companion: not ours to show.
    return undefined
  }
}

function pause(ms: number, signal: AbortSignal, wake: EventTarget): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    wake.addEventListener('wake', done, { once: true })
  })
}
