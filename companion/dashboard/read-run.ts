import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Part } from '#shared/ui/sentence.ts'
import { quoted } from '#shared/ui/visible.ts'
import type { Reading } from './read-entry.ts'

type Look = Pick<Reading, 'word' | 'icon' | 'tone'>

const CHANGES: ReadonlyMap<string, Look> = new Map([
  ['started', { word: 'Run started', icon: 'run', tone: 'plain' }],
  ['client', { word: 'Connected', icon: 'link', tone: 'plain' }],
  ['paused', { word: 'Paused', icon: 'pause', tone: 'hold' }],
  ['resumed', { word: 'Resumed', icon: 'play', tone: 'ok' }],
  ['killed', { word: 'Killed', icon: 'stop', tone: 'danger' }],
  ['ended', { word: 'Run ended', icon: 'check', tone: 'plain' }],
])

/** An entry of kind `run` at a glance. */
export function lookOfRun({ body }: AuditEntry): Look {
  if (body.change === 'takeover')
    return body.on === true
      ? { word: 'Taken over', icon: 'hand', tone: 'hold' }
      : { word: 'Given back', icon: 'hand', tone: 'plain' }
  return CHANGES.get(String(body.change)) ?? { word: 'Run', icon: 'run', tone: 'plain' }
}

/** The same in a sentence. What a person typed during a takeover is not recorded, only how much. */
export function saysOfRun({ body, actor }: AuditEntry): Part[] {
  const name = { page: quoted(text(body.name) || 'a run', 60) }
  const by = actor === 'companion' ? '' : ` by ${actor}`
  switch (body.change) {
    case 'started':
      return [name, ` of agent ${quoted(text(body.agent), 40)} came up`]
    case 'client':
      return [name, ` is driven by ${text(body.client)}`]
    case 'paused':
      return [name, ` was paused${by}: nothing of the agent's goes on`]
    case 'resumed':
      return [name, ` was resumed${by}`]
    case 'killed':
      return [name, ` was killed${by}`]
    case 'ended':
      return [name, ' ended: ', { page: quoted(text(body.why), 120) }]
    case 'takeover':
      return [name, body.on === true ? ` was taken over${by}: the agent waits` : given(body, by)]
    default:
      return [name, ' changed']
  }
}

function given(body: AuditEntry['body'], by: string): string {
  const did = `after ${count(body.presses, 'click')} and ${count(body.keys, 'key')}`
  return body.left === true
    ? ` was left behind ${did}, and is paused`
    : ` was given back${by} ${did}`
}

function count(value: unknown, one: string): string {
  const n = typeof value === 'number' ? value : 0
  return `${n} ${one}${n === 1 ? '' : 's'}`
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
