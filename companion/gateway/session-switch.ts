import type { Session } from './cdp.ts'

/** Something of a session that is on as long as anybody wants it. */
export class SessionSwitch<State> {
  readonly #on: (session: Session) => State
  readonly #off: (session: Session) => void
  readonly #wanted = new Map<Session, { by: number; state: State }>()

  constructor(on: (session: Session) => State, off: (session: Session) => void) {
    this.#on = on
    this.#off = off
  }

  /** On from now until the returned function is called. */
  want(session: Session): () => void {
    const wanted = this.#wanted.get(session) ?? { by: 0, state: this.#on(session) }
    this.#wanted.set(session, wanted)
    wanted.by += 1
    let over = false
    return () => {
      if (over) return
      over = true
      wanted.by -= 1
      if (wanted.by > 0) return
      this.#wanted.delete(session)
      this.#off(session)
    }
  }

  /** What switching it on made; undefined while it is off. */
  of(session: Session): State | undefined {
    return this.#wanted.get(session)?.state
  }
}
