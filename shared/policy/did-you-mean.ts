/** The known word closest to a mistyped one, or undefined where nothing is close: at most one edit
 * for every three letters, a swap of neighbours counting as one. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  if (word.length > 40) return undefined
  const wanted = word.toLowerCase()
  let best: string | undefined
  let distance = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of known) {
    const found = edits(wanted, candidate.toLowerCase())
    if (found < distance) [best, distance] = [candidate, found]
  }
  return best
}

/** A sentence for the end of a message; empty without a near word. */
export function hint(word: string, known: Iterable<string>): string {
  const near = didYouMean(word, known)
  return near === undefined ? '' : `; did you mean \`${near}\`?`
}

/** Optimal string alignment distance, one row at a time. */
function edits(a: string, b: string): number {
  let older: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const step = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1))
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(swap ? Math.min(step, at(older, j - 2) + 1) : step)
    }
    ;[older, last] = [last, row]
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
