import type { Action, Look } from './action.ts'
import type { Point } from './affine.ts'
import type { Agent, Command, CommandAnswer } from './agent.ts'
import { numberOf, paramsOf, SERVER_ERROR, textOf } from './cdp.ts'
import { droppedFiles, withFiles } from './files.ts'
import { type Part, partOf } from './gesture.ts'
import type { Aim, HitTest, Occasion } from './hit-test.ts'
import type { Holding } from './holding.ts'
import { InputQueue } from './input-queue.ts'
import type { CauseTicket } from './parts.ts'
import type { Refusal } from './refusal.ts'
import type { Target } from './targets.ts'
import { unknownTarget } from './unknown-target.ts'

/** Movement from press to release from which on they are two places, in CSS px. */
const DRAG_PX = 5

/** How long a gesture whose last part does not come is taken to go on, in ms. */
const LAST_PART_MS = 1000

/** Clicks of a double click follow each other within this time, in ms. */
const DOUBLE_MS = 1000

/** A gesture of one agent between its first part and its last. */
interface Gesture {
  cause: CauseTicket | null
  refusal: Refusal | null
  point: Point | null
  draggable: boolean
  /** When it was refused, by the monotonic clock. */
  at: number
  /** Its last part has come. */
  over: boolean
  cancel: (() => void) | null
}

export interface HandsOptions {
  hitTest: Pick<HitTest, 'look'>
  holding: Holding
  /** Tells the agent that a command was not executed, in its client's form. */
  refuse(command: Command, refusal: Refusal): void
  /** Resolves once no dialog stops the page: until then nobody can look into it. */
  undisturbed(page: Target): Promise<void>
  monotonic(): number
  after(ms: number, run: () => void): () => void
  report(error: unknown): void
}

/** The hands of all agents on one page: one queue, because a page has one mouse and one focus. */
export class Hands {
  readonly #page: Target
  readonly #options: HandsOptions
  readonly #queue: InputQueue
  readonly #gestures = new Map<string, Gesture>()
  /** The key whose character may follow, by agent. */
  readonly #down = new Map<string, Gesture>()

  /** What is being decided. */
  #current: { command: Command; giving: AbortController } | null = null

  constructor(page: Target, options: HandsOptions) {
    this.#page = page
    this.#options = options
    this.#queue = new InputQueue(options.report)
  }

  /** Whether an input of this agent is being decided. */
  deciding(agent: Agent): boolean {
    return this.#current?.command.agent === agent
  }

  /** The client of what is being decided no longer waits for it. */
  gaveUp(): void {
    this.#current?.giving.abort()
  }

  take(command: Command): void {
    const part = partOf(command.method, command.params)
    if (part.kind === 'pass' && this.#queue.idle) {
      command.agent.forward(command).catch(this.#options.report)
      return
    }
    const since = this.#options.monotonic()
    this.#queue.add(() => this.#do(command, part, since))
  }

  async #do(command: Command, part: Part, since: number): Promise<void> {
    await command.agent.ready()
    if (command.agent.gone.aborted) return
    switch (part.kind) {
      case 'pass':
        return void this.#forward(command)
      case 'begin':
        return await this.#begin(command, part.hand, part.aim, part.occasion, since)
      case 'type':
        return await this.#type(command, part.hand, part.occasion, since)
      case 'char':
        return await this.#char(command, part.enter, since)
      case 'later':
        return await this.#later(command, part, since)
    }
  }

  async #begin(
    command: Command,
    hand: string,
    aim: Aim | null,
    occasion: Occasion,
    since: number,
  ): Promise<void> {
    const id = `${command.agent.id} ${hand}`
    const before = this.#gestures.get(id)
    // The second click of a double click whose first one was refused.
    const { refusal, at } = before ?? { refusal: null, at: 0 }
    const again = (numberOf(command.params.clickCount) ?? 0) > 1
    if (refusal && again && this.#options.monotonic() - at < DOUBLE_MS) {
      this.#options.refuse(command, refusal)
      return
    }
    if (before) this.#end(before)
    this.#gestures.delete(id)
    const gesture = await this.#settle(command, aim, occasion, since)
    if (!gesture) return
    if (hand === 'once') gesture.over = true
    else this.#gestures.set(id, gesture)
    if (hand.startsWith('key ')) this.#down.set(command.agent.id, gesture)
  }

  /** Decides one part; null where nobody is there any more. */
  async #settle(
    command: Command,
    aim: Aim | null,
    occasion: Occasion,
    since: number,
    first?: Look & { draggable: boolean },
  ): Promise<Gesture | null> {
    let draggable = false
    let seen = first
    const look = async () => {
      await this.#options.undisturbed(this.#page)
      const now = seen ?? (await this.#look(command, aim, occasion))
      seen = undefined
      draggable = now.draggable
      return now
    }
    const giving = new AbortController()
    this.#current = { command, giving }
    const action: Action = { command, page: this.#page, since, look, givenUp: giving.signal }
    const settled = await this.#options.holding.settle(action)
    this.#current = null
    if (settled.state === 'gone') return null
    const gesture: Gesture = {
      ...{ cause: null, refusal: null, draggable, over: false, cancel: null },
      point: aim !== null && aim !== 'focus' && 'point' in aim ? aim.point : null,
      at: this.#options.monotonic(),
    }
    if (settled.state === 'refused') {
      gesture.refusal = settled.refusal
      // Whoever has given up reads no answer to it, but might take it for one to the next action.
      if (!giving.signal.aborted) this.#options.refuse(command, settled.refusal)
      else command.agent.fail(command, { code: SERVER_ERROR, message: settled.refusal.text })
      return gesture
    }
    gesture.cause = settled.cause
    settled.answer.then(() => {
      if (gesture.over) this.#end(gesture)
      else gesture.cancel = this.#options.after(LAST_PART_MS, () => this.#end(gesture))
    }, this.#options.report)
    return gesture
  }

  async #look(command: Command, aim: Aim | null, occasion: Occasion) {
    const { hitTest, monotonic } = this.#options
    const target = command.target ?? this.#page
    const at = monotonic()
    const seen =
      aim === null
        ? { ...NOWHERE, descriptor: unknownTarget(target, occasion), target }
        : await hitTest.look(target, aim, occasion)
    if (occasion.gesture !== 'drop') return { ...seen, at }
    const files = await droppedFiles(command.params)
    return { ...seen, at, descriptor: withFiles(seen.descriptor, files) }
  }

  async #type(
    command: Command,
    hand: string | null,
    occasion: Occasion,
    since: number,
  ): Promise<void> {
    await this.#options.undisturbed(this.#page)
    const at = command.target ?? this.#page
    const begun = this.#options.monotonic()
    const seen = await this.#options.hitTest.look(at, 'focus', occasion, true)
    if (command.agent.gone.aborted) return
    const id = `${command.agent.id} ${hand ?? 'once'}`
    this.#gestures.delete(id)
    if (seen.typing) return void this.#forward(command)
    const first = { ...seen, at: begun }
    const gesture = await this.#settle(command, 'focus', occasion, since, first)
    if (!gesture || hand === null) return
    this.#gestures.set(id, gesture)
    this.#down.set(command.agent.id, gesture)
  }

  /** chromedriver sends a key as down, character and up; others send the character with the key. */
  async #char(command: Command, enter: boolean, since: number): Promise<void> {
    const down = this.#down.get(command.agent.id)
    this.#down.delete(command.agent.id)
    if (down?.refusal) return this.#options.refuse(command, down.refusal)
    if (down && !down.over) return void this.#forward(command)
    const occasion: Occasion = { gesture: 'key', key: enter ? 'Enter' : nameOf(command) }
    if (enter) return await this.#begin(command, 'once', 'focus', occasion, since)
    await this.#type(command, null, occasion, since)
  }

  async #later(
    command: Command,
    { hand, last, point }: Part & { kind: 'later' },
    since: number,
  ): Promise<void> {
    const id = `${command.agent.id} ${hand}`
    const gesture = this.#gestures.get(id)
    if (gesture?.refusal) return this.#options.refuse(command, gesture.refusal)
    if (hand === 'mouse' && point !== undefined && !isNear(gesture, point)) {
      // Let go elsewhere: that is a place, and an action, of its own.
      const dropped = gesture?.draggable === true
      if (gesture) this.#end(gesture)
      this.#gestures.delete(id)
      const occasion: Occasion = { gesture: dropped ? 'drop' : 'click' }
      const end = await this.#settle(command, point && { point }, occasion, since)
      if (end) end.over = true
      return
    }
    const answer = this.#forward(command)
    if (!gesture || !last) return
    this.#gestures.delete(id)
    answer.then(() => this.#end(gesture), this.#options.report)
  }

  #end(gesture: Gesture): void {
    gesture.cancel?.()
    gesture.cancel = null
    gesture.over = true
    gesture.cause?.sent()
    gesture.cause = null
  }

  #forward(command: Command): Promise<CommandAnswer> {
    const answer = command.agent.forward(command)
    answer.catch(this.#options.report)
    return answer
  }
}

const NOWHERE = { draggable: false, frame: null, objectId: null }

function isNear(gesture: Gesture | undefined, point: Point | null): boolean {
  if (!gesture?.point || !point) return false
  return Math.hypot(gesture.point.x - point.x, gesture.point.y - point.y) <= DRAG_PX
}

function nameOf({ params }: Command): string {
  return textOf(paramsOf(params).text) ?? ''
}
