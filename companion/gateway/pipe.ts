import type { Readable, Writable } from 'node:stream'
import {
  CdpError,
  type CdpProblem,
  type Params,
  paramsOf,
  SERVER_ERROR,
  SESSION_GONE,
  type Session,
  textOf,
} from './cdp.ts'

/** An event as it came. `params` is parsed when first asked for: most events only pass through. */
export class PipeEvent {
  readonly method: string
  readonly sessionId: string | undefined
  readonly raw: string
  #params: Params | undefined

  constructor(method: string, sessionId: string | undefined, raw: string) {
    this.method = method
    this.sessionId = sessionId
    this.raw = raw
  }

  get params(): Params {
    this.#params ??= paramsOf(paramsOf(JSON.parse(this.raw)).params)
    return this.#params
  }
}

/** What a command was answered with. `raw` is the whole message as the browser sent it. */
export type RawAnswer = (raw: string) => void

/** The browser's debugging pipe (`--remote-debugging-pipe`): JSON messages that end in NUL, with one
 * numbering of commands for all sessions. Nothing but this process can reach it. */
export class Pipe {
  readonly #writer: Writable
  readonly #report: (error: unknown) => void
  readonly #waiting = new Map<number, { sessionId: string | undefined; take: RawAnswer }>()
  readonly #listeners = new Set<(event: PipeEvent) => void>()
  readonly #bySession = new Map<string, Map<string, Set<(params: Params) => void>>>()
  #last = 0
  #rest: Buffer[] = []
  #closed = false
  /** Resolves when the browser has gone, however it went. */
  readonly closed: Promise<void>

  /** `report` is told what listeners throw: one that fails must keep nothing from the others, because
   * some of them are what holds. */
  constructor(writer: Writable, reader: Readable, report: (error: unknown) => void = warn) {
    this.#writer = writer
    this.#report = report
    this.closed = new Promise((resolve) => {
      const end = () => {
        this.#end()
        resolve()
      }
      reader.once('close', end)
      reader.once('end', end)
      reader.once('error', end)
      writer.once('error', end)
    })
    reader.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  /** A command of the companion's own. */
  call(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    return new Promise((resolve, reject) => {
      this.forward({ method, params, sessionId }, (raw) => {
        const message = paramsOf(JSON.parse(raw))
        if (message.error === undefined) resolve(paramsOf(message.result))
        else reject(new CdpError(method, problemOf(message.error)))
      })
    })
  }

  /** Sends a command and hands its answer on unparsed. Once the browser has gone, every command is
   * answered with an error, and once its session has, every command of that session: the browser
   * itself would never answer those. Throws, before anything is sent, where `params` cannot be
   * written as JSON. */
  forward(
    command: { method: string; params: Params; sessionId: string | undefined },
    take: RawAnswer,
  ): void {
    const { method, params, sessionId } = command
    const id = ++this.#last
    const message = JSON.stringify({ id, method, params, sessionId })
    if (this.#closed) {
      take(browserGone(id))
      return
    }
    this.#waiting.set(id, { sessionId, take })
    this.#writer.write(`${message}\0`)
  }

  /** Every event, of every session. */
  onEvent(listener: (event: PipeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** The companion's own side of a session; without an id the browser's root. */
  session(id?: string): Session {
    return {
      id,
      call: (method, params) => this.call(method, params, id),
      on: (method, listener) => this.#on(id ?? '', method, listener),
    }
  }

  #on(session: string, method: string, listener: (params: Params) => void): () => void {
    const methods = this.#bySession.get(session) ?? new Map<string, Set<(p: Params) => void>>()
    this.#bySession.set(session, methods)
    const listeners = methods.get(method) ?? new Set()
    methods.set(method, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) methods.delete(method)
      if (methods.size === 0) this.#bySession.delete(session)
    }
  }

  #read(chunk: Buffer): void {
    let from = 0
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      const part = chunk.subarray(from, end)
      const whole = this.#rest.length > 0 ? Buffer.concat([...this.#rest, part]) : part
      this.#rest = []
      from = end + 1
      this.#tell((message) => this.#take(message), whole.toString('utf8'))
    }
    if (from < chunk.length) this.#rest.push(chunk.subarray(from))
  }

  #take(raw: string): void {
    const id = ANSWER.exec(raw)?.[1]
    if (id !== undefined) {
      const waiting = this.#waiting.get(Number(id))
      this.#waiting.delete(Number(id))
      if (waiting) this.#tell(waiting.take, raw)
      return
    }
    const method = EVENT.exec(raw)?.[1]
    if (method === undefined) return
    const event = new PipeEvent(method, SESSION.exec(raw.slice(-120))?.[1], raw)
    for (const listener of [...this.#listeners]) this.#tell(listener, event)
    const listeners = this.#bySession.get(event.sessionId ?? '')?.get(method)
    if (listeners) for (const listener of [...listeners]) this.#tell(listener, event.params)
    // After the listeners: a client that hears of the end first takes the answers for what they are.
    if (method === DETACHED) this.#sessionGone(textOf(event.params.sessionId))
  }

  #sessionGone(sessionId: string | undefined): void {
    if (sessionId === undefined) return
    this.#bySession.delete(sessionId)
    for (const [id, waiting] of this.#waiting) {
      if (waiting.sessionId !== sessionId) continue
      this.#waiting.delete(id)
      this.#tell(waiting.take, sessionGone(id))
    }
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    for (const [id, { take }] of this.#waiting) this.#tell(take, browserGone(id))
    this.#waiting.clear()
  }

  #tell<T>(listener: (what: T) => void, what: T): void {
    try {
      listener(what)
    } catch (error) {
      this.#report(error)
    }
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}

/** Chromium writes a message's own keys in this order: `id` or `method` first, `sessionId` last. What a
 * page says stands between them, inside `params` or `result`, and cannot reach either end. */
const ANSWER = /^\{"id":(\d+)[,}]/
const EVENT = /^\{"method":"([A-Za-z.]+)"/
const SESSION = /,"sessionId":"([0-9A-Za-z]+)"\}$/

const DETACHED = 'Target.detachedFromTarget'

function browserGone(id: number): string {
  return JSON.stringify({ id, error: { code: SERVER_ERROR, message: 'the browser has ended' } })
}

function sessionGone(id: number): string {
  const error = { code: SESSION_GONE, message: 'the target of this session has gone' }
  return JSON.stringify({ id, error })
}

function problemOf(value: unknown): CdpProblem {
  const { code, message, data } = paramsOf(value)
  return {
    code: typeof code === 'number' ? code : SERVER_ERROR,
    message: typeof message === 'string' ? message : 'unknown error',
    ...(data === undefined ? {} : { data }),
  }
}
