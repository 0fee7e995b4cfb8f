import { Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { type BrowserPage, type LeaseEvent, NewBrowser } from '#shared/protocol/browser.ts'
import { bearer } from '../guards/bearer.ts'
import { answerProblem } from '../problem.ts'
import { readBody } from '../read-body.ts'
import type { Env, Routes, Services } from '../services.ts'

const HEARTBEAT_MS = 25_000

/** Supervised browsers for other processes of the same person: `holdpoint run` beside a companion that
 * runs already, and every `holdpoint-chrome`. Who opens one holds a lease on it, an open connection,
 * because a process that was killed cannot say that it has gone. A browser is a way to act, so an
 * agent's token tried here is a forgery. */
export function browsers(services: Services): Routes {
  const board = services.browsers
  const read = bearer(services, ['supervisor'])
  const guard = bearer(services, ['supervisor'], { approves: true })
  return new Hono<Env>()
    .get('/browsers', read, (c) => {
      const page: BrowserPage = { browsers: board.list() }
      return c.json(page)
    })
    .post('/browsers', guard, async (c) => {
      const wish = await readBody(c, NewBrowser)
      const done = await board.open(wish, 'lease', c.get('caller').name)
      return done.ok
        ? c.json(done.browser, 201)
        : answerProblem(c, done.error.code, done.error.message)
    })
    .delete('/browsers/:id', guard, async (c) => {
      const done = await board.stop(c.req.param('id'))
      return done.ok ? c.body(null, 204) : answerProblem(c, done.error.code, done.error.message)
    })
    .get('/browsers/:id/lease', guard, (c) => {
      const news = new News()
      const lease = board.lease(c.req.param('id'), news.put)
      if (!lease.ok) return answerProblem(c, lease.error.code, lease.error.message)
      return streamSSE(c, async (stream) => {
        stream.onAbort(() => news.put('left'))
        try {
          if (!stream.aborted) await send(services, stream, news)
        } finally {
          lease.release()
        }
      })
    })
}

async function send(services: Services, stream: SSEStreamingApi, news: News): Promise<void> {
  let cancel: (() => void) | undefined
  const beat = () => {
    news.put('heartbeat')
    cancel = services.context.clock.after(HEARTBEAT_MS, beat)
  }
  // A first byte at once: the owner knows by it that the lease is held.
  beat()
  try {
    for (let next = await news.next(); next !== 'left'; next = await news.next()) {
      if (next === 'heartbeat') await stream.write(': still here\n\n')
      else await stream.writeSSE({ event: next, data: '{}' })
      if (next === 'ended') return
    }
  } finally {
    cancel?.()
  }
}

/** What happens to a leased browser, in order. */
class News {
  readonly #waiting: (LeaseEvent | 'heartbeat' | 'left')[] = []
  #wake: (() => void) | undefined

  readonly put = (event: LeaseEvent | 'heartbeat' | 'left'): void => {
    // Nobody is there to read the rest.
    if (event === 'left') this.#waiting.length = 0
    this.#waiting.push(event)
    this.#wake?.()
  }

  async next(): Promise<LeaseEvent | 'heartbeat' | 'left'> {
    for (;;) {
      const event = this.#waiting.shift()
      if (event !== undefined) return event
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
