import { describe, expect, it } from 'vitest'
import { promptView } from '#extension/worker/prompt-view.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import type { Effect } from '#shared/protocol/words.ts'

function hold(effect: Effect, state: Hold['state'] = 'pending'): Hold {
  return {
    id: 'h',
    requestId: 'r',
    state,
    createdAt: '2027-01-01T00:00:00.000Z',
    expiresAt: '2027-01-01T00:05:00.000Z',
    descriptor: {
      door: 'extension',
      provenance: 'unknown',
      gesture: 'click',
      page: { url: 'https://crm.example.com/', title: '', top: true },
      target: { role: 'button', name: 'Save', tag: 'button', path: 'button', hints: [] },
      terms: { amounts: [], recipients: [], rows: null },
    },
    classification: { capability: 'update', category: 'other', effect, signals: [] },
    decision: {
      kind: 'hold',
      rules: [],
      reason: '',
      pattern: 'review-gate',
      mode: 'enforce',
      wouldNeed: [],
      policyVersion: '1',
    },
    released: false,
    auditId: 'hp_1',
  }
}

const facts = {
  connected: true,
  paired: true,
  hold: hold('reversible'),
  automation: null,
  problem: null,
}

describe('promptView', () => {
  it('may approve what is reversible, where nothing drives the tab', () => {
    expect(promptView(facts)).toMatchObject({ state: 'held', mayApprove: true, whyNot: null })
    expect(promptView({ ...facts, automation: false }).mayApprove).toBe(true)
  })

  it.each(['irreversible', 'unknown'] as const)(
    'may not approve an effect that is %s',
    (effect) => {
      const view = promptView({ ...facts, hold: hold(effect) })
      expect(view.mayApprove).toBe(false)
      expect(view.whyNot).toContain('cannot be undone')
    },
  )

  it('approves nothing while automation is attached', () => {
    const view = promptView({ ...facts, automation: true })
    expect(view.mayApprove).toBe(false)
    expect(view.whyNot).toContain('automation')
  })

  it('approves nothing before there is a hold', () => {
    expect(promptView({ ...facts, hold: null })).toMatchObject({
      state: 'asking',
      mayApprove: false,
    })
  })

  it('says that the companion is lost, whatever was known before', () => {
    expect(promptView({ ...facts, connected: false }).state).toBe('lost')
  })

  it('says that the browser is not paired, rather than that the companion is lost', () => {
    expect(promptView({ ...facts, paired: false, connected: false }).state).toBe('unpaired')
  })

  it('shows a decided hold as decided', () => {
    expect(promptView({ ...facts, hold: hold('reversible', 'approved') }).state).toBe('decided')
  })
})
