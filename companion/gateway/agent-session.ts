import type { Frame } from './frame.ts'
import type { Target } from './targets.ts'

/** One of an agent's sessions, by the browser's own id of it: those are random, and an agent gets to
 * use only those that it was told. */
export interface AgentSession {
  readonly id: string
  /** `tab`: the frame around pages that Puppeteer attaches to; it holds nothing to act on. */
  readonly kind: 'browser' | 'tab' | 'target'
  readonly targetId: string
  readonly parent: AgentSession | null
  /** The companion's own view of its target; null before it is armed, and for browser and tab. */
  target: Target | null
  /** The target stands still until this session lets it run. */
  waits: boolean
  /** Commands that came while the companion was not ready for them, in their order. */
  queue: Frame[] | null
}

/** Where events go: which agent's connection owns a session, and which targets agents keep waiting. */
export class SessionOwners<Owner> {
  readonly #owners = new Map<string, Owner>()
  readonly #waiting = new Map<string, Set<string>>()

  own(sessionId: string, owner: Owner): void {
    this.#owners.set(sessionId, owner)
  }

  ownerOf(sessionId: string): Owner | undefined {
    return this.#owners.get(sessionId)
  }

  disown(sessionId: string): void {
    this.#owners.delete(sessionId)
  }

  /** Notes that a session keeps a target from running. */
  keep(targetId: string, sessionId: string): void {
    const sessions = this.#waiting.get(targetId) ?? new Set()
    this.#waiting.set(targetId, sessions.add(sessionId))
  }

  unkeep(targetId: string, sessionId: string): void {
    const sessions = this.#waiting.get(targetId)
    sessions?.delete(sessionId)
    if (sessions?.size === 0) this.#waiting.delete(targetId)
  }

  awaited(targetId: string): boolean {
    return this.#waiting.has(targetId)
  }
}
