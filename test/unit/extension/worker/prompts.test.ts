import { describe, expect, it } from 'vitest'
import type { Browser } from '#extension/browser.ts'
import type { FromPrompt, PromptView, ToFrame } from '#extension/messages.ts'
import { createPrompts } from '#extension/worker/prompts.ts'

const nonce = 'a'.repeat(32)

const view: PromptView = {
  type: 'view',
  state: 'asking',
  hold: null,
  mayApprove: false,
  whyNot: null,
  problem: null,
  hasDashboard: true,
}

function setUp() {
  const wishes: ToFrame[] = []
  const heard: string[] = []
  const frame = { tab: 1, frame: 0, post: (message: ToFrame) => void wishes.push(message) }
  const prompts = createPrompts({
    view: async () => view,
    onMessage: (prompt, message) => heard.push(`${prompt.request} ${message.type}`),
  })
  return { prompts, frame, wishes, heard }
}

/** A prompt page in `tab`, as the worker sees it. */
function promptPage(tab: number) {
  const seen: unknown[] = []
  let receive: (message: unknown) => void = () => undefined
  let gone: () => void = () => undefined
  let open = true
  const port: Browser.runtime.Port = Object.assign(Object.create(null), {
    sender: { tab: { id: tab } },
    postMessage: (message: unknown) => seen.push(message),
    disconnect: () => {
      open = false
    },
    onMessage: {
      addListener: (listener: typeof receive) => {
        receive = listener
      },
    },
    onDisconnect: {
      addListener: (listener: typeof gone) => {
        const before = gone
        gone = () => {
          before()
          listener()
        }
      },
    },
  })
  return {
    port,
    seen,
    say: (message: FromPrompt) => receive(message),
    shout: (message: unknown) => receive(message),
    leave: () => gone(),
    get open() {
      return open
    },
  }
}

const settled = () => Promise.resolve().then(() => undefined)

describe('prompts', () => {
  it('shows nothing to a page whose nonce no frame has announced', async () => {
    const { prompts } = setUp()
    const page = promptPage(1)
    prompts.accept(page.port)
    page.say({ type: 'hello', nonce })
    prompts.refresh()
    await settled()
    expect(page.seen).toEqual([])
  })

  it.each(['frame first', 'page first'])('joins page and frame, %s', async (order) => {
    const { prompts, frame } = setUp()
    const page = promptPage(1)
    if (order === 'frame first') prompts.opened(frame, nonce, 'r1')
    prompts.accept(page.port)
    page.say({ type: 'hello', nonce })
    if (order === 'page first') prompts.opened(frame, nonce, 'r1')
    await settled()
    expect(page.seen).toEqual([view])
  })

  it('turns away the right nonce from another tab', async () => {
    const { prompts, frame } = setUp()
    const page = promptPage(2)
    prompts.opened(frame, nonce, 'r1')
    prompts.accept(page.port)
    page.say({ type: 'hello', nonce })
    await settled()
    expect(page.seen).toEqual([])
    expect(page.open).toBe(false)
  })

  it('turns away a second page with the same nonce', async () => {
    const { prompts, frame } = setUp()
    const [first, second] = [promptPage(1), promptPage(1)]
    prompts.opened(frame, nonce, 'r1')
    for (const page of [first, second]) {
      prompts.accept(page.port)
      page.say({ type: 'hello', nonce })
    }
    await settled()
    expect(first.seen).toEqual([view])
    expect(second.seen).toEqual([])
    expect(second.open).toBe(false)
  })

  it('takes verdicts only from a page that was let in', () => {
    const { prompts, frame, heard } = setUp()
    const page = promptPage(1)
    prompts.opened(frame, nonce, 'r1')
    prompts.accept(page.port)
    page.say({ type: 'verdict', verdict: 'approve' })
    expect(heard).toEqual([])
    page.say({ type: 'hello', nonce })
    page.shout({ type: 'verdict', verdict: 'approve!' })
    page.say({ type: 'verdict', verdict: 'deny' })
    expect(heard).toEqual(['r1 verdict'])
  })

  it('has the frame put a prompt back that was torn out of it, but not one it closed', () => {
    const { prompts, frame, wishes } = setUp()
    const page = promptPage(1)
    prompts.opened(frame, nonce, 'r1')
    prompts.accept(page.port)
    page.say({ type: 'hello', nonce })
    page.leave()
    expect(wishes).toEqual([{ type: 'prompt', request: 'r1', wish: { does: 'reassert' } }])
    prompts.closed(frame, nonce)
    page.leave()
    expect(wishes).toHaveLength(1)
  })
})
