import { beforeEach, describe, expect, it } from 'vitest'
import type { Agent, ClientFamily, CommandAnswer } from '#companion/gateway/agent.ts'
import { BUDGETS } from '#companion/gateway/budget.ts'
import type { Params } from '#companion/gateway/cdp.ts'
import { dialectOf } from '#companion/gateway/dialects/index.ts'
import { Hands } from '#companion/gateway/hands.ts'
import type { Aim, Occasion, Seen } from '#companion/gateway/hit-test.ts'
import { Holding } from '#companion/gateway/holding.ts'
import { Memory } from '#companion/gateway/memory.ts'
import { Release } from '#companion/gateway/release.ts'
import type { Target } from '#companion/gateway/targets.ts'
import { classify } from '#shared/classify/classify.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { FakeDoor } from './fake-door.ts'
import { commandOf, type RecordedTarget, recordedTarget } from './recorded-agent.ts'

/** One page whose middle is what `name` says, and one agent with hands on it. */
let page: RecordedTarget
let other: RecordedTarget
let door: FakeDoor
let memory: Memory
let version: string
let gone: AbortController
/** Name of the button under the pointer; `field` where it is a text field. */
let name: string
/** The form it belongs to. */
let form: Descriptor['form']
let looks: number
let now: number
let timers: { at: number; run: () => void }[]
/** What reached the browser, and what the agent was told, in order. */
let sent: string[]
let told: string[]
let causes: string[]
let family: ClientFamily
let left: ((target: Target) => void)[]
let holding: Holding
const hands = new Map<Target, Hands>()
const report = (error: unknown) => {
  throw error
}

beforeEach(() => {
  page = recordedTarget('page')
  other = recordedTarget('other')
  door = new FakeDoor()
  version = 'v1'
  memory = new Memory(() => version)
  gone = new AbortController()
  name = 'Delete account'
  form = undefined
  looks = 0
  now = 0
  timers = []
  sent = []
  told = []
  causes = []
  left = []
  family = 'other'
  hands.clear()
  let last = 0
  const nextId = () => `in_${++last}`
  const release = new Release({
    doorOf: () => door,
    ...{ classify, nextId, report },
    monotonic: () => now,
  })
  const begin = () => ({
    let: () => causes.push('let'),
    sent: () => causes.push('sent'),
    dropped: () => causes.push('dropped'),
  })
  const after = (ms: number, run: () => void) => {
    const timer = { at: now + ms, run }
    timers.push(timer)
    return () => void timers.splice(timers.indexOf(timer), 1)
  }
  const onGone = (listener: (target: Target) => void) => {
    left.push(listener)
    return () => void left.splice(left.indexOf(listener), 1)
  }
  holding = new Holding({
    ...{
      memory,
      release,
      causes: { begin, note: begin },
      doorOf: () => door,
      budgets: BUDGETS,
      nextId,
      report,
    },
    waiting: { targets: { onGone }, after },
    monotonic: () => now,
  })
})

function handsOn(target: RecordedTarget): Hands {
  const known = hands.get(target)
  if (known) return known
  const made = new Hands(target, {
    holding,
    hitTest: { look },
    refuse: (command, refusal) => {
      told.push(`${refusal.kind} ${String(command.params.type)}`)
      dialectOf(command.agent).refuse(command, refusal)
    },
    undisturbed: () => Promise.resolve(),
    monotonic: () => now,
    after: (ms, run) => {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
    report,
  })
  hands.set(target, made)
  return made
}

function look(target: Target, _aim: Aim, { gesture, key }: Occasion, typing = false) {
  looks++
  const seen: Seen = {
    descriptor: {
      door: 'gateway',
      provenance: 'agent',
      gesture,
      ...(key !== undefined && { key }),
      page: { url: target.url, title: '', top: true },
      target: { role: 'button', name, tag: 'button', path: '', hints: [] },
      ...(form && { form }),
      terms: { amounts: [], recipients: [], rows: null },
    },
    typing: typing && name === 'field',
    ...{ draggable: false, target, frame: 'frame_1', objectId: 'object_1' },
  }
  return Promise.resolve(seen)
}

const agents = new Map<string, Agent>()

function agent(): Agent {
  const known = agents.get(family)
  if (known && known.gone === gone.signal) return known
  const made: Agent = {
    id: `agent_${family}`,
    run: { id: 'run_1' },
    family,
    forward: (command) => {
      sent.push(String(command.params.type ?? command.method))
      const answer: CommandAnswer = { ok: true, result: {} }
      return Promise.resolve(answer)
    },
    answer: () => undefined,
    fail: () => undefined,
    emit: () => undefined,
    gone: gone.signal,
    ready: () => Promise.resolve(),
  }
  agents.set(family, made)
  return made
}

const point = { x: 5, y: 5, button: 'left' }
function take(type: string, params: Params = point, on = page): void {
  const method = /^key|^char|^raw/.test(type)
    ? 'Input.dispatchKeyEvent'
    : 'Input.dispatchMouseEvent'
  handsOn(on).take(commandOf(agent(), on, method, { type, ...params }))
}

function click(on = page, clickCount = 1): void {
  for (const type of ['mouseMoved', 'mousePressed', 'mouseReleased'])
    take(type, { ...point, clickCount }, on)
}

/** Lets everything that is ready happen. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Time passes. */
async function passes(ms: number): Promise<void> {
  now += ms
  for (const timer of timers.filter(({ at }) => at <= now)) {
    timers.splice(timers.indexOf(timer), 1)
    timer.run()
  }
  await settled()
}

describe('the order of input', () => {
  it('passes movement at once, without looking', () => {
    take('mouseMoved')
    take('mouseWheel')
    expect(sent).toEqual(['mouseMoved', 'mouseWheel'])
    expect(looks).toBe(0)
  })

  it('lets nothing overtake a held press, and another page go on', async () => {
    click()
    take('mouseMoved')
    await settled()
    name = 'Read more'
    click(other)
    await settled()
    expect(sent).toEqual(['mouseMoved', 'mouseMoved', 'mousePressed', 'mouseReleased'])
    name = 'Delete account'
    sent.length = 0
    await door.approve()
    await settled()
    expect(sent).toEqual(['mousePressed', 'mouseReleased', 'mouseMoved'])
  })

  it('types without asking, and decides a key only where it may act', async () => {
    name = 'field'
    take('keyDown', { key: 'a', code: 'KeyA', text: 'a' })
    take('keyUp', { key: 'a', code: 'KeyA' })
    await settled()
    expect(sent).toEqual(['keyDown', 'keyUp'])
    expect(door.asked).toEqual([])
    name = 'Delete account'
    take('rawKeyDown', { key: 'Enter', code: 'Enter' })
    take('char', { key: 'Enter', code: 'Enter', text: '\r' })
    take('keyUp', { key: 'Enter', code: 'Enter' })
    await settled()
    expect(sent).toHaveLength(2)
    await door.approve()
    await settled()
    expect(sent.slice(2)).toEqual(['rawKeyDown', 'char', 'keyUp'])
    expect(door.asked).toHaveLength(1)
  })
})

describe('a refused gesture', () => {
  it('takes its release and the second click of a double click with it', async () => {
    door.denies = () => true
    click()
    click(page, 2)
    await settled()
    expect(sent).toEqual(['mouseMoved', 'mouseMoved'])
    expect(told).toEqual([
      'denied mousePressed',
      'denied mouseReleased',
      'denied mousePressed',
      'denied mouseReleased',
    ])
    expect(door.asked).toHaveLength(1)
  })

  it('is forgotten by the next press, also where no release ever came', async () => {
    door.denies = ({ target }) => target.name === 'Delete account'
    take('mousePressed')
    await settled()
    name = 'Read more'
    click()
    await settled()
    expect(sent).toEqual(['mouseMoved', 'mousePressed', 'mouseReleased'])
    expect(causes).toEqual(['dropped', 'let', 'sent'])
  })

  it('of shadow mode is told to be recorded only, and is not remembered', async () => {
    door.shadows = () => true
    take('mousePressed')
    await settled()
    take('mousePressed')
    await settled()
    expect(told).toEqual(['shadowed mousePressed', 'shadowed mousePressed'])
    expect(door.asked).toHaveLength(2)
    expect(sent).toEqual([])
  })
})

describe('a hold that outlasts its client', () => {
  it.each([
    ['playwright-mcp', 3_500],
    ['chrome-devtools-mcp', 3_500],
    ['playwright', 20_000],
    ['other', 20_000],
    ['puppeteer', 20_000],
  ] as const)('is pending for %s after %i ms', async (client, budget) => {
    family = client
    take('mousePressed')
    await settled()
    await passes(budget - 1)
    expect(told).toEqual([])
    await passes(1)
    expect(told).toEqual(['pending mousePressed'])
  })

  it('asks once however often it is repeated, and passes once after the approval', async () => {
    for (let i = 0; i < 3; i++) {
      click()
      await settled()
      await passes(20_000)
    }
    expect(door.asked).toHaveLength(1)
    await door.approve()
    await settled()
    expect(sent).not.toContain('mousePressed')
    click()
    await settled()
    expect(sent.filter((type) => type === 'mousePressed')).toHaveLength(1)
    expect(door.asked).toHaveLength(1)
    click()
    await settled()
    expect(door.asked).toHaveLength(2)
    expect(sent.filter((type) => type === 'mousePressed')).toHaveLength(1)
  })

  it('is denied at once when it is repeated after the denial, until the policy changes', async () => {
    take('mousePressed')
    await settled()
    await passes(20_000)
    await door.deny()
    await settled()
    for (let i = 0; i < 5; i++) {
      take('mousePressed')
      await settled()
    }
    expect(told.slice(1)).toEqual(Array(5).fill('denied mousePressed'))
    expect(door.refusals).toHaveLength(3)
    expect(door.asked).toHaveLength(1)
    version = 'v2'
    take('mousePressed')
    await settled()
    expect(door.asked).toHaveLength(2)
  })

  it('ends early where the client says that it gave up, and nothing happens then', async () => {
    take('mousePressed')
    await settled()
    expect(handsOn(page).deciding(agent())).toBe(true)
    handsOn(page).gaveUp()
    await settled()
    await door.approve()
    await settled()
    expect(sent).toEqual([])
    expect(handsOn(page).deciding(agent())).toBe(false)
  })
})

describe('what is approved', () => {
  it('is looked at twice more before it goes', async () => {
    take('mousePressed')
    await settled()
    expect(looks).toBe(1)
    await door.approve()
    await settled()
    expect(sent).toEqual(['mousePressed'])
    expect(looks).toBe(3)
    expect(door.log).toEqual(['ask Delete account', 'redeem Delete account'])
  })

  it('is asked about again where it has changed', async () => {
    name = 'Save settings'
    take('mousePressed')
    await settled()
    name = 'Delete account'
    await door.approve()
    await settled()
    expect(sent).toEqual([])
    expect(door.holds.at(-1)?.changes).toMatchObject([{ term: 'control' }])
    await door.approve()
    await settled()
    expect(sent).toEqual(['mousePressed'])
  })

  it('does not go where it changes while the door answers, however often', async () => {
    door.allows = () => true
    let round = 0
    door.whileAnswering = async () => {
      now += 9
      name = `Delete ${++round}`
    }
    take('mousePressed')
    await settled()
    expect(sent).toEqual([])
    expect(told).toEqual(['refused mousePressed'])
    expect(door.outcomes).toHaveLength(4)
  })

  it('is looked at once where a rule lets it go at once, and again where that took its time', async () => {
    door.allows = () => true
    click()
    await settled()
    expect(looks).toBe(1)
    door.whileAnswering = async () => {
      now += 9
    }
    click()
    await settled()
    expect(looks).toBe(3)
    expect(sent.filter((type) => type === 'mousePressed')).toHaveLength(2)
  })

  it('does not go when its agent has gone meanwhile', async () => {
    click()
    await settled()
    gone.abort()
    await door.approve()
    await settled()
    expect(sent).toEqual(['mouseMoved'])
    door = new FakeDoor()
  })

  it('does not go when its agent goes while the door answers', async () => {
    door.allows = () => true
    door.whileAnswering = async () => gone.abort()
    take('mousePressed')
    await settled()
    expect(sent).toEqual([])
    expect(door.outcomes).toMatchObject([{ evidence: { outcome: 'failed' } }])
  })

  it('is withdrawn when its page closes', async () => {
    take('mousePressed')
    await settled()
    for (const listener of [...left]) listener(page)
    await settled()
    expect(told).toEqual(['refused mousePressed'])
    expect(door.log.at(-1)).toContain('withdraw')
    expect(sent).toEqual([])
  })
})

describe('a read', () => {
  beforeEach(() => {
    name = 'Show details'
  })

  it('goes on without waiting for its record', async () => {
    door.whileAnswering = () => new Promise(() => undefined)
    click()
    await settled()
    expect(sent).toEqual(['mouseMoved', 'mousePressed', 'mouseReleased'])
    expect(door.log).toEqual(['pass Show details'])
    expect(causes).toEqual(['let', 'sent'])
  })

  it('waits for its record where its form is sent by POST, or the log is behind', async () => {
    let recorded: () => void = () => undefined
    door.whileAnswering = () => new Promise((resolve) => (recorded = resolve))
    form = { method: 'post', action: 'https://app.example.com/search', fields: [] }
    take('mousePressed')
    await settled()
    expect(door.log).toEqual(['ask Show details'])
    expect(sent).toEqual([])
    recorded()
    await settled()
    form = undefined
    door.passes = false
    take('mousePressed')
    await settled()
    expect(door.log).toEqual(['ask Show details', 'ask Show details'])
    expect(sent).toEqual(['mousePressed'])
    recorded()
    await settled()
    expect(sent).toEqual(['mousePressed', 'mousePressed'])
  })

  it('is looked at again where the run was paused in between', async () => {
    let resume: () => void = () => undefined
    let asked = 0
    const paused = new Promise<void>((resolve) => (resume = resolve))
    agent().ready = () => (++asked === 2 ? paused : Promise.resolve())
    take('mousePressed')
    await settled()
    expect(sent).toEqual([])
    now += 60_000
    name = 'Delete account'
    resume()
    await settled()
    expect(sent).toEqual([])
    expect((await door.deny()).descriptor.target.name).toBe('Delete account')
    agents.clear()
  })
})
