import { describe, expect, it } from 'vitest'
import { policyBook, versionOf } from '#companion/core/policy-book.ts'
import { defaultPolicy } from '#shared/policy/default-policy.ts'
import { descriptor } from '../bench.ts'

const send = {
  capability: 'send',
  category: 'communication',
  effect: 'irreversible',
  signals: [],
} as const
const allow = `version: 1
holds: { expire: 3m }
rules:
  - { id: mail, effect: allow, on: { capability: send }, acknowledge: [communication] }
`
const kind = (book: ReturnType<typeof policyBook>) =>
  book.decide(descriptor(), { ...send, signals: [] }, 0).kind

describe('policyBook', () => {
  it('holds everything until there has been a good policy', () => {
    const book = policyBook()
    expect(kind(book)).toBe('hold')
    expect(book.offer('rulez: 1')).toBe('broken')
    expect([kind(book), book.ok(), book.view('f').text]).toEqual(['hold', false, 'rulez: 1'])
  })

  it('keeps the last good policy while the file is broken or gone, and says so', () => {
    const book = policyBook()
    expect(book.offer(allow)).toBe('loaded')
    for (const bad of [`${allow}oops: 1`, null]) {
      expect(book.offer(bad)).toBe('broken')
      expect([kind(book), book.ok(), book.version()]).toEqual(['allow', false, versionOf(allow)])
      expect(book.view('f').problems.length).toBeGreaterThan(0)
    }
    expect(book.offer(allow)).toBe('loaded')
    expect([book.ok(), book.offer(allow)]).toEqual([true, 'same'])
  })

  it("takes the time of a hold from the policy, and the start's mode over the file's", () => {
    const book = policyBook('shadow')
    book.offer(allow)
    expect([book.expiry(), book.mode()]).toEqual([180_000, 'shadow'])
    book.dropMode()
    book.offer(allow)
    expect(book.mode()).toBe('enforce')
  })

  it('accepts the default policy', () => {
    expect(policyBook().offer(defaultPolicy)).toBe('loaded')
  })
})

it('knows the addresses of which a plain GET changes something', () => {
  const book = policyBook()
  expect(book.sideEffects('https://crm.example.com/delete')).toBe(false)
  book.offer('version: 1\nside_effects: [https://crm.example.com/*/delete]\n')
  expect(book.sideEffects('https://crm.example.com/7/delete?sure=1')).toBe(true)
  expect(book.sideEffects('https://crm.example.com/7/%64elete')).toBe(true)
  expect(book.sideEffects('https://crm.example.com/7')).toBe(false)
  expect(book.sideEffects('about:blank')).toBe(false)
  expect(book.sideEffectPatterns()).toEqual(['https://crm.example.com/*/delete'])
})
