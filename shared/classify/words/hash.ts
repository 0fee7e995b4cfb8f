/** Where a hash starts: the three vocabularies share one table and must not meet in it. */
export const seeds = { terms: 0x811c9dc5, topics: 0x01000193, icons: 0x5bd1e995 } as const

/** Takes one token into a hash (FNV-1a, 32 bits), with the gap that sets a word off from the next. */
export function step(hash: number, { text, dense }: { text: string; dense: boolean }): number {
  let next = hash
  for (const letter of dense ? text : `${text} `)
    next = Math.imul(next ^ letter.charCodeAt(0), 0x01000193)
  return next
}

/** The 25 bits that are stored. With 1,700 phrases a foreign word meets one of them by chance once in
 * 20,000 look-ups; then it is held for nothing, or taken for a small word. */
export function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 13)) & 0x1ffffff
}

/** Digits of the packed table: printable ASCII without quotes, backslash and dollar. */
export const digits = Array.from({ length: 92 }, (_, i) => String.fromCharCode(i + 35)).filter(
  (digit) => !"'`\\$".includes(digit),
)
