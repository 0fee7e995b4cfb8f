import type { RawData, WebSocket } from 'ws'
import { undecided } from './admit.ts'
import { BODY_LIMIT, type Judged } from './gate.ts'
import type { Desk } from './http1.ts'

/** Bytes that may wait on their way to a side before the other one is no longer read. */
const HIGH_WATER = 1024 * 1024

/** Bytes of held frames after which the page is no longer read. Up to there it is, to notice that it
 * has gone. */
const HELD_LIMIT = 16 * 1024 * 1024

/** A page that sends and closes at once has its last frames judged for this long, in ms. */
const DRAIN_MS = 2_000

/** "Policy violation" (RFC 6455, section 7.4.1): what a page is told whose frame was refused. */
const REFUSED = 1008

/** Relays one open WebSocket. What the server says passes. What the page says is judged frame by frame
 * and in order: while one is held, those behind it wait. A refused frame closes the WebSocket, because
 * a page that goes on would take it for sent. */
export function relay(
  desk: Desk,
  about: { url: string; headers: Readonly<Record<string, string>> },
  page: WebSocket,
  server: WebSocket,
): void {
  const gone = new AbortController()
  let line = Promise.resolve()
  let held = 0
  let open = true

  server.on('message', (data, binary) => {
    page.send(data, { binary }, () => {
      if (server.isPaused && page.bufferedAmount < HIGH_WATER) server.resume()
    })
    if (page.bufferedAmount >= HIGH_WATER) server.pause()
  })
  server.once('close', (code, reason) => {
    open = false
    gone.abort()
    close(page, code, reason)
  })
  server.on('error', () => page.terminate())

  page.on('message', (data, binary) => {
    const bytes = bytesOf(data)
    held += bytes.length
    if (held > HELD_LIMIT) page.pause()
    line = line.then(async () => {
      if (open) await one(bytes, binary)
      held -= bytes.length
      if (page.isPaused && held <= HELD_LIMIT) page.resume()
    })
  })
  page.once('close', (code, reason) => {
    const finish = () => {
      clearTimeout(timer)
      open = false
      gone.abort()
      close(server, code, reason)
    }
    // Without a closing frame the connection broke: nobody wants the rest to be sent.
    const timer = setTimeout(finish, code === 1006 ? 0 : DRAIN_MS)
    if (code !== 1006) void line.then(finish)
  })
  page.on('error', () => page.terminate())

  async function one(bytes: Buffer, binary: boolean): Promise<void> {
    const judged = await judge(bytes, binary)
    if (!open || gone.signal.aborted) return
    if (judged.go) {
      await new Promise<void>((resolve) => server.send(bytes, { binary }, () => resolve()))
      return
    }
    open = false
    // Reasons may have 123 bytes at most.
    const reason = Buffer.from(judged.reason, 'utf8').subarray(0, 120).toString('utf8')
    page.close(REFUSED, reason.replace(/\uFFFD+$/, ''))
    server.close(1001)
  }

  async function judge(bytes: Buffer, binary: boolean): Promise<Judged> {
    const fits = bytes.length <= BODY_LIMIT
    const text = fits && !binary ? { text: bytes.toString('utf8') } : {}
    const frame = { kind: 'frame' as const, method: 'GET', ...about, ...text }
    try {
      return await desk.gate.judge({ ...frame, body: fits ? bytes : null }, gone.signal)
    } catch (error) {
      if (!gone.signal.aborted) desk.report(error)
      return undecided
    }
  }
}

/** Closes a side as the other one was closed; codes that stand for "no frame came" cannot be sent. */
function close(socket: WebSocket, code: number, reason: Buffer): void {
  if (code === 1006 || code === 1015) socket.terminate()
  else if (code === 1005) socket.close()
  else socket.close(code, reason)
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
