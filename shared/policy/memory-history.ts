import type { Earlier, History, Reviews, Step } from './history.ts'

/** Most steps that `alike` gives. */
const ALIKE = 500

/** What happened before, in memory: the steps of one mode and what people said of them. Reading costs
 * the logarithm of what is kept, adding a step in order of time costs its keys. */
export class MemoryHistory implements History {
  readonly #byKey = new Map<string, Series>()
  readonly #byKind = new Map<string, Step[]>()
  readonly #reviews = new Map<string, Reviews & { terms: string }>()
  readonly #verified = new Map<string, { at: number; text: string | null }>()
  readonly #promoted = new Map<string, string[]>()

  /** Takes a step that was let go. Steps may come in any order of time. */
  append(step: Step): void {
    for (const key of step.keys) {
      const series = this.#byKey.get(key) ?? new Series()
      this.#byKey.set(key, series)
      series.add(step)
    }
    const { kind } = step.likeness
    const same = this.#byKind.get(kind) ?? []
    this.#byKind.set(kind, same)
    same.splice(firstFrom(same, step.at + 1), 0, step)
  }

  /** Drops what is older than `before` (ms since the epoch), except what a run's own keys hold: those
   * go with `endRun`. */
  drop(before: number): void {
    for (const [key, series] of this.#byKey)
      if (!isOfRun(key) && series.drop(before)) this.#byKey.delete(key)
    for (const [kind, steps] of this.#byKind) {
      steps.splice(0, firstFrom(steps, before))
      if (steps.length === 0) this.#byKind.delete(kind)
    }
  }

  /** Forgets what one run's own keys hold. */
  endRun(run: string): void {
    for (const key of this.#byKey.keys())
      if (key === `run ${run}` || key.endsWith(` in run ${run}`)) this.#byKey.delete(key)
  }

  count(key: string, since: number): number {
    return this.#byKey.get(key)?.count(since) ?? 0
  }

  sum(key: string, currency: string, since: number): number | null {
    const series = this.#byKey.get(key)
    return series === undefined ? 0 : series.sum(currency, since)
  }

  nth(key: string, n: number): number | null {
    return this.#byKey.get(key)?.nth(n) ?? null
  }

  alike(kind: string, since: number): readonly Earlier[] {
    const steps = this.#byKind.get(kind) ?? []
    const from = Math.max(firstFrom(steps, since), steps.length - ALIKE)
    return steps.slice(from).reverse()
  }

  reviews(rule: string, terms: string): Reviews {
    const known = this.#reviews.get(rule)
    return known?.terms === terms ? known : { clean: 0, errors: 0, accepted: false }
  }

  /** Says what people made of a rule while its terms were these, whenever they did. */
  review(rule: string, terms: string, reviews: Reviews): void {
    this.#reviews.set(rule, { ...reviews, terms })
  }

  verified(recipe: string, text: string): number | null {
    const known = this.#verified.get(recipe)
    return known && (known.text === null || known.text === text) ? known.at : null
  }

  /** Says when a recipe was tried with success; null stands for its text whatever that is. */
  verify(recipe: string, text: string | null, at: number): void {
    this.#verified.set(recipe, { at, text })
  }

  promoted(terms: string): string | null {
    return this.#promoted.get(terms)?.[0] ?? null
  }

  /** Takes a promotion for these terms, under its audit id; each lets one action go. */
  promote(terms: string, audit: string): void {
    this.#promoted.set(terms, [...(this.#promoted.get(terms) ?? []), audit])
  }

  /** Uses a promotion up. */
  spend(audit: string): void {
    for (const [terms, audits] of this.#promoted)
      this.#promoted.set(
        terms,
        audits.filter((one) => one !== audit),
      )
  }
}

/** Steps of no known run are kept like all others: nothing says when such a run ends. */
function isOfRun(key: string): boolean {
  return (key.startsWith('run ') || key.includes(' in run ')) && !key.endsWith('run ')
}

/** Index of the first step at or after a time; at the end where there is none. */
function firstFrom(steps: readonly { readonly at: number }[], time: number): number {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((steps[middle]?.at ?? Number.POSITIVE_INFINITY) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** The steps of one key in order of time, with running sums so that a window's is one subtraction. */
class Series {
  readonly #steps: { readonly at: number; readonly amounts: Step['amounts'] }[] = []
  readonly #sums = new Map<string, number[]>()
  #unread: number[] = []

  add({ at, amounts }: Step): void {
    const place = firstFrom(this.#steps, at + 1)
    this.#steps.splice(place, 0, { at, amounts })
    this.#resum(place)
  }

  /** True where nothing is left. */
  drop(before: number): boolean {
    const gone = firstFrom(this.#steps, before)
    if (gone > 0) {
      this.#steps.splice(0, gone)
      this.#sums.clear()
      this.#unread = []
      this.#resum(0)
    }
    return this.#steps.length === 0
  }

  count(since: number): number {
    return this.#steps.length - this.#from(since)
  }

  sum(currency: string, since: number): number | null {
    const from = this.#from(since)
    const total = (sums: readonly number[] | undefined) =>
      sums === undefined ? 0 : (sums.at(-1) ?? 0) - (from === 0 ? 0 : (sums[from - 1] ?? 0))
    if (this.#steps.length === 0) return 0
    return total(this.#unread) > 0 ? null : total(this.#sums.get(currency))
  }

  nth(n: number): number | null {
    return n < 1 ? null : (this.#steps[this.#steps.length - n]?.at ?? null)
  }

  #from(since: number): number {
    return firstFrom(this.#steps, since)
  }

  /** Brings the sums up to date from one place on; at the end, where steps come in order, that is one
   * step. Sums beyond 2^53 are above every budget that can be written. */
  #resum(place: number): void {
    for (let index = place; index < this.#steps.length; index++) {
      const amounts = this.#steps[index]?.amounts
      if (amounts === undefined) continue
      for (const currency of Object.keys(amounts ?? {}))
        if (!this.#sums.has(currency)) this.#sums.set(currency, new Array<number>(index).fill(0))
      for (const [currency, sums] of this.#sums)
        sums[index] = (sums[index - 1] ?? 0) + (amounts?.[currency] ?? 0)
      this.#unread[index] = (this.#unread[index - 1] ?? 0) + (amounts === null ? 1 : 0)
    }
  }
}
