import { describe, expect, it } from 'vitest'
import { digest, halfSipHash } from '#shared/page/digest.ts'

/** Text whose UTF-16LE bytes are 0, 1, 2, ... as in the vectors of the reference implementation. */
function counting(bytes: number): string {
  let text = ''
  for (let at = 0; at < bytes; at += 2) text += String.fromCharCode(at | ((at + 1) << 8))
  return text
}

function hex(halves: readonly [number, number]): string {
  const bytes = halves.flatMap((half) => [0, 8, 16, 24].map((shift) => (half >>> shift) & 255))
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

describe('digest', () => {
  it('is HalfSipHash-2-4 by the reference vectors', () => {
    const expected = {
      0: '218d1f59b9b83cc8',
      2: '064f39ef7c50eb57',
      4: 'd5e78a175be52ea1',
      6: 'ce3e91358aa2bc25',
      8: 'edfee820bce4858c',
      10: '95b0469f06a6f2ee',
      12: '7bc71f9faef5c799',
      14: '3bb1a870eae8e658',
    }
    for (const [bytes, vector] of Object.entries(expected))
      expect(hex(halfSipHash(counting(Number(bytes)), [0x03020100, 0x07060504]))).toBe(vector)
  })

  it('moves with the key, the text and its length', () => {
    const all = [
      digest('123456', [1, 2]),
      digest('123457', [1, 2]),
      digest('123456', [1, 3]),
      digest('1234560', [1, 2]),
      digest('', [1, 2]),
    ]
    expect(new Set(all).size).toBe(5)
    for (const one of all) expect(one).toMatch(/^[0-9a-z]{14}$/)
  })

  it('still moves at both ends of a text of megabytes, and stays fast', () => {
    const middle = 'x'.repeat(5_000_000)
    const start = performance.now()
    const all = [middle, `a${middle}`, `${middle}a`, `a${middle.slice(1)}`].map((text) =>
      digest(text, [1, 2]),
    )
    expect(performance.now() - start).toBeLessThan(1000)
    expect(new Set(all).size).toBe(4)
  })
})
