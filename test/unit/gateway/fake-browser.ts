import { PassThrough } from 'node:stream'
import type { Door, Refused } from '#companion/core/door.ts'
import type { Command } from '#companion/gateway/agent.ts'
import { AgentConnection, type Mux } from '#companion/gateway/agent-connection.ts'
import { SessionOwners } from '#companion/gateway/agent-session.ts'
import { type Params, paramsOf, textOf } from '#companion/gateway/cdp.ts'
import { Pipe } from '#companion/gateway/pipe.ts'
import { Run } from '#companion/gateway/run.ts'
import { Scope } from '#companion/gateway/scope.ts'
import { Targets } from '#companion/gateway/targets.ts'

/** What a browser was sent, with a page in each of two contexts: `own` is the run's, `foreign` is not. */
export interface FakeBrowser {
  pipe: Pipe
  /** Commands that reached it, in their order, the companion's own among them. */
  sent: { method: string; params: Params; sessionId: string | undefined }[]
  /** Sends an event. */
  emit(method: string, params: Params, sessionId?: string): void
  /** Text as a browser writes it. */
  write(text: string): void
  /** Ends it. */
  end(): void
}

const info = (targetId: string, browserContextId: string, type = 'page') => ({
  ...{ targetId, type, title: targetId, url: 'http://site.test/', attached: true },
  ...{ canAccessOpener: false, browserContextId },
})

/** The other end of a debugging pipe, in this process. Answers what every connection asks, and `{}`. */
export function fakeBrowser(): FakeBrowser {
  const toBrowser = new PassThrough()
  const fromBrowser = new PassThrough()
  const pipe = new Pipe(toBrowser, fromBrowser)
  const sent: FakeBrowser['sent'] = []
  const write = (text: string) => void fromBrowser.write(`${text}\0`)
  const emit = (method: string, params: Params, sessionId?: string) =>
    write(JSON.stringify({ method, params, sessionId }))
  let sessions = 0
  const results: Record<string, (params: Params, sessionId?: string) => Params> = {
    'Target.attachToBrowserTarget': () => ({ sessionId: `R${++sessions}` }),
    'Target.getTargetInfo': (_params, sessionId) => ({
      targetInfo: { targetId: `browser-of-${sessionId}`, type: 'browser' },
    }),
    'Target.getTargets': () => ({ targetInfos: [info('own', 'ctx'), info('foreign', 'other')] }),
    'Target.attachToTarget': ({ targetId }, sessionId) => {
      const id = `S${++sessions}`
      const targetInfo = info(textOf(targetId) ?? '', 'ctx')
      const waitingForDebugger = false
      emit('Target.attachedToTarget', { sessionId: id, targetInfo, waitingForDebugger }, sessionId)
      return { sessionId: id }
    },
  }
  let rest = ''
  toBrowser.on('data', (chunk: Buffer) => {
    const texts = (rest + chunk.toString('utf8')).split('\0')
    rest = texts.pop() ?? ''
    for (const text of texts) {
      const { id, method, params, sessionId } = paramsOf(JSON.parse(text))
      const session = textOf(sessionId)
      sent.push({ method: String(method), params: paramsOf(params), sessionId: session })
      const result = results[String(method)]?.(paramsOf(params), session) ?? {}
      write(JSON.stringify({ id, result, sessionId: session }))
    }
  })
  return { pipe, sent, emit, write, end: () => void fromBrowser.end() }
}

export interface FakeAgent {
  browser: FakeBrowser
  connection: AgentConnection
  run: Run
  /** What the agent was sent, parsed. */
  heard: Params[]
  /** Commands that went to the input hold, which lets every one of them wait. */
  held: Command[]
  refused: Refused[]
  forged: string[]
  closed: number[]
  /** Lets everything that is under way arrive. */
  settle(): Promise<void>
  /** Attaches to the run's own page, and says which session that is. */
  attach(): Promise<string>
}

/** An agent's connection to a fake browser. */
export async function fakeAgent(browser = fakeBrowser()): Promise<FakeAgent> {
  const { pipe } = browser
  const [heard, held, refused, forged, closed]: [
    Params[],
    Command[],
    Refused[],
    string[],
    number[],
  ] = [[], [], [], [], []]
  const owners = new SessionOwners<AgentConnection>()
  const targets = new Targets(pipe, {
    arm: async () => undefined,
    awaited: (id) => owners.awaited(id),
    report: (error) => {
      throw error
    },
  })
  await targets.start()
  for (const [at, context] of [
    ['own', 'ctx'],
    ['foreign', 'other'],
  ] as const) {
    const attached = {
      sessionId: `C-${at}`,
      targetInfo: info(at, context),
      waitingForDebugger: false,
    }
    browser.emit('Target.targetCreated', { targetInfo: info(at, context) })
    browser.emit('Target.attachedToTarget', attached)
  }
  const door: Pick<Door, 'refused' | 'forged'> = {
    refused: async (entry) => {
      refused.push(entry)
      return 'aud_1'
    },
    forged: async (why) => void forged.push(why),
  }
  const run = new Run({
    ref: { id: 'run_1', name: 'test', agent: 'test' },
    scope: new Scope(targets, 'ctx', () => new Set([4763])),
    door: { ...unusedDoor, ...door },
    targets,
    closed: () => undefined,
    left: () => undefined,
    closeTarget: () => undefined,
    disposeContext: () => undefined,
  })
  const mux: Mux = {
    ...{ pipe, targets, owners },
    input: {
      arm: async () => undefined,
      take: (command) => void held.push(command),
      intercept: () => false,
      hides: () => false,
      left: () => undefined,
    },
    report: (error) => {
      throw error
    },
  }
  pipe.onEvent((event) => owners.ownerOf(event.sessionId ?? '')?.event(event))
  const connection = await AgentConnection.open({ mux, run, family: 'other', id: 'a1' })
  connection.attach({
    send: (text) => void heard.push(paramsOf(JSON.parse(text))),
    close: (code) => void closed.push(code),
  })
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  await settle()
  browser.sent.length = 0
  return {
    ...{ browser, connection, run, heard, held, refused, forged, closed, settle },
    async attach() {
      const params = { targetId: 'own', flatten: true }
      connection.receive(JSON.stringify({ id: 77, method: 'Target.attachToTarget', params }))
      await settle()
      const answer = heard.find(({ id }) => id === 77)
      return textOf(paramsOf(answer?.result).sessionId) ?? ''
    },
  }
}

const unused = () => {
  throw new Error('this test has no use for it')
}
const unusedDoor: Door = {
  ask: unused,
  pass: unused,
  decided: unused,
  redeem: unused,
  covered: unused,
  outcome: unused,
  withdraw: unused,
  refused: unused,
  forged: unused,
}
