import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clip, collapse, listLimit, textLimit, urlLimit } from '#shared/page/clip.ts'
import { Amount, LIST_LIMIT, Link, TEXT_LIMIT } from '#shared/protocol/descriptor.ts'

describe('clip', () => {
  it('has the limits of the protocol', () => {
    expect([textLimit, listLimit]).toEqual([TEXT_LIMIT, LIST_LIMIT])
    expect(Link.safeParse({ href: 'x'.repeat(urlLimit), scheme: '' }).success).toBe(true)
    expect(Link.safeParse({ href: 'x'.repeat(urlLimit + 1), scheme: '' }).success).toBe(false)
  })

  it('always gives text that the protocol takes and canonical JSON can write', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 3000 }),
        fc.integer({ min: 1, max: 500 }),
        (text, limit) => {
          const cut = clip(text, limit)
          expect(cut.length).toBeLessThanOrEqual(limit + 1)
          expect(cut).not.toMatch(/\p{Cs}/u)
          expect(Amount.safeParse({ currency: null, minor: null, text: cut }).success).toBe(true)
        },
      ),
    )
  })

  it('cuts no character in two', () => {
    expect(clip('ab😀cd', 3)).toBe('ab…')
    expect(clip('a\ud800b')).toBe('a\ufffdb')
  })
})

describe('collapse', () => {
  it('makes one space of white space, except between the groups of a number', () => {
    expect(collapse('  a \n\t b\u00a0c ')).toBe('a b c')
    expect(collapse('1\u00a0234,56\u00a0€')).toBe('1\u00a0234,56 €')
    expect(collapse('2 340')).toBe('2 340')
  })
})
