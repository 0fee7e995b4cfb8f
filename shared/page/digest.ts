/** Keyed digest of a text as 14 base-36 characters: HalfSipHash-2-4 with 64-bit output
 * (Aumasson and Bernstein, github.com/veorq/SipHash) over the UTF-16LE bytes. Whoever lacks the key
 * cannot guess even a short secret from it; whoever holds it in the same page sees any change.
 * Very long texts count by length, head and tail only, so that no page can make this slow. */
export function digest(text: string, key: readonly [number, number]): string {
  const [low, high] = halfSipHash(bounded(text), key)
  return low.toString(36).padStart(7, '0') + high.toString(36).padStart(7, '0')
}

const LONGEST = 400_000

function bounded(text: string): string {
  if (text.length <= LONGEST) return text
  const half = LONGEST / 2
  return `${text.length}:${text.slice(0, half)}${text.slice(-half)}`
}

/** The two 32-bit halves of the digest, low first. */
export function halfSipHash(text: string, [k0, k1]: readonly [number, number]): [number, number] {
  let [a, b, c, d] = [k0, k1 ^ 0xee, k0 ^ 0x6c796765, k1 ^ 0x74656462]
  const rounds = (count: number) => {
    for (let round = 0; round < count; round++) {
      a = (a + b) | 0
      b = turn(b, 5) ^ a
      a = turn(a, 16)
      c = (c + d) | 0
      d = turn(d, 8) ^ c
      a = (a + d) | 0
      d = turn(d, 7) ^ a
      c = (c + b) | 0
      b = turn(b, 13) ^ c
      c = turn(c, 16)
    }
    return (b ^ d) >>> 0
  }
  // Two UTF-16 units make a word; the last word carries the length in bytes.
  for (let at = 0; at <= text.length; at += 2) {
    const isLast = at + 2 > text.length
    const high = isLast ? (text.length * 2) << 24 : text.charCodeAt(at + 1) << 16
    const word = (at < text.length ? text.charCodeAt(at) : 0) | high
    d ^= word
    rounds(2)
    a ^= word
  }
  c ^= 0xee
  const low = rounds(4)
  b ^= 0xdd
  return [low, rounds(4)]
}

function turn(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
