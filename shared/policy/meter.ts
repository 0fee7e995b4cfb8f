import { showMoney } from './currency.ts'
import { DAY } from './duration.ts'
import { type History, keys } from './history.ts'
import { type Budget, type Rate, showWindow, type Window } from './rate.ts'
import { runOf } from './step.ts'
import type { Subject } from './subject.ts'

/** A rate or budget that one more action would exceed, in words. */
export interface Exceeded {
  readonly text: string
  /** `25 in an hour`, `2000 USD in a day`. */
  readonly allowed: string
  /** `25 have gone`, `340 USD more would make 2100 USD`. */
  readonly is: string
  /** Seconds until enough has left the window; null where that never happens. */
  readonly retryAfter: number | null
}

/** Reads what has gone before one action, in the windows of rates and budgets. */
export class Meter {
  readonly history: History
  readonly subject: Subject
  readonly run: string

  constructor(history: History, subject: Subject) {
    this.history = history
    this.subject = subject
    this.run = runOf(subject.d)
  }

  /** Steps of a key in a window. */
  gone(key: string, window: Window): number {
    const { counted, since } = this.#within(key, window)
    return this.history.count(counted, since)
  }

  /** Minor units of a budget's currency that have gone; null where nobody can tell. */
  spent(key: string, { money, window }: Budget): number | null {
    const { counted, since } = this.#within(key, window)
    return this.history.sum(counted, money.currency, since)
  }

  /** Of these rates the one that the steps of a key use up for longest; null where none is used up. */
  over(key: string, rates: readonly Rate[]): Exceeded | null {
    return longest(
      rates.flatMap((rate) => {
        const gone = this.gone(key, rate.window)
        return gone < rate.max ? [] : [this.#usedUp(key, rate, gone)]
      }),
    )
  }

  #usedUp(key: string, { max, window, text }: Rate, gone: number): Exceeded {
    const { counted, length } = this.#within(key, window)
    return {
      text,
      allowed: `${max} in ${showWindow(window)}`,
      is: gone === 1 ? '1 has gone' : `${gone} have gone`,
      // The step that has to leave the window is the one that fills it.
      retryAfter: max === 0 ? null : this.#leaves(counted, max, length),
    }
  }

  /** Of these budgets the one that this action exceeds for longest; null where it fits all of them. An
   * amount that nobody can tell, and one in a currency without a budget, is above every budget. */
  overspent(key: string, budgets: readonly Budget[]): Exceeded | null {
    const amounts = this.subject.amounts()
    const [first] = budgets
    if (first === undefined || amounts === 'none') return null
    if (amounts === 'unknown') return above(first, 'nobody can tell how much this is')
    return longest(
      [...amounts].flatMap(([currency, minor]) => {
        const own = budgets.filter(({ money }) => money.currency === currency)
        if (own.length === 0)
          return [above(first, `${showMoney(minor, currency)} is in another currency`)]
        return own.flatMap((budget) => this.#exceeded(key, budget, minor) ?? [])
      }),
    )
  }

  #exceeded(key: string, budget: Budget, minor: number): Exceeded | null {
    const { money, window } = budget
    const spent = this.spent(key, budget)
    if (spent === null) return above(budget, 'nobody can tell how much has gone')
    if (spent + minor <= money.minor) return null
    const is = `${showMoney(minor, money.currency)} more would make ${showMoney(spent + minor, money.currency)}`
    if (minor > money.minor) return above(budget, is)
    const { counted, length } = this.#within(key, window)
    const gone = this.gone(key, window)
    const fitting = this.#newestThatFit(counted, gone, money.currency, money.minor - minor)
    return { ...above(budget, is), retryAfter: this.#leaves(counted, fitting + 1, length) }
  }

  /** How many of the newest steps together cost no more than `most`. Their sum only grows. */
  #newestThatFit(key: string, gone: number, currency: string, most: number): number {
    let [fit, beyond] = [0, gone + 1]
    while (beyond - fit > 1) {
      const middle = Math.floor((fit + beyond) / 2)
      const from = this.history.nth(key, middle)
      const sum = from === null ? null : this.history.sum(key, currency, from)
      if (sum !== null && sum <= most) fit = middle
      else beyond = middle
    }
    return fit
  }

  /** Seconds until the `n`-th newest step leaves a window of `length` ms. */
  #leaves(key: string, n: number, length: number | null): number | null {
    const at = length === null ? null : this.history.nth(key, n)
    const { now } = this.subject.facts
    if (at === null || length === null || !Number.isFinite(now)) return null
    return Math.max(1, Math.ceil((at + length - now) / 1000))
  }

  /** The key and the time from which on a window counts. A step that is exactly as old as the window
   * is outside it. Without a readable clock everything counts. */
  #within(key: string, window: Window): { counted: string; since: number; length: number | null } {
    const { now } = this.subject.facts
    const since = (length: number) => (Number.isFinite(now) ? now - length + 1 : 0)
    if (window !== 'run') return { counted: key, since: since(window), length: window }
    // Steps of no known run are one run of a day: nothing says when another begins.
    const counted = key === keys.all ? keys.run(this.run) : keys.inRun(key, this.run)
    return this.run === ''
      ? { counted, since: since(DAY), length: DAY }
      : { counted, since: 0, length: null }
  }
}

/** The one that lasts longest; for ever, where waiting does not help. */
export function longest(exceeded: readonly Exceeded[]): Exceeded | null {
  const lasts = ({ retryAfter }: Exceeded) => retryAfter ?? Number.POSITIVE_INFINITY
  return exceeded.reduce<Exceeded | null>(
    (most, one) => (most === null || lasts(one) > lasts(most) ? one : most),
    null,
  )
}

function above({ money, window, text }: Budget, is: string): Exceeded {
  return {
    text,
    allowed: `${showMoney(money.minor, money.currency)} in ${showWindow(window)}`,
    is,
    retryAfter: null,
  }
}
