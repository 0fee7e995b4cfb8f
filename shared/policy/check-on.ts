import type { Path, Report } from './check.ts'
import type { On } from './schema.ts'

/** Fields of an `on` that exclude each other or that nothing can ever meet. */
export function checkOn(on: On, allows: boolean, at: Path, { problem }: Report): void {
  const no = (field: string, message: string) => problem([...at, field], 'never-matches', message)
  if (on.capability?.includes('read')) no('capability', 'reads always pass; no rule is about them')
  if (on.effect?.includes('none'))
    no('effect', 'a step without an effect always passes; no rule is about it')
  if (on.reversible === true && on.effect && !on.effect.includes('reversible'))
    no('reversible', `\`reversible: true\` and this \`effect\` ${EXCLUDE}`)
  if (on.reversible === false && on.effect?.every((effect) => effect === 'reversible'))
    no('reversible', `\`reversible: false\` and this \`effect\` ${EXCLUDE}`)
  for (const field of ['rows', 'recipient_count', 'bytes'] as const) bounds(field, on, no)
  amounts(on, no)
  const counted = on.recipient_count?.max
  if (allows && on.recipients && counted === 0)
    no('recipient_count', '`recipients` wants at least one recipient; the rule can never match')
}

const EXCLUDE = 'exclude each other; the rule can never match'

type No = (field: string, message: string) => void

function bounds(field: 'rows' | 'recipient_count' | 'bytes', on: On, no: No): void {
  const bound = on[field]
  if (bound === undefined) return
  const [max, min] = [sizeOf(bound.max), sizeOf(bound.min)]
  if (max === undefined && min === undefined) no(field, `\`${field}\` needs \`max\` or \`min\``)
  if (max !== undefined && min !== undefined && min > max)
    no(field, '`min` is above `max`; the rule can never match')
}

function sizeOf(size: number | { readonly bytes: number } | undefined): number | undefined {
  return typeof size === 'object' ? size.bytes : size
}

function amounts({ amount }: On, no: No): void {
  if (amount === undefined) return
  if (!amount.max && !amount.min) no('amount', '`amount` needs `max` or `min`')
  for (const low of amount.min ?? []) {
    const high = amount.max?.find(({ currency }) => currency === low.currency)
    if (high && low.minor > high.minor)
      no('amount', '`min` is above `max`; the rule can never match')
  }
  for (const bound of [amount.max, amount.min]) {
    const currencies = (bound ?? []).map(({ currency }) => currency)
    if (new Set(currencies).size < currencies.length)
      no('amount', 'one limit for each currency, no more')
  }
}
