import { describe, expect, it } from 'vitest'
import { createOutcomes, RELEASED_MS, type SeenRequest } from '#extension/worker/outcomes.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Evidence } from '#shared/protocol/link.ts'

function setUp() {
  const reports: [string, Evidence][] = []
  const misses: string[] = []
  const timers: { ms: number; run(): void }[] = []
  const outcomes = createOutcomes({
    report: (audit, evidence) => reports.push([audit, evidence]),
    miss: (_descriptor, request) => misses.push(`${request.method} ${request.url}`),
    later: (ms, run) => timers.push({ ms, run }),
  })
  const pass = (ms: number) => {
    for (const timer of timers.splice(0)) if (timer.ms <= ms) timer.run()
  }
  return { outcomes, reports, misses, pass }
}

function request(over: Partial<SeenRequest>): SeenRequest {
  return {
    id: '1',
    tab: 1,
    frame: 0,
    type: 'xmlhttprequest',
    method: 'POST',
    url: 'https://crm.example.com/api/save',
    at: 1010,
    ...over,
  }
}

const released = { audit: 'hp_9', tab: 1, frame: 0, at: 1000 }

function descriptor(form?: Descriptor['form']): Descriptor {
  return {
    door: 'extension',
    provenance: 'unknown',
    gesture: 'click',
    page: { url: 'https://crm.example.com/', title: '', top: true },
    target: { role: 'button', name: 'Show', tag: 'button', path: 'button', hints: [] },
    terms: { amounts: [], recipients: [], rows: null },
    ...(form ? { form } : {}),
  }
}

describe('outcomes of released gestures', () => {
  it.each([
    [200, 'done'],
    [302, 'done'],
    [409, 'failed'],
    [500, 'failed'],
  ])('a mutating request answered %i makes it %s', (status, outcome) => {
    const { outcomes, reports } = setUp()
    outcomes.released(released)
    outcomes.began(request({}))
    outcomes.ended('1', { status })
    expect(reports).toMatchObject([['hp_9', { outcome, status, request: { method: 'POST' } }]])
  })

  it('a request that the network lost makes it failed', () => {
    const { outcomes, reports } = setUp()
    outcomes.released(released)
    outcomes.began(request({}))
    outcomes.ended('1', { error: 'net::ERR_FAILED' })
    expect(reports).toMatchObject([['hp_9', { outcome: 'failed', error: 'net::ERR_FAILED' }]])
  })

  it('finds a request that began, and even ended, before the release was heard of', () => {
    const { outcomes, reports } = setUp()
    outcomes.began(request({}))
    outcomes.ended('1', { status: 201 })
    outcomes.released(released)
    expect(reports).toMatchObject([['hp_9', { outcome: 'done', status: 201 }]])
  })

  it('without a mutating request in three seconds it is unknown', () => {
    const { outcomes, reports, pass } = setUp()
    outcomes.released(released)
    outcomes.began(request({ method: 'GET' }))
    outcomes.ended('1', { status: 200 })
    pass(RELEASED_MS)
    expect(reports).toEqual([['hp_9', { outcome: 'unknown' }]])
  })

  it.each([
    ['before the release', { at: 999 }],
    ['too late', { at: 4001 }],
    ['in another tab', { tab: 2 }],
    ['in another frame', { frame: 3 }],
  ])('a request %s proves nothing', (_when, over) => {
    const { outcomes, reports, pass } = setUp()
    outcomes.released(released)
    outcomes.began(request(over))
    outcomes.ended('1', { status: 200 })
    pass(RELEASED_MS)
    expect(reports).toEqual([['hp_9', { outcome: 'unknown' }]])
  })

  it('a plain link is proved by the GET that it leads to', () => {
    const { outcomes, reports } = setUp()
    const url = 'https://crm.example.com/tasks/7/delete'
    outcomes.released({ ...released, leadsTo: `${url}#done` })
    outcomes.began(request({ method: 'GET', type: 'main_frame', url }))
    outcomes.ended('1', { status: 200 })
    expect(reports).toMatchObject([['hp_9', { outcome: 'done', request: { method: 'GET', url } }]])
  })

  it('two releases do not share one request', () => {
    const { outcomes, reports, pass } = setUp()
    outcomes.released(released)
    outcomes.released({ ...released, audit: 'hp_10' })
    outcomes.began(request({}))
    outcomes.ended('1', { status: 200 })
    pass(RELEASED_MS)
    expect(reports.map(([audit, { outcome }]) => [audit, outcome])).toEqual([
      ['hp_9', 'done'],
      ['hp_10', 'unknown'],
    ])
  })

  it('a request without an answer is unknown, and says which it was', () => {
    const { outcomes, reports, pass } = setUp()
    outcomes.released(released)
    outcomes.began(request({}))
    pass(60_000)
    expect(reports).toMatchObject([['hp_9', { outcome: 'unknown', request: { method: 'POST' } }]])
  })
})

describe('misses', () => {
  const passed = { tab: 1, frame: 0, at: 1000, descriptor: descriptor() }

  it('a read click that causes a mutating request is a miss, once', () => {
    const { outcomes, misses } = setUp()
    outcomes.passed(passed)
    outcomes.began(request({ method: 'delete' }))
    outcomes.began(request({ id: '2' }))
    expect(misses).toEqual(['DELETE https://crm.example.com/api/save'])
  })

  it('finds the request that was quicker than the word of the click', () => {
    const { outcomes, misses } = setUp()
    outcomes.began(request({}))
    outcomes.passed(passed)
    expect(misses).toHaveLength(1)
  })

  it.each([
    ['a GET', { method: 'GET' }],
    ['a request that began before the click', { at: 990 }],
    ['a request more than a second later', { at: 2001 }],
    ['a ping', { type: 'ping' }],
    ['a telemetry address', { url: 'https://stats.example.com/collect?v=2' }],
  ])('%s is none', (_what, over) => {
    const { outcomes, misses } = setUp()
    outcomes.passed(passed)
    outcomes.began(request(over))
    expect(misses).toEqual([])
  })

  it('the post of a search form, which the classifier saw coming, is none', () => {
    const { outcomes, misses } = setUp()
    const action = 'https://crm.example.com/search'
    const form = { method: 'post' as const, action, fields: [] }
    outcomes.passed({ ...passed, descriptor: descriptor(form) })
    outcomes.began(request({ url: action, type: 'main_frame' }))
    expect(misses).toEqual([])
  })

  it('the request of a released gesture is not blamed on a read click', () => {
    const { outcomes, misses, reports } = setUp()
    outcomes.passed(passed)
    outcomes.released(released)
    outcomes.began(request({}))
    outcomes.ended('1', { status: 200 })
    expect(misses).toEqual([])
    expect(reports).toHaveLength(1)
  })
})
