/** Something that happened: `seq` is the number of its entry, `at` is in ms since the epoch. */
interface Happened {
  readonly seq: number
  readonly at: number
}

/** Fewer than these are not worth the work of forgetting them. */
const FEW = 1000

interface Listed<T> {
  readonly key: string
  readonly items: T[]
}

/** What happened, in order, under the keys that it is counted by. Time never goes back in it. */
export class Trail<T extends Happened> {
  /** With the lists that each is in: the keys themselves would be most of the memory. */
  #all: { item: T; lists: readonly Listed<T>[] }[] = []
  #lists = new Map<string, Listed<T>>()

  /** Has to be newer than what is there. */
  push(item: T, keys: readonly string[]): void {
    const lists = keys.map((key) => this.#list(key))
    for (const { items } of lists) items.push(item)
    this.#all.push({ item, lists })
  }

  /** What happened under a key, oldest first. */
  of(key: string): readonly T[] {
    return this.#lists.get(key)?.items ?? []
  }

  /** Takes back what came after entry `seq`. */
  dropAfter(seq: number): void {
    for (let last = this.#all.at(-1); last && last.item.seq > seq; last = this.#all.at(-1)) {
      this.#all.pop()
      for (const { items } of last.lists) items.pop()
    }
  }

  /** Forgets what was before `at`, once that is worth the work. */
  dropBefore(at: number): void {
    const [first] = this.#all
    if (this.#all.length < FEW || !first || first.item.at >= at) return
    const gone = this.#all.findIndex(({ item }) => item.at >= at)
    const kept = gone < 0 ? [] : this.#all.slice(gone)
    if (kept.length * 2 > this.#all.length) return
    this.clear()
    for (const { item, lists } of kept)
      this.push(
        item,
        lists.map(({ key }) => key),
      )
  }

  clear(): void {
    this.#all = []
    this.#lists = new Map()
  }

  #list(key: string): Listed<T> {
    const known = this.#lists.get(key)
    if (known) return known
    const list = { key, items: [] }
    this.#lists.set(key, list)
    return list
  }
}

/** Index of the first of a list that was at or after `since`; its length where none was. */
export function firstSince(list: readonly Happened[], since: number): number {
  let [from, to] = [0, list.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((list[middle]?.at ?? 0) < since) from = middle + 1
    else to = middle
  }
  return from
}
