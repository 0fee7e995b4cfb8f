import type { Agent, ClientFamily, Command } from '#companion/gateway/agent.ts'
import type { Params } from '#companion/gateway/cdp.ts'
import type { Target } from '#companion/gateway/targets.ts'

/** What an agent was sent, in order. */
export type Sent =
  | { answer: number; result: Params }
  | { fail: number; message: string }
  | { event: string; params: Params; sessionId: string | undefined }

export interface RecordedAgent extends Agent {
  readonly sent: Sent[]
}

export function recordedAgent(family: ClientFamily): RecordedAgent {
  const sent: Sent[] = []
  return {
    sent,
    id: 'agent_1',
    run: { id: 'run_1', name: 'Tidy up' },
    family,
    forward: () => Promise.reject(new Error('a dialect forwards nothing')),
    answer: ({ id }, result) => void sent.push({ answer: id, result }),
    fail: ({ id }, { message }) => void sent.push({ fail: id, message }),
    emit: (sessionId, event, params) => void sent.push({ event, params, sessionId }),
    gone: new AbortController().signal,
    ready: () => Promise.resolve(),
  }
}

export interface RecordedTarget extends Target {
  /** As if the browser had sent it to the companion's own session. */
  happens(event: string): void
}

export function recordedTarget(id: string, parent: Target | null = null): RecordedTarget {
  const listeners = new Map<string, Set<(params: Params) => void>>()
  return {
    id,
    type: parent === null ? 'page' : 'iframe',
    parent,
    opener: null,
    browserContextId: 'context_1',
    url: 'https://crm.example.com/',
    title: 'Customers',
    armed: Promise.resolve(),
    session: {
      id: `own_${id}`,
      call: () => Promise.resolve({}),
      on(method, listener) {
        const known = listeners.get(method) ?? new Set()
        listeners.set(method, known.add(listener))
        return () => void known.delete(listener)
      },
    },
    happens(event) {
      for (const listener of [...(listeners.get(event) ?? [])]) listener({})
    },
  }
}

let last = 0

/** A command of that agent on a session of its own to that target. */
export function commandOf(
  agent: Agent,
  target: Target | null,
  method: string,
  params: Params = {},
) {
  const sessionId = target === null ? undefined : `agent_${target.id}`
  const command: Command = { id: ++last, method, params, sessionId, target, agent }
  return command
}
