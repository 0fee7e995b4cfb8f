import type { RunRef } from '#shared/protocol/descriptor.ts'
import type { Agent, ClientFamily, Command, CommandAnswer } from './agent.ts'
import type { AgentSession, SessionOwners } from './agent-session.ts'
import { type CdpProblem, type Params, paramsOf, SERVER_ERROR, SESSION_GONE } from './cdp.ts'
import { Conduct } from './conduct.ts'
import { type Frame, readFrame } from './frame.ts'
import type { InputHold } from './parts.ts'
import type { Pipe, PipeEvent } from './pipe.ts'
import { answerText, eventText, moved, problemText, readdressed, unrooted } from './raw.ts'
import { mayHoldSecret, redactEvent } from './redact.ts'
import { ResumeOrder } from './resume-order.ts'
import type { Run } from './run.ts'
import { askedOfBrowser } from './scope.ts'
import { TargetEvents } from './target-events.ts'
import type { Target, Targets } from './targets.ts'

/** What the connections of one gateway share. */
export interface Mux {
  readonly pipe: Pipe
  readonly targets: Targets
  readonly owners: SessionOwners<AgentConnection>
  readonly input: InputHold
  report(error: unknown): void
}

/** The agent's end: a WebSocket, or a pipe. */
export interface AgentSocket {
  send(message: string): void
  /** Ends it, after what was sent. Codes are those of WebSockets (RFC 6455, section 7.4). */
  close(code: number, reason: string): void
}

export interface ConnectionOptions {
  mux: Mux
  run: Run
  family: ClientFamily
  /** Unique for this connection. */
  id: string
  /** Target id of a page, for a client that talks to one page only. */
  page?: string
}

/** Most commands that wait because the run is paused. An agent that goes on has stopped listening. */
const PAUSED_LIMIT = 10_000

/** One agent's connection: a browser session of its own, which it takes for the whole browser. */
export class AgentConnection implements Agent {
  readonly id: string
  readonly run: RunRef
  readonly family: ClientFamily
  readonly mux: Mux
  /** By the browser's session id. */
  readonly sessions = new Map<string, AgentSession>()
  readonly #run: Run
  readonly #gone = new AbortController()
  readonly #settled = new WeakSet<Command>()
  readonly #inputs = new ResumeOrder()
  readonly #conduct: Conduct
  readonly #events: TargetEvents
  #socket: AgentSocket | undefined
  #paused: Frame[] = []
  /** The session of the connection itself, and the one that the agent knows without an id: the same,
   * except for a client that talks to one page. */
  #outer = ''
  #root = ''

  private constructor(options: ConnectionOptions) {
    this.id = options.id
    this.run = options.run.ref
    this.family = options.family
    this.mux = options.mux
    this.#run = options.run
    this.#events = new TargetEvents(this, options.run.scope)
    this.#conduct = new Conduct(this, options.run, this.#events)
  }

  /** Opens the agent's session to the browser. Rejects where there is no such page in the run. */
  static async open(options: ConnectionOptions): Promise<AgentConnection> {
    const connection = new AgentConnection(options)
    await connection.#open(options.page)
    return connection
  }

  async #open(page: string | undefined): Promise<void> {
    const { pipe, owners } = this.mux
    const { sessionId } = await pipe.call('Target.attachToBrowserTarget')
    this.#outer = this.#root = String(sessionId)
    const info = paramsOf((await pipe.call('Target.getTargetInfo', {}, this.#outer)).targetInfo)
    const self = String(info.targetId)
    this.#events.selves.add(self)
    this.sessions.set(this.#outer, browserSession(this.#outer, self))
    owners.own(this.#outer, this)
    if (page === undefined) return
    const params = { targetId: page, flatten: true }
    const attached = await pipe.call('Target.attachToTarget', params, this.#outer)
    this.#root = String(attached.sessionId)
  }

  get gone(): AbortSignal {
    return this.#gone.signal
  }

  /** Begins to talk; what the agent sends goes to `receive`, its end to `left`. */
  attach(socket: AgentSocket): void {
    this.#socket = socket
    if (this.gone.aborted) socket.close(1001, 'the browser has ended')
  }

  /** One message of the agent. */
  receive(text: string): void {
    if (this.gone.aborted) return
    const read = readFrame(text)
    if (!read.ok) this.#send(problemText(read.id, read.problem, undefined))
    else if (!this.#run.paused && this.#paused.length === 0) this.take(read.frame)
    else if (this.#paused.push(read.frame) === 1) this.#takeWhenReady()
    else if (this.#paused.length > PAUSED_LIMIT) this.close(1008, 'too many commands while paused')
  }

  #takeWhenReady(): void {
    const goOn = async () => {
      await this.#run.ready()
      await this.#inputs.gone()
      if (this.#run.paused) return this.#takeWhenReady()
      const frames = this.#paused
      this.#paused = []
      for (const frame of frames) if (!this.gone.aborted) this.take(frame)
    }
    goOn().catch(this.mux.report)
  }

  /** A command is held. */
  hold(command: Command): void {
    this.#inputs.taken(command)
    this.mux.input.take(command)
  }

  /** One command, in its turn. */
  take(frame: Frame): void {
    const session = this.sessions.get(frame.sessionId ?? this.#root)
    if (!session || frame.sessionId === this.#root || frame.sessionId === this.#outer) {
      this.#noSession(frame, 'Session with given id not found.')
    } else if (session.queue) session.queue.push(frame)
    else if (session.kind === 'target' && !session.target) session.queue = [frame]
    else this.#conduct.take(frame, session)
  }

  forward(command: Command, params?: Params): Promise<CommandAnswer> {
    if (!this.#settle(command)) return Promise.resolve(LEFT)
    return new Promise((resolve) => {
      this.pass(command, params ?? command.params, (raw) => resolve(answerOf(raw)))
    })
  }

  /** Sends a command on as it is, and its answer back, parsed only where it has to be looked into. */
  pass(command: Command, params: Params, then?: (raw: string) => void): void {
    const { id, method, target } = command
    const own = command.sessionId ?? this.#root
    const asked = target && askedOfBrowser(method, params, target)
    const sent = asked
      ? { method, params: asked, sessionId: this.#outer }
      : { method, params, sessionId: own }
    const read = this.#conduct.reader(method)
    this.mux.pipe.forward(sent, (raw) => {
      const seen = read ? read(raw) : raw
      const answer = asked ? moved(seen, this.#outer, own) : seen
      this.#send(readdressed(answer, id, this.#root))
      then?.(seen)
    })
  }

  answer(command: Command, result: Params): void {
    if (this.#settle(command)) this.#send(answerText(command.id, result, command.sessionId))
  }

  fail(command: Command, problem: CdpProblem): void {
    if (this.#settle(command)) this.#send(problemText(command.id, problem, command.sessionId))
  }

  emit(sessionId: string | undefined, method: string, params: Params): void {
    this.#send(eventText(method, params, sessionId === this.#root ? undefined : sessionId))
  }

  ready(): Promise<void> {
    if (this.#run.paused) this.#inputs.waits()
    return this.#run.ready()
  }

  /** An event of one of the agent's sessions. */
  event(event: PipeEvent): void {
    const { method, raw } = event
    if (method.startsWith('Target.')) {
      this.#events.take(event)
      return
    }
    const target = this.sessions.get(event.sessionId ?? '')?.target ?? null
    if (this.mux.input.hides(event, target)) return
    const redact = redactEvent(method)
    if (!redact || !mayHoldSecret(raw)) this.deliver(raw, event.sessionId)
    else this.deliver(eventText(method, redact(event.params), event.sessionId), event.sessionId)
  }

  /** Sends an event on. Of the connection's own session, a client of one page hears nothing. */
  deliver(raw: string, sessionId: string | undefined): void {
    if (sessionId === this.#outer && this.#outer !== this.#root) return
    this.#send(unrooted(raw, this.#root))
  }

  /** A session has ended, and with it those below. What waited in it is answered. */
  drop(session: AgentSession): void {
    if (!this.sessions.delete(session.id)) return
    this.mux.owners.disown(session.id)
    this.letRun(session)
    for (const frame of session.queue ?? [])
      this.#noSession(frame, 'the target of this session has gone')
    session.queue = []
    for (const below of this.sessions.values()) if (below.parent === session) this.drop(below)
    if (session.id === this.#root) this.close(1001, 'the page has gone')
  }

  /** The session no longer keeps its target from running. */
  letRun(session: AgentSession): void {
    if (!session.waits) return
    session.waits = false
    this.mux.owners.unkeep(session.targetId, session.id)
    this.mux.targets.proceed(session.targetId)
  }

  /** The companion has lost sight of a target: commands to it wait until it is armed anew. */
  lost(target: Target): void {
    for (const session of this.sessions.values())
      if (session.target === target) this.#events.untilArmed(session)
  }

  /** Ends the connection from this side. */
  close(code: number, reason: string): void {
    this.#socket?.close(code, reason)
    this.left()
  }

  /** The agent has gone, whoever ended it. What it kept waiting runs on, what it had held is
   * withdrawn, and its session to the browser ends with everything below. */
  left(): void {
    if (this.gone.aborted) return
    this.#gone.abort()
    this.#paused = []
    this.mux.input.left(this)
    this.mux.pipe.call('Target.detachFromTarget', { sessionId: this.#outer }).catch(() => undefined) // the browser has ended: so has the session
    for (const session of this.sessions.values()) this.drop(session)
    this.#run.disconnected(this)
  }

  #settle(command: Command): boolean {
    if (this.gone.aborted || this.#settled.has(command)) return false
    this.#settled.add(command)
    this.#inputs.settled(command)
    return true
  }

  /** As Chromium says it, without the session's id: clients take that for a word that came too late, and
   * with it for the failure of a command. */
  #noSession({ id }: Frame, message: string): void {
    this.#send(problemText(id, { code: SESSION_GONE, message }, undefined))
  }

  #send(text: string): void {
    if (!this.gone.aborted) this.#socket?.send(text)
  }
}

const LEFT: CommandAnswer = {
  ok: false,
  error: { code: SERVER_ERROR, message: 'the agent has gone' },
}

function browserSession(id: string, targetId: string): AgentSession {
  return { id, kind: 'browser', targetId, parent: null, target: null, waits: false, queue: null }
}

function answerOf(raw: string): CommandAnswer {
  const { result, error } = paramsOf(JSON.parse(raw))
  if (error === undefined) return { ok: true, result: paramsOf(result) }
  const { code, message } = paramsOf(error)
  return {
    ok: false,
    error: {
      code: typeof code === 'number' ? code : SERVER_ERROR,
      message: typeof message === 'string' ? message : 'unknown error',
    },
  }
}
