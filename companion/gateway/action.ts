import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Command } from './agent.ts'
import type { Seen } from './hit-test.ts'
import type { Target } from './targets.ts'

/** Something that an agent is about to do, and that can be looked at as often as needed. */
export interface Action {
  readonly command: Command
  /** The page it happens in; null for what concerns the browser as a whole. */
  readonly page: Target | null
  /** When it came, by the monotonic clock: its client has been waiting since. */
  readonly since: number
  look(): Promise<Look>
  /** Aborted when the client has told its user that the action failed: it must not happen any more. */
  readonly givenUp?: AbortSignal
  /** Whether it can still be done; a dialog may have been closed in the meantime. */
  stands?(): boolean
}

/** What it would act on now. */
export type Look = Pick<Seen, 'descriptor' | 'objectId' | 'frame'> & {
  target: Target | null
  /** When it began, by the monotonic clock. Left out where it is not known to be recent. */
  at?: number
}

/** The action in a few words, for the agent. */
export function whatOf({ gesture, key, target, link, request }: Descriptor): string {
  const unknown = target.hints.includes('target-unknown')
  const named = target.name === '' ? target.role : `${target.role} "${target.name}"`
  const on = unknown ? `something unknown at ${target.name || 'an unknown place'}` : named
  const how = gesture === 'key' ? `press of ${key ?? 'a key'}` : gesture
  if (gesture === 'request') return request?.method ?? target.name
  return `${how} on ${on}${link ? ` to ${link.href}` : ''}`
}

/** Host of the page that it is meant for. */
export function whereOf({ page }: Descriptor): string {
  return URL.canParse(page.url) ? new URL(page.url).host : ''
}
