import { Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { Frame } from '#shared/protocol/run.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import type { Env, Routes, Services } from '../services.ts'

const HEARTBEAT_MS = 25_000

/** A run's pages as server-sent events `frame`, while something of it is held or it is taken over.
 * The stream ends with the run. */
export function runPicture(services: Services): Routes {
  return new Hono<Env>().get('/runs/:id/picture', bearer(services, ['supervisor']), async (c) => {
    const frames = new Latest()
    const watching = await services.runs.watch(c.req.param('id'), frames.put, frames.end)
    if (!watching.ok) return answerProblem(c, watching.error.code, watching.error.message)
    return streamSSE(c, async (stream) => {
      stream.onAbort(frames.end)
      try {
        await send(services, stream, frames)
      } finally {
        watching.stop()
      }
    })
  })
}

async function send(services: Services, stream: SSEStreamingApi, frames: Latest): Promise<void> {
  let cancel: (() => void) | undefined
  const beat = () => {
    frames.beat()
    cancel = services.context.clock.after(HEARTBEAT_MS, beat)
  }
  // A first byte at once: without one, some clients do not take the stream for open.
  beat()
  try {
    for (let next = await frames.next(); next !== null; next = await frames.next())
      if (next === 'heartbeat') await stream.write(': still here\n\n')
      else await stream.writeSSE({ event: 'frame', data: JSON.stringify(next) })
  } finally {
    cancel?.()
  }
}

/** What a slow reader has not had yet: of each hold only the newest frame, so that nobody sees the
 * past and nothing piles up. */
class Latest {
  readonly #waiting = new Map<string | null, Frame>()
  #heartbeat = false
  #over = false
  #wake: (() => void) | undefined

  readonly put = (frame: Frame): void => {
    // Taken out first, so that it goes to the end: each hold has its turn.
    this.#waiting.delete(frame.hold)
    this.#waiting.set(frame.hold, frame)
    this.#wake?.()
  }

  readonly end = (): void => {
    this.#over = true
    this.#wake?.()
  }

  beat(): void {
    this.#heartbeat = true
    this.#wake?.()
  }

  /** The next thing to send, when there is one; null at the end. */
  async next(): Promise<Frame | 'heartbeat' | null> {
    while (!this.#over) {
      if (this.#heartbeat) {
        this.#heartbeat = false
        return 'heartbeat'
      }
      for (const [hold, frame] of this.#waiting) {
        this.#waiting.delete(hold)
        return frame
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return null
  }
}
