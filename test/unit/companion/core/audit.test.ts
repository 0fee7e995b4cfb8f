import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyChain, seal } from '#companion/core/audit.ts'
import { canonical } from '#companion/core/canonical.ts'
import type { Draft } from '#companion/core/ports.ts'

const draft: Draft = {
  at: '2026-11-21T09:00:00.000Z',
  kind: 'decision',
  actor: 'extension:Chromium',
  hold: null,
  run: 'run "1"',
  body: { z: 1, a: { 10: 'x', 9: 'y' }, text: 'Ünïcode \u2028 "quoted"' },
}

describe('canonical', () => {
  it('writes what the RFC 8785 package writes', () => {
    const wellFormed = (value: unknown) => !/\\ud[89a-f]/i.test(JSON.stringify(value))
    fc.assert(
      fc.property(fc.jsonValue().filter(wellFormed), (value) => {
        expect(canonical(value)).toBe(canonicalize(value))
      }),
    )
    expect(canonical({ b: undefined, a: [undefined, -0, 1e21] })).toBe('{"a":[null,0,1e+21]}')
  })

  it('refuses what is no JSON', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1])
      expect(() => canonical(value)).toThrow()
  })
})

describe('seal', () => {
  it('hashes the canonical JSON of every other field, so that anyone can check it', () => {
    const { entry } = seal(emptyChain, draft)
    const { hash, ...rest } = entry
    const expected = createHash('sha256')
      .update(canonicalize(rest) ?? '')
      .digest('hex')
    expect(hash).toBe(expected)
    expect(entry).toMatchObject({ seq: 1, id: 'hp_1', prev: '0'.repeat(64) })
    expect(seal({ seq: 1, hash }, draft).entry.prev).toBe(hash)
  })

  it('replaces lone surrogates, which have no canonical form', () => {
    const { entry } = seal(emptyChain, { ...draft, body: { name: 'a\ud83d', ok: '😀' } })
    expect(entry.body).toEqual({ name: 'a\u{FFFD}', ok: '😀' })
    expect(() => canonicalize(entry)).not.toThrow()
  })
})
