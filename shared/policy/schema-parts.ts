import * as z from 'zod'
import { Category, Mode } from '#shared/protocol/words.ts'
import { parseBytes } from './bytes.ts'
import { parseMoney } from './currency.ts'
import { parseDuration } from './duration.ts'
import { parseBudget, parseRate } from './rate.ts'
import { GLOB_LIMIT } from './text-glob.ts'
import { parseUntil } from './until.ts'
import { urlGlob } from './url-glob.ts'

/** What the words of holdpoint.yaml are made of. */

/** Text that `parse` understands; a message from it becomes an issue with the given code. */
function read<T>(code: string, example: string, parse: (text: string) => T | string) {
  return z.string({ error: `expected text as in \`${example}\`` }).transform((text, context): T => {
    const value = parse(text)
    if (typeof value !== 'string') return value
    context.addIssue({ code: 'custom', message: value, params: { code } })
    return z.NEVER
  })
}

/** One item or a list of them; always a list once parsed. */
export function list<T extends z.ZodType>(item: T) {
  return z.union([item.transform((one) => [one]), z.array(item).min(1).max(1000)])
}

export const line = z.string().trim().min(1).max(500)
export const glob = z.string().min(1).max(GLOB_LIMIT)
export const count = z.int().min(0)
export const mode = z.enum(Mode.options)
export const category = z.enum(Category.options)
export const url = read('bad-url', 'https://crm.example.com/**', urlGlob)
export const money = read('bad-amount', '50 USD', parseMoney)
export const duration = read('bad-duration', '10m', parseDuration)
export const rate = read('bad-rate', '25/hour', parseRate)
export const budget = read('bad-budget', '2000 USD/day', parseBudget)
export const bytes = read('bad-size', '2 MB', parseBytes)
export const until = read('bad-date', '2027-01-31', parseUntil)
export const bounds = z.strictObject({ max: count.optional(), min: count.optional() })

/** A duration that is kept as it is written. */
export const period = z.string().superRefine((text, context) => {
  const value = parseDuration(text)
  if (typeof value === 'string')
    context.addIssue({ code: 'custom', message: value, params: { code: 'bad-duration' } })
})

/** A name that other places of the policy refer to. */
export const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/,
    'a name has letters, digits, `-`, `_` or `.`, at most 60, and begins with a letter or digit',
  )
