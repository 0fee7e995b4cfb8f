import type { AgentConnection } from './agent-connection.ts'
import type { AgentSession } from './agent-session.ts'
import { type Params, paramsOf, textOf } from './cdp.ts'
import type { PipeEvent } from './pipe.ts'
import { eventText } from './raw.ts'
import type { Scope } from './scope.ts'

/** What one agent hears of targets: its run's, and nothing of others. Keeps its sessions up to date. */
export class TargetEvents {
  readonly #connection: AgentConnection
  readonly #scope: Scope
  /** Targets that the agent was told of, by session and id. */
  readonly #told = new Set<string>()
  /** Targets it was kept from, but may see once they go to another address. */
  readonly #keptFrom = new Set<string>()
  /** Target ids of the connection's own sessions to the browser: the browser, as this agent knows it. */
  readonly selves = new Set<string>()
  /** How many more of those it has asked for. */
  awaitsBrowser = 0
  /** Whether the agent asked to be told of targets. */
  discovers = false

  constructor(connection: AgentConnection, scope: Scope) {
    this.#connection = connection
    this.#scope = scope
  }

  take(event: PipeEvent): void {
    const on = this.#connection.sessions.get(event.sessionId ?? '')
    if (!on) return
    switch (event.method) {
      case 'Target.attachedToTarget':
        this.#attached(event, on)
        break
      case 'Target.detachedFromTarget':
        this.#detached(event)
        break
      case 'Target.targetCreated':
        this.#created(event)
        break
      case 'Target.targetInfoChanged':
        this.#changed(event)
        break
      case 'Target.targetDestroyed':
      case 'Target.targetCrashed':
        this.#ended(event)
        break
      // Anything else would be of sessions that are not flat: there are none.
    }
  }

  #attached(event: PipeEvent, on: AgentSession): void {
    const { params } = event
    const info = paramsOf(params.targetInfo)
    const id = textOf(params.sessionId) ?? ''
    const targetId = textOf(info.targetId) ?? ''
    if (info.type === 'browser' && on.kind === 'browser' && this.awaitsBrowser > 0) {
      this.awaitsBrowser -= 1
      this.selves.add(targetId)
      this.#own(sessionOf(id, 'browser', targetId, on), false)
      this.#connection.deliver(event.raw, event.sessionId)
      return
    }
    if (!this.#scope.sees(info, on.kind !== 'browser')) {
      this.#keptFrom.add(targetId)
      this.#leave(id, on)
      return
    }
    const waits = params.waitingForDebugger === true
    this.#own(sessionOf(id, info.type === 'tab' ? 'tab' : 'target', targetId, on), waits)
    this.#connection.deliver(event.raw, event.sessionId)
  }

  #own(session: AgentSession, waits: boolean): void {
    const { sessions, mux } = this.#connection
    session.waits = waits
    sessions.set(session.id, session)
    mux.owners.own(session.id, this.#connection)
    if (waits) mux.owners.keep(session.targetId, session.id)
    if (session.kind === 'target') this.untilArmed(session)
  }

  /** Ends a session that the agent never hears of. It keeps nothing from running: the companion's own
   * session lets every target go, once it is armed. */
  #leave(sessionId: string, on: AgentSession): void {
    this.#connection.mux.pipe
      .call('Target.detachFromTarget', { sessionId }, on.id)
      .catch(() => undefined) // it has ended by itself
  }

  /** Commands of the session wait in their order until the companion is ready for its target. */
  untilArmed(session: AgentSession): void {
    const { targets, report } = this.#connection.mux
    session.target = null
    session.queue ??= []
    const armed = async () => {
      const target = await targets.known(session.targetId)
      if (!target) return // it ends, and so will the session
      await target.armed
      if (targets.get(session.targetId) !== target) return this.untilArmed(session)
      session.target = target
      this.flush(session)
    }
    armed().catch((error) => {
      // The target could not be armed: it never runs, and nobody talks to it. What waits is answered once
      // the agent has heard that the session has ended: before that it would take it for a failure.
      report(error)
      if (session.parent) this.#leave(session.id, session.parent)
      else this.#connection.drop(session)
    })
  }

  flush(session: AgentSession): void {
    if (session.kind === 'target' && !session.target) return
    const frames = session.queue ?? []
    session.queue = null
    for (const frame of frames) if (!this.#connection.gone.aborted) this.#connection.take(frame)
  }

  #detached(event: PipeEvent): void {
    const session = this.#connection.sessions.get(textOf(event.params.sessionId) ?? '')
    if (!session) return
    this.#connection.deliver(event.raw, event.sessionId)
    this.#connection.drop(session)
  }

  #created(event: PipeEvent): void {
    const info = paramsOf(event.params.targetInfo)
    if (!this.#sees(info)) return
    this.#told.add(key(event.sessionId, textOf(info.targetId) ?? ''))
    this.#connection.deliver(event.raw, event.sessionId)
  }

  #changed(event: PipeEvent): void {
    const info = paramsOf(event.params.targetInfo)
    const id = textOf(info.targetId) ?? ''
    const sees = this.#sees(info)
    const told = key(event.sessionId, id)
    if (sees && (this.#told.has(told) || this.#isAttached(id)))
      this.#connection.deliver(event.raw, event.sessionId)
    else if (sees) this.#appears(info, id, event.sessionId)
    else if (this.#told.delete(told))
      this.#say('Target.targetDestroyed', { targetId: id }, event.sessionId)
  }

  /** A page that stood at an address of the browser's own has gone to one on the web. */
  #appears(info: Params, id: string, sessionId: string | undefined): void {
    if (this.discovers) {
      this.#told.add(key(sessionId, id))
      this.#say('Target.targetCreated', { targetInfo: info }, sessionId)
    }
    if (!this.#keptFrom.delete(id)) return
    this.#connection.mux.pipe
      .call('Target.attachToTarget', { targetId: id, flatten: true }, sessionId)
      .catch(() => undefined) // it has ended by now
  }

  #ended(event: PipeEvent): void {
    const id = textOf(event.params.targetId) ?? ''
    this.#keptFrom.delete(id)
    const told = key(event.sessionId, id)
    if (this.#told.has(told) || this.#isAttached(id))
      this.#connection.deliver(event.raw, event.sessionId)
    if (event.method === 'Target.targetDestroyed') this.#told.delete(told)
  }

  #sees(info: Params): boolean {
    return this.selves.has(textOf(info.targetId) ?? '') || this.#scope.sees(info)
  }

  #isAttached(targetId: string): boolean {
    for (const session of this.#connection.sessions.values())
      if (session.targetId === targetId) return true
    return false
  }

  #say(method: string, params: Params, sessionId: string | undefined): void {
    this.#connection.deliver(eventText(method, params, sessionId), sessionId)
  }
}

function sessionOf(
  id: string,
  kind: AgentSession['kind'],
  targetId: string,
  parent: AgentSession,
): AgentSession {
  return { id, kind, targetId, parent, target: null, waits: false, queue: null }
}

function key(sessionId: string | undefined, targetId: string): string {
  return `${sessionId} ${targetId}`
}
