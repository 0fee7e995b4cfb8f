import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plain, quoted, visible } from '#shared/ui/visible.ts'

describe('visible', () => {
  it('shows characters that reorder, hide or control', () => {
    expect(visible('Save\u202Eevas')).toBe('Save⟦U+202E⟧evas')
    expect(visible('a\u200Bb\uFEFFc\u00ADd')).toBe('a⟦U+200B⟧b⟦U+FEFF⟧c⟦U+00AD⟧d')
    expect(visible('a\u0000b\u001B[31m')).toBe('a⟦U+0000⟧b⟦U+001B⟧[31m')
    expect(visible('x\u{E0041}\u3164')).toBe('x⟦U+E0041⟧⟦U+3164⟧')
    expect(visible('\uD800')).toBe('⟦U+D800⟧')
  })

  it('says how often a hidden character repeats instead of repeating it', () => {
    expect(visible(`a${'\u200B'.repeat(57)}b`)).toBe('a⟦U+200B ×57⟧b')
  })

  it('leaves joiners where a script or an emoji needs them', () => {
    expect(visible('می\u200Cخواهم')).toBe('می\u200Cخواهم')
    expect(visible('👩\u200D💻 ❤\uFE0F')).toBe('👩\u200D💻 ❤\uFE0F')
    expect(visible('pay\u200Dpal')).toBe('pay⟦U+200D⟧pal')
  })

  it('makes stacked marks visible', () => {
    expect(visible(`e${'\u0301'.repeat(40)}`)).toBe(`e${'\u0301'.repeat(5)}⟦U+0301 ×35⟧`)
  })

  it('folds white space, and keeps line breaks only where they are asked for', () => {
    expect(visible('  a\r\n\u00A0 b\tc ')).toBe('a b c')
    expect(visible('a\r\n\n\n\nb  c', { lines: true })).toBe('a\n\nb c')
  })

  it('is never longer than its limit, nor holds anything invisible', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 600 }),
        fc.integer({ min: 1, max: 200 }),
        (text, limit) => {
          const shown = visible(text, { limit })
          expect([...shown].length).toBeLessThanOrEqual(limit)
          expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200B\u2060-\u2064\uFEFF]/u)
        },
      ),
    )
  })

  it('takes a label of five megabytes in stride', () => {
    const started = performance.now()
    expect([...visible('A\u202E'.repeat(2_500_000))].length).toBeLessThanOrEqual(120)
    expect(performance.now() - started).toBeLessThan(200)
  })
})

describe('quoted', () => {
  it('cannot be closed from within', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(quoted(text).slice(1, -1)).not.toMatch(/["“”„«»]/)
      }),
    )
  })
})

describe('plain', () => {
  it('takes names and addresses only', () => {
    for (const name of ['Ana Silva', 'ana+x@example.com', "Seán O'Neill", 'فاطمة الزهراء'])
      expect(plain(name), name).toBe(true)
    for (const other of ['Ana on bank.com', 'a, b', '<b>', 'one two three four five', 'Ana\u202E'])
      expect(plain(other), other).toBe(false)
  })
})
