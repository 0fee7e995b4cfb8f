/** True where `one` becomes `other` by at most `most` inserted, left out or replaced characters. Looks
 * only at the band in which that can be so: its cost grows with length times `most`. */
export function nearly(one: string, other: string, most: number): boolean {
  if (one === other) return true
  if (Math.abs(one.length - other.length) > most) return false
  const [a, b] = trimmed(one, other)
  if (Math.max(a.length, b.length) <= most) return true
  return most > 0 && inBand(codes(a), codes(b), most)
}

/** One row of the usual table at a time, and of each row only what lies near the diagonal. */
function inBand(a: Uint16Array, b: Uint16Array, most: number): boolean {
  const none = most + 1
  let last = new Uint16Array(b.length + 2).fill(none)
  let row = new Uint16Array(b.length + 2).fill(none)
  for (let j = 0; j <= Math.min(b.length, most); j++) last[j] = j
  for (let i = 1; i <= a.length; i++) {
    const from = Math.max(1, i - most)
    const to = Math.min(b.length, i + most)
    const letter = a[i - 1]
    // `left` and `corner` are the neighbours of the cell that is filled next.
    let left = from === 1 && i <= most ? i : none
    let corner = last[from - 1] ?? none
    row[from - 1] = left
    let least = left
    for (let j = from; j <= to; j++) {
      const above = last[j] ?? none
      let cost = letter === b[j - 1] ? corner : corner + 1
      if (above < cost) cost = above + 1
      if (left < cost) cost = left + 1
      if (cost > none) cost = none
      row[j] = cost
      corner = above
      left = cost
      if (cost < least) least = cost
    }
    row[to + 1] = none
    if (least > most) return false
    const spare = last
    last = row
    row = spare
  }
  return (last[b.length] ?? none) <= most
}

function codes(text: string): Uint16Array {
  const list = new Uint16Array(text.length)
  for (let i = 0; i < text.length; i++) list[i] = text.charCodeAt(i)
  return list
}

/** Both without what they begin and end with in common. */
function trimmed(one: string, other: string): [string, string] {
  const shorter = Math.min(one.length, other.length)
  let start = 0
  while (start < shorter && one[start] === other[start]) start++
  let end = 0
  while (end < shorter - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end++
  return [one.slice(start, one.length - end), other.slice(start, other.length - end)]
}
