import type { Takeover } from '#companion/core/live-run.ts'
import type { RunRef } from '#shared/protocol/descriptor.ts'
import type { TakeoverInput } from '#shared/protocol/run.ts'
import type { Params, Session } from './cdp.ts'
import type { Aim, HitTest, Occasion } from './hit-test.ts'
import { keyCode } from './key-codes.ts'
import type { Causes, CauseTicket } from './parts.ts'
import type { RunPicture } from './picture.ts'
import type { Target } from './targets.ts'
import { within } from './within.ts'

export interface TakeoverParts {
  run: RunRef
  /** The run's pages as they are now, oldest first. */
  pages(): readonly Target[]
  hitTest: Pick<HitTest, 'look'>
  causes: Causes
  picture: Pick<RunPicture, 'hands'>
  report(error: unknown): void
}

/** A person's own hands in a run's browser: their input goes out on the companion's own sessions, so
 * it is trusted like the agent's and nobody takes it for the agent's. What it causes at the network
 * is covered as theirs. Nobody is asked about it: it is the supervisor who acts. */
export function takeover(parts: TakeoverParts): Takeover {
  return new Hands(parts)
}

/** How long the browser may take to bring a page to the front. */
const FRONT_MS = 300

/** How long the browser may take to take an input: one that opens a dialog is not answered before
 * that is closed, and the person must be able to close it. */
const INPUT_MS = 1000

type Of<T extends TakeoverInput['type']> = Extract<TakeoverInput, { type: T }>
type Mouse = Of<'move' | 'press' | 'release' | 'wheel'>

class Hands implements Takeover {
  readonly #parts: TakeoverParts
  #audit: string | null = null
  #front: Target | null = null
  /** The button that is down, so that it does not stay so when the browser is given back. */
  #down: { target: Target; input: Of<'press'>; cause: CauseTicket } | null = null
  #turn: Promise<void> = Promise.resolve()

  constructor(parts: TakeoverParts) {
    this.#parts = parts
  }

  begin(audit: string): void {
    this.#audit = audit
    this.#parts.picture.hands(true)
  }

  end(): void {
    this.#audit = null
    this.#front = null
    this.#parts.picture.hands(false)
    const down = this.#down
    if (down) this.#mouse(down.target, { ...down.input, type: 'release' }).catch(this.#parts.report)
  }

  act(page: string, input: TakeoverInput): Promise<void> {
    // What opened the dialog is under way until it is answered.
    if (input.type === 'dialog') return this.#act(page, input)
    const done = this.#turn.then(() => this.#act(page, input))
    this.#turn = done.catch(() => {
      // Whoever sent this input hears of it; the next one has its own turn.
    })
    return done
  }

  async #act(page: string, input: TakeoverInput): Promise<void> {
    const target = this.#parts.pages().find(({ id }) => id === page)
    if (this.#audit === null || !target) throw new Error('that page is closed, or given back')
    if (input.type === 'dialog') return await this.#dialog(target, input)
    if (this.#front !== target) {
      await within(FRONT_MS, target.session.call('Page.bringToFront'))
      this.#front = target
    }
    if (input.type === 'key') await this.#key(target, input)
    else if (input.type === 'text') await this.#text(target, input)
    else await this.#mouse(target, input)
  }

  async #mouse(target: Target, input: Mouse): Promise<void> {
    const { session } = target
    const { x, y, modifiers } = input
    const at = { x, y, modifiers }
    const method = 'Input.dispatchMouseEvent'
    switch (input.type) {
      case 'move': {
        const button = this.#down?.input.button ?? 'none'
        await send(session, method, { type: 'mouseMoved', ...at, button, buttons: bit(button) })
        return
      }
      case 'wheel':
        await send(session, method, {
          type: 'mouseWheel',
          ...at,
          deltaX: input.dx,
          deltaY: input.dy,
        })
        return
      case 'press': {
        const cause = await this.#begin(target, { point: { x, y } }, { gesture: 'click' })
        this.#down = { target, input, cause }
        await send(session, method, { type: 'mousePressed', ...at, ...pressed(input) })
        return
      }
      case 'release': {
        const down = this.#down
        this.#down = null
        await send(
          session,
          method,
          { type: 'mouseReleased', ...at, ...pressed(input) },
          down?.cause,
        )
      }
    }
  }

  async #key(target: Target, { down, key, code, modifiers }: Of<'key'>): Promise<void> {
    const common = { key, code, modifiers, windowsVirtualKeyCode: keyCode(key, code) }
    const method = 'Input.dispatchKeyEvent'
    if (!down) {
      await send(target.session, method, { type: 'keyUp', ...common })
      return
    }
    const cause = await this.#begin(target, 'focus', { gesture: 'key', key })
    const text = written(key, modifiers)
    const type = text === undefined ? 'rawKeyDown' : 'keyDown'
    const params = { type, ...common, ...(text === undefined ? {} : { text }) }
    await send(target.session, method, params, cause)
  }

  async #text(target: Target, { text }: Of<'text'>): Promise<void> {
    const cause = await this.#begin(target, 'focus', { gesture: 'key' })
    await send(target.session, 'Input.insertText', { text }, cause)
  }

  async #dialog(target: Target, { accept, text }: Of<'dialog'>): Promise<void> {
    const answer = { accept, ...(text === undefined ? {} : { promptText: text }) }
    await target.session.call('Page.handleJavaScriptDialog', answer)
  }

  /** Opens the cause of an input, right before it is sent. */
  async #begin(page: Target, aim: Aim, occasion: Occasion): Promise<CauseTicket> {
    const { run, causes, hitTest } = this.#parts
    const { descriptor, target, objectId } = await hitTest.look(page, aim, occasion)
    const ticket = causes.begin(target, objectId)
    ticket.let({
      ...{ target, agent: null, audit: this.#audit, covers: 'all' },
      descriptor: { ...descriptor, door: 'gateway', run, provenance: 'human' },
    })
    return ticket
  }
}

/** Rejects where the browser refuses the input. With the last part of an input comes its `cause`. */
async function send(
  session: Session,
  method: string,
  params: Params,
  cause?: CauseTicket,
): Promise<void> {
  const sent = session.call(method, params)
  sent.then(
    () => cause?.sent(),
    () => cause?.dropped(),
  )
  await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, INPUT_MS).unref())])
}

function pressed({ type, button, clicks }: Of<'press' | 'release'>): Params {
  return { button, clickCount: clicks, buttons: type === 'press' ? bit(button) : 0 }
}

function bit(button: string): number {
  return { left: 1, right: 2, middle: 4 }[button] ?? 0
}

/** What a key writes; undefined for one that only does something. Control or Meta held down makes a
 * command of a letter (CDP modifier bits 2 and 4). */
function written(key: string, modifiers: number): string | undefined {
  if ((modifiers & 6) !== 0) return undefined
  if (key === 'Enter') return '\r'
  return [...key].length === 1 ? key : undefined
}
