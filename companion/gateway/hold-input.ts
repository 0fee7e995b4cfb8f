import { randomUUID } from 'node:crypto'
import type { Door } from '#companion/core/door.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Action } from './action.ts'
import type { Agent, ClientFamily, Command } from './agent.ts'
import { browserRequest } from './browser-request.ts'
import { BUDGETS } from './budget.ts'
import { SERVER_ERROR } from './cdp.ts'
import { dialectOf } from './dialects/index.ts'
import { Dialogs } from './dialogs.ts'
import { fileChoice } from './files.ts'
import { Hands } from './hands.ts'
import { History } from './history.ts'
import { HitTest } from './hit-test.ts'
import { Holding } from './holding.ts'
import { Memory } from './memory.ts'
import type { Causes, InputHold } from './parts.ts'
import type { PictureDesk } from './picture.ts'
import type { Pipe } from './pipe.ts'
import { Release } from './release.ts'
import { spotOf } from './spot.ts'
import type { Target, Targets } from './targets.ts'
import { rootOf } from './unknown-target.ts'
import { Worlds } from './worlds.ts'

export interface InputHoldOptions {
  pipe: Pick<Pipe, 'call'>
  targets: Pick<Targets, 'get' | 'onGone'>
  /** The run's door. */
  doorOf(agent: Agent): Door
  causes: Causes
  classify(descriptor: Descriptor): Classification
  policyVersion(): string
  /** Monotonic time and timers; the core's clock fits. */
  clock: { monotonic(): number; after(ms: number, run: () => void): () => void }
  /** The script that looks into pages (`pageScript`). */
  script: string
  budgets?: Partial<Record<ClientFamily, number>>
  /** Told of what is held, so that a person can see it. */
  desk?: PictureDesk
  /** Longest time, in ms, for finding out what an input is aimed at. */
  lookMs?: number
  report(error: unknown): void
}

/** A busy page answers late; one that does not answer at all must not keep the queue for good. */
const LOOK_MS = 2000

/** How long a context may take to be known here too, in ms, after an agent was told of it. */
const CONTEXT_MS = 100

/** Holds what agents do with their hands. */
export function inputHold(options: InputHoldOptions): InputHold & Pick<HitTest, 'look'> {
  const { targets, doorOf, causes, classify, clock, pipe, desk, report } = options
  const nextId = () => `in_${randomUUID()}`
  const worlds = new Worlds(options.script)
  const dialogs = new Dialogs()
  const history = new History(report)
  const memory = new Memory(options.policyVersion)
  const hitTest = new HitTest({ worlds, targets, limitMs: options.lookMs ?? LOOK_MS, report })
  const monotonic = () => clock.monotonic()
  const release = new Release({ doorOf, classify, nextId, monotonic, report })
  const after = (ms: number, run: () => void) => clock.after(ms, run)
  const holding = new Holding({
    ...{ memory, release, causes, doorOf, monotonic, nextId, report },
    budgets: { ...BUDGETS, ...options.budgets },
    waiting: { targets, after },
    held(hold, agent, look) {
      if (desk)
        spotOf(hold, agent.run.id, look)
          .then((spot) => spot && desk.held(spot))
          .catch(report)
    },
    done: (hold) => desk?.done(hold),
  })
  const hands = new WeakMap<Target, Hands>()

  targets.onGone((target) => {
    if (target.parent === null) dialogs.gone(target)
    withdraw(
      memory.takeOpen(({ page }) => page === target),
      'its page was closed',
    )
  })

  function withdraw(open: ReturnType<Memory['takeOpen']>, reason: string): void {
    for (const { hold, agent } of open) {
      desk?.done(hold.id)
      doorOf(agent).withdraw(hold.id, reason).catch(report)
    }
  }

  function handsOf(page: Target): Hands {
    const known = hands.get(page)
    if (known) return known
    const made = new Hands(page, {
      ...{ hitTest, holding, monotonic, after, report },
      refuse: (command, refusal) => dialectOf(command.agent).refuse(command, refusal),
      undisturbed: (at) => dialogs.undisturbed(at),
    })
    hands.set(page, made)
    return made
  }

  async function settle(action: Action): Promise<void> {
    const { command } = action
    const settled = await holding.settle(action)
    if (settled.state === 'refused') dialectOf(command.agent).refuse(command, settled.refusal)
    if (settled.state !== 'sent') return
    await settled.answer
    settled.cause?.sent()
  }

  async function other(command: Command, page: Target | null, since: number): Promise<void> {
    const { method, agent } = command
    if (page && method === 'Page.handleJavaScriptDialog') {
      const action = dialogs.answer(command, page, since)
      if (action === null)
        agent.fail(command, { code: SERVER_ERROR, message: 'No dialog is showing' })
      else if (action === 'pass') await agent.forward(command)
      else await settle(action)
    } else if (page && method === 'DOM.setFileInputFiles')
      await settle(fileChoice(command, page, since, { pipe, hitTest }))
    else if (page && (method === 'Page.reload' || method === 'Page.navigateToHistoryEntry')) {
      if (await history.resends(command, page)) await settle(browserRequest(command, page, since))
      else await agent.forward(command)
    } else await settle(browserRequest(command, page, since))
  }

  function take(command: Command): void {
    if (dialectOf(command.agent).intercept(command)) return
    const page = command.target && rootOf(command.target)
    if (!command.method.startsWith('Input.')) {
      other(command, page, monotonic()).catch((error) => failed(command, error))
      return
    }
    // Only pages and their frames have hands.
    if (page?.type === 'page') handsOf(page).take(command)
    else command.agent.fail(command, { code: SERVER_ERROR, message: NO_PAGE })
  }

  function failed(command: Command, error: unknown): void {
    report(error)
    command.agent.fail(command, {
      code: SERVER_ERROR,
      message: 'Holdpoint: not executed; it failed',
    })
  }

  return {
    look: (page, aim, occasion, typing) => hitTest.look(page, aim, occasion, typing),
    async arm(target) {
      if (target.type !== 'page' && target.type !== 'iframe') return
      dialogs.arm(target)
      worlds.arm(target)
      if (target.parent === null) history.arm(target)
    },
    take,
    intercept(command) {
      if (command.method.startsWith('Input.')) {
        take(command)
        return true
      }
      if (dialectOf(command.agent).intercept(command)) return true
      const { target, params, agent } = command
      const busy = target && hands.get(rootOf(target))
      if (busy?.deciding(agent) && dialectOf(agent).gaveUp(command)) busy.gaveUp()
      if (METRICS.has(command.method) && params.scale !== undefined) {
        // A scaled page takes input elsewhere than where it is looked for (measured on Chromium 156).
        agent.forward(command, { ...params, scale: 1 }).catch(report)
        return true
      }
      const trespass = target ? worlds.trespasses(target, params) : 'no'
      if (!target || trespass === 'no') return false
      const refuse = () => agent.fail(command, { code: SERVER_ERROR, message: NO_CONTEXT })
      if (trespass === 'own') refuse()
      else
        after(CONTEXT_MS, () => {
          if (worlds.trespasses(target, params) !== 'no') refuse()
          else agent.forward(command).catch(report)
        })
      return true
    },
    hides: (event, target) => worlds.hides(event, target),
    left(agent) {
      withdraw(
        memory.takeOpen((open) => open.agent === agent),
        'its agent has gone',
      )
    },
  }
}

const METRICS = new Set(['Emulation.setDeviceMetricsOverride', 'Page.setDeviceMetricsOverride'])

const NO_PAGE = 'input needs the session of a page; attach to one with Target.attachToTarget'

/** Chromium's own words. */
const NO_CONTEXT = 'Cannot find context with specified id'
