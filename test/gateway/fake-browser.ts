import { PassThrough } from 'node:stream'
import { setImmediate as tick } from 'node:timers/promises'
import type { Command } from '#companion/gateway/agent.ts'
import { AgentConnection, type Mux } from '#companion/gateway/agent-connection.ts'
import { SessionOwners } from '#companion/gateway/agent-session.ts'
import { type Params, paramsOf, textOf } from '#companion/gateway/cdp.ts'
import { Pipe } from '#companion/gateway/pipe.ts'
import { Run } from '#companion/gateway/run.ts'
import { Scope } from '#companion/gateway/scope.ts'
import { Targets } from '#companion/gateway/targets.ts'
import { FakeDoor } from '../unit/gateway/fake-door.ts'

/** A command as it came out of the pipe. */
export interface Sent {
  method: string
  params: Params
  sessionId: string | undefined
}

/** The far end of a debugging pipe: it answers every command, does nothing, and keeps what it was sent. */
class FakeBrowser {
  readonly pipe: Pipe
  readonly sent: Sent[] = []
  readonly #out = new PassThrough()
  /** The browser's id of the root session that an agent was given last. */
  root = ''
  #connections = 0
  #rest = ''

  constructor() {
    const into = new PassThrough()
    this.pipe = new Pipe(into, this.#out)
    into.on('data', (chunk: Buffer) => this.#take(chunk.toString('utf8')))
  }

  emit(method: string, params: Params, sessionId?: string): void {
    this.#out.write(`${JSON.stringify({ method, params, sessionId })}\0`)
  }

  #take(text: string): void {
    const messages = (this.#rest + text).split('\0')
    this.#rest = messages.pop() ?? ''
    for (const message of messages) {
      const { id, method, params, sessionId } = paramsOf(JSON.parse(message))
      const sent = {
        method: textOf(method) ?? '',
        params: paramsOf(params),
        sessionId: textOf(sessionId),
      }
      this.sent.push(sent)
      const answer = { id, result: this.#answer(sent), sessionId }
      this.#out.write(`${JSON.stringify(answer)}\0`)
    }
  }

  #answer({ method, sessionId }: Sent): Params {
    if (method === 'Target.attachToBrowserTarget' && sessionId === undefined) {
      this.root = `AGENT${++this.#connections}`
      return { sessionId: this.root }
    }
    if (method === 'Target.getTargetInfo') return { targetInfo: info('BROWSER', 'browser') }
    return {}
  }
}

/** Ids of what the run has, and of what it must not reach. */
export const OWN = { target: 'PAGE', context: 'CONTEXT' }
export const FOREIGN = {
  targets: ['OTHERPAGE', 'EXTENSION', 'SETTINGS'],
  context: 'OTHERCONTEXT',
  /** The companion's own sessions, and that of an agent in another run. */
  sessions: ['COMPANIONPAGE', 'COMPANIONOTHERPAGE', 'COMPANIONEXTENSION', 'STRANGER'],
}

export interface FakeRun {
  readonly browser: FakeBrowser
  /** Commands that were given to the input hold. */
  readonly held: Command[]
  /** What the agent was told, as text. */
  readonly told: string[]
  /** The sessions of the agent's that are open: its root and its page. */
  sessions(): { root: string; page: string }
  /** Sends one message as the agent. Connects anew where the last one has ended the connection. */
  say(text: string): Promise<void>
  /** Resolves once nothing is under way. */
  idle(): Promise<void>
}

/** A run with one agent and one page, in a browser that is only a pipe. Everything between the agent's
 * socket and the pipe is the real thing, except for the input hold. */
export async function startFakeRun(): Promise<FakeRun> {
  const browser = new FakeBrowser()
  const owners = new SessionOwners<AgentConnection>()
  const held: Command[] = []
  const told: string[] = []
  const failures: unknown[] = []
  const report = (error: unknown) => void failures.push(error)
  const targets = new Targets(browser.pipe, {
    arm: done,
    awaited: (id) => owners.awaited(id),
    report,
  })
  browser.pipe.onEvent((event) => {
    if (event.sessionId !== undefined) owners.ownerOf(event.sessionId)?.event(event)
  })
  const mux: Mux = {
    pipe: browser.pipe,
    targets,
    owners,
    input: {
      arm: done,
      take: (command) => {
        held.push(command)
        command.agent.fail(command, { code: -32000, message: 'held' })
      },
      intercept: () => false,
      hides: () => false,
      left: () => undefined,
    },
    report,
  }
  await targets.start()
  for (const target of INFOS) {
    browser.emit('Target.targetCreated', { targetInfo: target })
    const sessionId = `COMPANION${target.targetId}`
    const attached = { sessionId, targetInfo: target, waitingForDebugger: false }
    browser.emit('Target.attachedToTarget', attached)
  }
  const run = new Run({
    ref: { id: 'run_1', name: 'fuzz', agent: 'fuzz' },
    door: new FakeDoor(),
    scope: new Scope(targets, OWN.context, () => new Set([4711])),
    targets,
    closed: () => undefined,
    left: () => undefined,
    closeTarget: () => undefined,
    disposeContext: () => undefined,
  })

  let connections = 0
  const connect = async () => {
    const id = `run_1:${++connections}`
    const opened = await AgentConnection.open({ mux, run, family: 'other', id })
    opened.attach({ send: (message) => void told.push(message), close: () => undefined })
    run.connected(opened)
    for (const target of INFOS) {
      const sessionId = `AGENT${connections}${target.targetId}`
      const attached = { sessionId, targetInfo: target, waitingForDebugger: false }
      browser.emit('Target.attachedToTarget', attached, browser.root)
    }
    await idle()
    return opened
  }
  const idle = async () => {
    for (
      let quiet = 0, before = -1;
      quiet < 3;
      quiet = browser.sent.length === before ? quiet + 1 : 0
    ) {
      before = browser.sent.length
      await tick()
    }
    if (failures.length > 0) throw failures[0]
  }
  let connection = await connect()
  return {
    browser,
    held,
    told,
    idle,
    sessions: () => ({ root: browser.root, page: `${browser.root}PAGE` }),
    say: async (text) => {
      if (connection.gone.aborted) connection = await connect()
      connection.receive(text)
    },
  }
}

const done = () => Promise.resolve()

function info(targetId: string, type: string, url = '', browserContextId = OWN.context): Params {
  return { targetId, type, url, title: '', attached: true, browserContextId }
}

const INFOS = [
  info(OWN.target, 'page', 'https://example.com/'),
  info('OTHERPAGE', 'page', 'https://example.com/', FOREIGN.context),
  info('EXTENSION', 'service_worker', 'chrome-extension://abc/worker.js'),
  info('SETTINGS', 'page', 'chrome://settings/'),
]
