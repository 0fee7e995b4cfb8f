import { type Money, parseMoney } from './currency.ts'
import { parseDuration, showDuration } from './duration.ts'

/** A window of time that counts back from now, in ms; or the run, from its first step to its last. */
export type Window = number | 'run'

/** At most `max` in a window. */
export interface Rate {
  readonly max: number
  readonly window: Window
  readonly text: string
}

/** At most so much money in a window. */
export interface Budget {
  readonly money: Money
  readonly window: Window
  readonly text: string
}

const NAMED: Readonly<Record<string, Window>> = {
  run: 'run',
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}

/** The longest window: what happened longer ago is not looked at. */
export const LONGEST_WINDOW = 31 * 86_400_000

/** Reads `25/hour`, `3/10m` or `50/run`; a message where it is something else. */
export function parseRate(text: string): Rate | string {
  const found = /^(\d{1,9}) ?\/ ?(\w+)$/.exec(text)
  const window = windowOf(found?.[2])
  if (found && window !== null) return { max: Number(found[1]), window, text }
  return `\`${text}\` is not a rate; write a number and a window, as in \`25/hour\`, \`3/10m\` or \`50/run\``
}

/** Reads `2000 USD/day`; a message where it is something else. */
export function parseBudget(text: string): Budget | string {
  const slash = text.lastIndexOf('/')
  const window = slash < 0 ? null : windowOf(text.slice(slash + 1).trim())
  if (window === null)
    return `\`${text}\` is not a budget; write an amount and a window, as in \`2000 USD/day\` or \`500 EUR/run\``
  const money = parseMoney(text.slice(0, slash).trim())
  return typeof money === 'string' ? money : { money, window, text }
}

function windowOf(text: string | undefined): Window | null {
  if (text === undefined) return null
  const named = Object.hasOwn(NAMED, text) ? NAMED[text] : undefined
  if (named !== undefined) return named
  const length = parseDuration(text)
  return typeof length === 'number' && length <= LONGEST_WINDOW ? length : null
}

/** `an hour`, `a run`, `10m`: a window in a sentence. */
export function showWindow(window: Window): string {
  const name = Object.keys(NAMED).find((key) => NAMED[key] === window)
  if (name === undefined) return typeof window === 'number' ? showDuration(window) : window
  return `${name === 'hour' ? 'an' : 'a'} ${name}`
}
