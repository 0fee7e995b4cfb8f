import type { Command } from './agent.ts'
import type { AgentConnection } from './agent-connection.ts'
import type { AgentSession } from './agent-session.ts'
import { verdictOn } from './allowlist.ts'
import { type Params, paramsOf, SERVER_ERROR, textOf } from './cdp.ts'
import type { Frame } from './frame.ts'
import { goWhenRunning } from './open-page.ts'
import { mayHoldSecret, redactor } from './redact.ts'
import type { Run } from './run.ts'
import type { TargetEvents } from './target-events.ts'

/** What a tab, the frame around pages, understands; everything else goes to the page itself. */
const TAB_METHODS = new Set([
  'Runtime.runIfWaitingForDebugger',
  'Target.attachToTarget',
  'Target.detachFromTarget',
  'Target.setAutoAttach',
])

/** The way of every command of an agent: list of methods, then what the run may reach, then the holds,
 * then the browser. */
export class Conduct {
  readonly #connection: AgentConnection
  readonly #run: Run
  readonly #events: TargetEvents

  constructor(connection: AgentConnection, run: Run, events: TargetEvents) {
    this.#connection = connection
    this.#run = run
    this.#events = events
  }

  take(frame: Frame, session: AgentSession): void {
    const { id, method, sessionId } = frame
    const level = session.kind === 'browser' ? 'root' : 'target'
    const common = { id, method, sessionId, target: session.target, agent: this.#connection }
    const verdict = verdictOn(method, frame.params, level)
    const command: Command = {
      ...common,
      params: verdict.class === 'allow' ? (verdict.params ?? frame.params) : frame.params,
    }
    if (verdict.class === 'deny') {
      this.#run.refused(verdict.code, method, verdict.message)
      this.#fail(command, verdict.message)
    } else if (verdict.class === 'answer') this.#answer(command, verdict.result)
    else if (session.kind === 'tab' && !TAB_METHODS.has(method))
      this.#connection.fail(command, { code: -32601, message: `'${method}' wasn't found` })
    else {
      const scoped = this.#scoped(command, level)
      if (!scoped) return
      if (verdict.class === 'hold') this.#connection.hold(scoped)
      else if (this.#connection.mux.input.intercept(scoped)) return
      else if (verdict.class === 'guard') this.#guarded(scoped, session, verdict.first)
      else this.#pass(scoped, session)
    }
  }

  /** The command with the run's own ids; null where it was refused. */
  #scoped(command: Command, level: 'root' | 'target'): Command | null {
    const { sessionId } = command.params
    const { scope } = this.#run
    // Elsewhere the name means something else: Page.screencastFrameAck counts pictures by it.
    const named = command.method.startsWith('Target.') && sessionId !== undefined
    if (named && !this.#connection.sessions.has(textOf(sessionId) ?? '')) {
      this.#fail(command, 'No session with given id')
      return null
    }
    const verdict = scope.judge(command.method, command.params, level)
    if (verdict.class === 'pass')
      return verdict.params === command.params ? command : { ...command, params: verdict.params }
    if (verdict.forged !== undefined) this.#run.forged(verdict.forged)
    this.#connection.fail(command, verdict.problem)
    return null
  }

  #answer(command: Command, result: Params): void {
    this.#connection.answer(command, result)
    // The browser is not the agent's to end. Its tabs are, and its connection.
    if (command.method !== 'Browser.close') return
    this.#connection.close(1000, 'closed by Browser.close')
    this.#run.close()
  }

  #pass(command: Command, session: AgentSession): void {
    const { method, params } = command
    if (method === 'Target.createTarget') {
      this.#createTarget(command)
      return
    }
    if (method === 'Target.attachToBrowserTarget') this.#events.awaitsBrowser += 1
    if (method === 'Target.setDiscoverTargets') this.#events.discovers = params.discover === true
    this.#connection.pass(command, params)
    // The session's queue has seen to it that the target is armed.
    if (method === 'Runtime.runIfWaitingForDebugger') this.#connection.letRun(session)
  }

  /** The page gets a blank address, and goes to the one asked for when it is armed and no agent waits
   * for it: see open-page.ts. */
  #createTarget(command: Command): void {
    const { pipe, targets, report } = this.#connection.mux
    const url = textOf(command.params.url) ?? 'about:blank'
    this.#connection.pass(command, { ...command.params, url: 'about:blank' }, (raw) => {
      const id = textOf(paramsOf(paramsOf(JSON.parse(raw)).result).targetId)
      if (id === undefined || url === 'about:blank') return
      goWhenRunning(pipe, targets, id, url).catch(report)
    })
  }

  /** Sends `first` before the command, and the command only if that went well. The session's next
   * commands wait for both. */
  #guarded(
    command: Command,
    session: AgentSession,
    first: { method: string; params: Params },
  ): void {
    session.queue ??= []
    this.#connection.mux.pipe
      .call(first.method, first.params, session.id)
      .then(
        () => this.#pass(command, session),
        () => this.#fail(command, `Holdpoint could not make ${command.method} safe`),
      )
      .then(() => this.#events.flush(session))
      .catch(this.#connection.mux.report)
  }

  #fail(command: Command, message: string): void {
    this.#connection.fail(command, { code: SERVER_ERROR, message })
  }

  /** How an answer is read before the agent gets it; null where it passes as text. */
  reader(method: string): ((raw: string) => string) | null {
    const scope = this.#run.scope.results[method]
    const redact = redactor(method)
    if (!scope && !redact) return null
    return (raw) => {
      if (!scope && !mayHoldSecret(raw)) return raw
      const message = paramsOf(JSON.parse(raw))
      if (message.error !== undefined) return raw
      let result = paramsOf(message.result)
      if (scope) result = scope(result)
      if (redact) result = redact(result)
      return JSON.stringify({ ...message, result })
    }
  }
}
