import { describe, expect, it } from 'vitest'
import { badge } from '#extension/worker/badge.ts'

const state = { paired: true, mode: 'enforce' as const, pending: 0, undelivered: 0, unasked: 0 }

describe('badge', () => {
  it.each([
    [{}, 'ON', 'Holdpoint: Enforce'],
    [{ mode: 'shadow' as const }, 'SHDW', 'Holdpoint: Shadow'],
    [{ mode: 'observe' as const }, 'OBS', 'Holdpoint: Observe'],
    [{ mode: null }, 'OFF', 'Holdpoint: Offline, actions stay held'],
    [{ paired: false, mode: null }, 'PAIR', 'Holdpoint: not paired, actions stay held'],
    [{ pending: 3 }, '3', 'Holdpoint: Enforce, 3 waiting for an answer'],
    [{ unasked: 1 }, 'ON', 'Holdpoint: Enforce, 1 frame holds what nobody can be asked about'],
    [{ undelivered: 2 }, 'ON', 'Holdpoint: Enforce, 2 records not delivered'],
  ])('%j shows %s and says %s', (over, text, title) => {
    expect(badge({ ...state, ...over })).toMatchObject({ text, title })
  })

  it('says offline rather than an old count', () => {
    expect(badge({ ...state, mode: null, pending: 3 }).text).toBe('OFF')
  })

  it('fits into four characters', () => {
    expect(badge({ ...state, pending: 123_456 }).text.length).toBeLessThanOrEqual(4)
  })
})
