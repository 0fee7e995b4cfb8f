import { describe, expect, it } from 'vitest'
import type { Params, Session } from '#companion/gateway/cdp.ts'
import { ANSWER_MS, Outcomes, RELEASED_MS } from '#companion/gateway/outcome.ts'
import { pausedAnswer } from '#companion/gateway/paused-request.ts'
import type { Target } from '#companion/gateway/targets.ts'
import type { Evidence } from '#shared/protocol/link.ts'
import { FakeClock } from '../companion/bench.ts'

const request = { method: 'GET', url: 'https://app.example.com/export.csv', kind: 'other' }

function fixture() {
  const clock = new FakeClock()
  const outcomes = new Outcomes(clock)
  const listeners = new Map<string, (params: Params) => void>()
  const session: Session = {
    id: 's',
    call: () => Promise.resolve({}),
    on: (method, listener) => {
      listeners.set(method, listener)
      return () => undefined
    },
  }
  const target: Target = {
    ...{ id: 't', type: 'page', session, parent: null, opener: null, browserContextId: 'c' },
    ...{ url: request.url, title: '', armed: Promise.resolve() },
  }
  outcomes.arm(target)
  const said: Evidence[] = []
  const report = (evidence: Evidence) => void said.push(evidence)
  const tells = (method: string, params: Params) => listeners.get(method)?.(params)
  return { clock, outcomes, said, report, tells }
}

const ids = { id: 'interception-1', network: '7.1' }
const download = { id: 'interception-2', network: undefined }

describe('what came of a request', () => {
  it('is told by the target that sent it', () => {
    const { outcomes, said, report, tells } = fixture()
    expect(outcomes.watch(ids, request, report)).toBe(false)
    tells('Network.responseReceived', { requestId: '7.1', response: { status: 201 } })
    tells('Network.loadingFailed', { requestId: '7.1', errorText: 'net::ERR_ABORTED' })
    expect(said).toEqual([{ outcome: 'done', request, status: 201 }])
  })

  it('is told by its paused answer where no target knows of it', () => {
    const { outcomes, said, report } = fixture()
    expect(outcomes.watch(download, request, report)).toBe(true)
    outcomes.paused({ id: 'another', status: 200, error: undefined })
    expect(said).toEqual([])
    outcomes.paused({ id: download.id, status: 404, error: undefined })
    expect(said).toEqual([{ outcome: 'failed', request, status: 404 }])
  })

  it('is that it failed where the answer did not come at all', () => {
    const { outcomes, said, report } = fixture()
    outcomes.watch(download, request, report)
    outcomes.paused({ id: download.id, status: undefined, error: 'ConnectionRefused' })
    expect(said).toEqual([{ outcome: 'failed', request, error: 'ConnectionRefused' }])
  })

  it('is unknown where nothing is heard in time', () => {
    const { outcomes, said, report, clock } = fixture()
    outcomes.watch(download, request, report)
    clock.advance(ANSWER_MS + 1)
    expect(said).toMatchObject([{ outcome: 'unknown' }])
  })

  it('counts for the release that a link or the first covered request belongs to', () => {
    const { outcomes, said, report, clock } = fixture()
    outcomes.released('hp_1', `${request.url}#top`, report)
    expect(outcomes.navigated(download, { ...request, url: 'https://other.example/' })).toBe(false)
    expect(outcomes.navigated(download, request)).toBe(true)
    expect(outcomes.began('hp_1', ids, request)).toBe(false)
    outcomes.paused({ id: download.id, status: 200, error: undefined })
    clock.advance(RELEASED_MS + ANSWER_MS)
    expect(said).toEqual([{ outcome: 'done', request, status: 200 }])
  })
})

describe('a paused answer', () => {
  it('is told from a request by what only answers have', () => {
    expect(pausedAnswer({ requestId: 'i', request: {} })).toBeNull()
    expect(pausedAnswer({ requestId: 'i', responseStatusCode: 200 })).toEqual({
      ...{ id: 'i', status: 200, error: undefined },
    })
    expect(pausedAnswer({ requestId: 'i', responseErrorReason: 'Failed' })).toMatchObject({
      error: 'Failed',
    })
  })
})
