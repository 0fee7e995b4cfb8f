import { describe, expect, it } from 'vitest'
import type { Agent } from '#companion/gateway/agent.ts'
import { type Caused, InputCauses } from '#companion/gateway/cause.ts'
import { Background, signatureOf } from '#companion/gateway/cause-background.ts'
import { isInside } from '#companion/gateway/cause-listeners.ts'
import { isSameSite } from '#companion/gateway/cause-site.ts'
import type { Params, Session } from '#companion/gateway/cdp.ts'
import {
  type Chain,
  chainOf,
  isAgentScript,
  isRecurring,
  NO_CHAIN,
} from '#companion/gateway/initiator.ts'
import type { Cause } from '#companion/gateway/parts.ts'
import type { Target } from '#companion/gateway/targets.ts'
import type { Form } from '#shared/protocol/descriptor.ts'
import { descriptor, FakeClock } from '../companion/bench.ts'

const home = 'https://app.example.com/'

const agent: Agent = {
  id: 'a',
  run: { id: 'run_1' },
  family: 'other',
  forward: () => Promise.reject(new Error('not here')),
  answer: () => undefined,
  fail: () => undefined,
  emit: () => undefined,
  gone: new AbortController().signal,
  ready: () => Promise.resolve(),
}

function fixture(answers: Record<string, Params> = {}) {
  const clock = new FakeClock()
  const called: { method: string; params: Params | undefined }[] = []
  const session: Session = {
    id: 's',
    call: async (method, params) => {
      called.push({ method, params })
      return answers[method] ?? {}
    },
    on: () => () => undefined,
  }
  const target = (id: string, more: Partial<Target> = {}): Target => ({
    id,
    type: 'page',
    session,
    parent: null,
    opener: null,
    browserContextId: 'c',
    url: home,
    title: '',
    armed: Promise.resolve(),
    ...more,
  })
  const page = target('page')
  const released: Cause[] = []
  const reported: unknown[] = []
  const foreign = new Set<string>()
  const watched: Session[] = []
  const stray: { happened: boolean; submission: Chain | null } = {
    happened: false,
    submission: null,
  }
  const causes = new InputCauses({
    clock,
    scripts: {
      watch: (one) => {
        watched.push(one)
        return () => void watched.splice(watched.indexOf(one), 1)
      },
      wrote: async (_, { frames }) => !frames.some(({ script }) => foreign.has(script)),
    },
    witness: {
      renew: () => undefined,
      strayed: async () => stray.happened,
      submission: async () => stray.submission,
    },
    documentsOf: () => new Set(['doc']),
    all: () => [page],
    released: (cause) => void released.push(cause),
    report: (error) => void reported.push(error),
  })
  const press = (more: Partial<Cause> = {}, objectId: string | null = null) => {
    const ticket = causes.begin(page, objectId)
    const page0 = { url: home, title: '', top: true }
    ticket.let({
      target: page,
      agent,
      descriptor: descriptor({ page: page0 }),
      audit: 'audit_1',
      covers: 'all',
      ...more,
    })
    ticket.sent()
    return ticket
  }
  const request = (more: Partial<Caused> = {}): Caused => ({
    target: page,
    method: 'POST',
    url: `${home}save`,
    type: 'Fetch',
    operation: undefined,
    loader: 'doc',
    chain: stack(`${home}app.js`),
    origin: '',
    rewritten: false,
    redirected: false,
    at: clock.monotonic(),
    ...more,
  })
  return {
    stray,
    foreign,
    watched,
    clock,
    called,
    target,
    page,
    causes,
    press,
    request,
    released,
    reported,
  }
}

const sentForm = { type: 'Document', loader: 'new' }

const stack = (...urls: string[]) =>
  chainOf({
    stack: {
      callFrames: urls.map((url) => ({ url, scriptId: '1', lineNumber: 0, columnNumber: 0 })),
    },
  })

describe('the chain of a request', () => {
  it('goes through the tasks that led to it', () => {
    const chain = chainOf({
      type: 'script',
      stack: {
        callFrames: [
          { scriptId: '1', url: 'a.js', functionName: 'f', lineNumber: 1, columnNumber: 2 },
        ],
        parent: {
          description: 'await',
          callFrames: [],
          parent: { description: 'setInterval', callFrames: [{ scriptId: '2', url: 'b.js' }] },
        },
      },
    })
    expect(chain.frames.map(({ url }) => url)).toEqual(['a.js', 'b.js'])
    expect(chain.tasks).toEqual(['await', 'setInterval'])
    expect(chain.entry?.functionName).toBe('f')
    expect(isRecurring(chain)).toBe(true)
  })

  it.each([
    [['https://app.example.com/a.js'], false],
    [['https://app.example.com/a.js', ''], true],
    [['pptr:evaluate;file.js'], true],
    [['__playwright_evaluation_script__1'], true],
    [['__puppeteer_evaluation_script__'], true],
    [['webpack-internal:///./src/x.js'], false],
    [[], false],
  ])('%j is an agent script: %s', (urls, is) => {
    expect(isAgentScript(stack(...urls))).toBe(is)
  })
})

describe('an input', () => {
  it('covers a request right after it, each kind once, at most 20 of them', async () => {
    const { press, causes, request } = fixture()
    press()
    expect(await causes.judge(request())).toMatchObject({ kind: 'covered', rule: 'moment' })
    expect((await causes.judge(request())).kind).toBe('caused')
    expect((await causes.judge(request({ operation: 'mutation Other' }))).kind).toBe('covered')
    for (let n = 2; n < 20; n++)
      expect((await causes.judge(request({ url: `${home}${n}` }))).kind).toBe('covered')
    expect((await causes.judge(request({ url: `${home}one-more` }))).kind).toBe('caused')
  })

  it('covers nothing before it is let go, nor long after it', async () => {
    const { press, causes, request, page, clock, called } = fixture()
    causes.begin(page, null)
    expect((await causes.judge(request())).kind).toBe('page')
    press()
    clock.advance(1001)
    expect((await causes.judge(request())).kind).toBe('page')
    const depths = () => called.filter(({ method }) => method === 'Runtime.setAsyncCallStackDepth')
    expect(depths()).toHaveLength(1)
  })

  it('asks for deep stacks from the press until it ends', () => {
    const { press, clock, called } = fixture()
    press()
    clock.advance(4999)
    const depths = () => called.map(({ params }) => params?.maxDepth)
    expect(depths()).toEqual([32])
    clock.advance(1)
    expect(depths()).toEqual([32, 0])
  })

  it.each([
    ['an agent script', { chain: stack('') }, 'script'],
    ['a request that was rewritten', { rewritten: true }, 'script'],
    ['another site', { url: 'https://evil.example/x' }, 'caused'],
    ['a redirect', { redirected: true }, 'caused'],
    ['a document that came later', { loader: 'later' }, 'page'],
    [
      'an interval',
      {
        chain: chainOf({
          stack: { callFrames: [], parent: { description: 'setInterval', callFrames: [] } },
        }),
      },
      'page',
    ],
    ['another page', { target: null }, 'page'],
  ] as const)('does not cover %s', async (_, more, kind) => {
    const { press, causes, request } = fixture()
    press()
    expect((await causes.judge(request(more))).kind).toBe(kind)
  })

  it('covers its workers, its frames, and what it opens; not another tab', async () => {
    const { press, causes, request, target, page } = fixture()
    press()
    const asks = async (from: Target) =>
      (await causes.judge(request({ target: from, loader: '', url: `${home}${from.id}` }))).kind
    expect(await asks(target('w', { type: 'worker', parent: page }))).toBe('covered')
    expect(await asks(target('f', { type: 'iframe', parent: page }))).toBe('covered')
    expect(await asks(target('p', { opener: 'page' }))).toBe('covered')
    expect(await asks(target('s', { type: 'shared_worker' }))).toBe('covered')
    expect(
      await asks(target('s2', { type: 'shared_worker', url: 'https://other.example/w.js' })),
    ).toBe('page')
    expect(await asks(target('tab'))).toBe('page')
  })

  it('covers what the page does anyway only where its stack leads to a listener', async () => {
    const { press, causes, request } = fixture({
      'DOM.describeNode': { node: { backendNodeId: 1 } },
      'DOM.resolveNode': { object: { objectId: 'o' } },
      'Runtime.callFunctionOn': { result: { objectId: 'path' } },
      'Runtime.getProperties': { result: [{ name: '0', value: { objectId: 'node' } }] },
      'DOMDebugger.getEventListeners': {
        listeners: [
          {
            type: 'click',
            scriptId: '7',
            lineNumber: 10,
            columnNumber: 4,
            handler: { description: 'function go(e) {\n post()\n}' },
          },
        ],
      },
    })
    const frame = (line: number, functionName: string) =>
      chainOf({
        stack: {
          callFrames: [
            { scriptId: '7', url: 'a.js', functionName, lineNumber: line, columnNumber: 1 },
          ],
        },
      })
    await causes.judge(request())
    press({}, 'element')
    expect((await causes.judge(request())).kind).toBe('page')
    expect((await causes.judge(request({ chain: frame(99, 'go') }))).kind).toBe('page')
    // A timer that an earlier click left running inside the listener.
    expect((await causes.judge(request({ chain: frame(11, 'tick') }))).kind).toBe('page')
    expect(await causes.judge(request({ chain: frame(11, 'go') }))).toMatchObject({
      kind: 'covered',
      rule: 'listener',
    })
  })

  it('taken for a read, covers only the form that it described', async () => {
    const { press, causes, request } = fixture()
    const form: Form = { method: 'post', action: `${home}login`, fields: [] }
    press({
      covers: 'form',
      audit: null,
      descriptor: descriptor({ form, page: { url: home, title: '', top: true } }),
    })
    expect((await causes.judge(request())).kind).toBe('caused')
    expect(
      await causes.judge(request({ url: `${home}login#x`, type: 'Document', loader: 'new' })),
    ).toMatchObject({ rule: 'form' })
    expect(
      (await causes.judge(request({ url: `${home}login`, type: 'Document', loader: 'new' }))).kind,
    ).toBe('caused')
  })

  it('covers no script that is not the page’s own, whatever address it claims', async () => {
    const { press, causes, request, foreign } = fixture()
    press()
    foreign.add('1')
    expect((await causes.judge(request())).kind).toBe('script')
    foreign.clear()
    expect((await causes.judge(request())).kind).toBe('covered')
  })

  it('covers nothing that nobody seems to have written', async () => {
    const { press, causes, request } = fixture()
    press()
    expect((await causes.judge(request({ chain: NO_CHAIN }))).kind).toBe('page')
    expect((await causes.judge(request({ chain: NO_CHAIN, ...sentForm }))).kind).toBe('page')
  })

  it('covers a form that a person sends during a takeover', async () => {
    const { press, causes, request } = fixture()
    press({ agent: null })
    expect(await causes.judge(request({ chain: NO_CHAIN, ...sentForm }))).toMatchObject({
      rule: 'takeover',
    })
  })

  it('covers a form that the page’s own code sends, and only that', async () => {
    const { press, causes, request, stray, foreign } = fixture()
    press()
    stray.submission = stack(`${home}app.js`)
    const form = () => causes.judge(request({ chain: NO_CHAIN, ...sentForm }))
    foreign.add('1')
    expect((await form()).kind).toBe('script')
    foreign.clear()
    expect(await form()).toMatchObject({ kind: 'covered', rule: 'moment' })
  })

  it('covers the form that was described, and the link by a GET only', async () => {
    const { press, causes, request } = fixture()
    const page0 = { url: home, title: '', top: true }
    const form: Form = { method: 'post', action: `${home}login`, fields: [] }
    const link = { href: `${home}close`, scheme: 'https' }
    press({ descriptor: descriptor({ form, link, page: page0 }) })
    const stackless = { chain: NO_CHAIN, type: 'Document', loader: 'new' }
    const judged = (more: Partial<Caused>) => causes.judge(request({ ...stackless, ...more }))
    expect(await judged({ url: `${home}login` })).toMatchObject({ rule: 'form' })
    expect((await judged({ url: `${home}close` })).kind).toBe('page')
    expect(await judged({ url: `${home}close`, method: 'GET' })).toMatchObject({ rule: 'link' })
  })

  it('covers by its stack nothing of which something else may have run the listeners', async () => {
    const { press, causes, request, stray } = fixture()
    press()
    stray.happened = true
    expect((await causes.judge(request())).kind).toBe('script')
    stray.happened = false
    expect((await causes.judge(request())).kind).toBe('covered')
  })

  it('covers nothing that a frame of another site sends', async () => {
    const { press, causes, request } = fixture()
    press()
    expect((await causes.judge(request({ origin: 'https://ads.example' }))).kind).toBe('caused')
    expect((await causes.judge(request({ origin: 'null' }))).kind).toBe('caused')
    expect((await causes.judge(request({ origin: 'https://app.example.com' }))).kind).toBe(
      'covered',
    )
  })

  it('watches the scripts of its page, and of what comes meanwhile, for as long as it may cause something', async () => {
    const { press, causes, watched, target, page, clock } = fixture()
    press()
    expect(watched).toEqual([])
    await Promise.resolve()
    expect(watched).toHaveLength(1)
    causes.arm(target('worker', { type: 'worker', parent: page }))
    causes.arm(target('popup', { opener: 'page' }))
    causes.arm(target('stranger'))
    expect(watched).toHaveLength(3)
    clock.advance(5001)
    expect(watched).toEqual([])
  })

  it('asks the page nothing where the input covers nothing, and is told as the cause all the same', async () => {
    const { causes, page, clock, called, request } = fixture()
    const ticket = causes.note(page)
    const read = descriptor({ page: { url: home, title: '', top: true } })
    ticket.let({ target: page, agent, descriptor: read, audit: null, covers: 'form' })
    ticket.sent()
    expect(called).toEqual([])
    expect((await causes.judge(request())).kind).toBe('caused')
    clock.advance(5001)
    expect((await causes.judge(request())).kind).toBe('page')
  })

  it('of a person covers other sites too', async () => {
    const { press, causes, request } = fixture()
    press({ agent: null })
    expect(await causes.judge(request({ url: 'https://pay.example/x' }))).toMatchObject({
      rule: 'takeover',
    })
  })

  it('that was dropped covers nothing', async () => {
    const { press, causes, request } = fixture()
    press().dropped()
    expect((await causes.judge(request())).kind).toBe('page')
  })

  it('lets its page speak on an open connection, each message once', () => {
    const { press, causes, clock } = fixture()
    const now = () => clock.monotonic()
    expect(causes.speak('wss://app.example.com/ws', 'd1', now()) !== null).toBe(false)
    press()
    expect(causes.speak('wss://app.example.com/ws', 'd1', now()) !== null).toBe(true)
    expect(causes.speak('wss://app.example.com/ws', 'd1', now()) !== null).toBe(false)
    expect(causes.speak('wss://other.example/ws', 'd2', now()) !== null).toBe(false)
    clock.advance(1001)
    expect(causes.speak('wss://app.example.com/ws', 'd3', now()) !== null).toBe(false)
  })
})

describe('places', () => {
  it.each([
    ['https://a.example.com/', 'https://b.example.com/x', true],
    ['https://example.com/', 'https://api.example.com/', true],
    ['http://127.0.0.1:1/', 'http://127.0.0.1:2/', true],
    ['http://127.0.0.1/', 'http://127.0.0.2/', false],
    ['https://a.co.uk/', 'https://b.co.uk/', false],
    ['https://a.github.io/', 'https://b.github.io/', false],
    ['https://a.example.com/', 'http://a.example.com/', false],
    ['https://example.com/', 'https://example.com.evil.test/', false],
    ['https://localhost/', 'https://127.0.0.1/', false],
    ['about:blank', 'about:blank', false],
  ])('%s and %s are one site: %s', (one, other, is) => {
    expect(isSameSite(one, other)).toBe(is)
  })

  it('a frame lies inside a listener by script, line and column', () => {
    const listener = {
      script: '1',
      name: '',
      from: { line: 2, column: 5 },
      to: { line: 4, column: 1 },
    }
    const at = (line: number, column: number, script = '1') => ({
      script,
      line,
      column,
      url: '',
      functionName: '',
    })
    expect([at(2, 5), at(3, 0), at(4, 0)].every((frame) => isInside(frame, listener))).toBe(true)
    expect([at(2, 4), at(4, 1), at(3, 0, '2')].some((frame) => isInside(frame, listener))).toBe(
      false,
    )
  })

  it('kinds of requests are told by method, address and operation, and the oldest are forgotten', () => {
    expect(signatureOf('POST', 'https://a.example/x?y#z', 'mutation A')).toBe(
      'POST https://a.example/x mutation A',
    )
    const background = new Background()
    for (let n = 0; n <= 2000; n++) background.learn(String(n))
    expect([background.knows('0'), background.knows('2000')]).toEqual([false, true])
  })
})
