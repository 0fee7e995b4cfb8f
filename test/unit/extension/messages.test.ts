import { describe, expect, it } from 'vitest'
import { FromFrame, FromPrompt } from '#extension/messages.ts'

describe('messages from a page process', () => {
  it.each([
    { type: 'script-link', mark: '"],body' },
    { type: 'prompt-opened', nonce: '', request: 'r' },
    { type: 'withdraw', hold: 'h', reason: 'x'.repeat(501) },
    { type: 'ask', id: 'r', descriptor: { door: 'extension' } },
    { type: 'released', audit: 'hp_1', at: 'now' },
    { type: 'verdict', verdict: 'approve' },
  ])('refuses %j', (message) => {
    expect(FromFrame.safeParse(message).success).toBe(false)
  })

  it.each([
    { type: 'verdict', verdict: 'approve', hold: 'another' },
    { type: 'verdict', verdict: 'maybe' },
    { type: 'wish', wish: { does: 'size', height: 1e9 } },
    { type: 'wish', wish: { does: 'release' } },
  ])('refuses %j from a prompt', (message) => {
    expect(FromPrompt.safeParse(message).success).toBe(false)
  })
})
