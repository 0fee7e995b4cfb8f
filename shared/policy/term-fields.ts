import { LIST_LIMIT } from '#shared/protocol/descriptor.ts'
import { showBytes } from './bytes.ts'
import { type Money, showMoney } from './currency.ts'
import type { Test } from './policy.ts'
import { recipientGlob } from './recipient.ts'
import type { On } from './schema.ts'
import type { Subject } from './subject.ts'

/** Tests of what an action is about: amounts, recipients, rows, bytes. */
export function termTests(on: On, restricts: boolean): Test[] {
  const { amount, recipients, recipient_count: people, rows, bytes } = on
  const sizes = bytes && { max: bytes.max?.bytes, min: bytes.min?.bytes }
  return [
    ...(amount?.max ? [amountTest(amount.max, 'at most', restricts)] : []),
    ...(amount?.min ? [amountTest(amount.min, 'at least', restricts)] : []),
    ...(recipients ? [recipientsTest(recipients, restricts)] : []),
    ...(people ? countTests(PEOPLE, people, restricts) : []),
    ...(rows ? countTests(ROWS, rows, restricts) : []),
    ...(sizes ? countTests(BYTES, sizes, restricts) : []),
  ]
}

type Bound = 'at most' | 'at least'

/** One limit for each currency. The largest amount of a currency counts; an amount that nobody
 * could read, or in a currency without a limit here, is above every maximum. */
function amountTest(limits: readonly Money[], bound: Bound, restricts: boolean): Test {
  const limit = new Map(limits.map(({ currency, minor }) => [currency, minor]))
  const fits =
    bound === 'at most' ? (x: number, y: number) => x <= y : (x: number, y: number) => x >= y
  const text = limits.map(({ minor, currency }) => showMoney(minor, currency)).join(' or ')
  return {
    field: 'amount',
    wants: `amount ${bound} ${text}`,
    passes: (subject) => {
      const largest = subject.amounts()
      if (largest === 'none') return false
      if (largest === 'unknown') return restricts
      // A restriction asks for one amount that fits, a permission for none that does not.
      for (const [currency, minor] of largest) {
        const own = limit.get(currency)
        if ((own === undefined ? restricts : fits(minor, own)) === restricts) return restricts
      }
      return !restricts
    },
    is: amountsText,
    beyond: (subject) => {
      const largest = subject.amounts()
      if (typeof largest === 'string')
        return `An amount that nobody can tell ${COUNTS[bound]} ${text}`
      const strange = [...largest.keys()].some((currency) => !limit.has(currency))
      return `${amountsText(subject)} ${strange ? `is in another currency and ${COUNTS[bound]}` : IS[bound]} ${text}`
    },
  }
}

const IS: Readonly<Record<Bound, string>> = {
  'at most': 'is above the',
  'at least': 'is below the least, the',
}
const COUNTS: Readonly<Record<Bound, string>> = {
  'at most': 'counts as above the',
  'at least': 'counts as below the least, the',
}

function amountsText(subject: Subject): string {
  const largest = subject.amounts()
  if (typeof largest === 'string') return largest
  let text = ''
  for (const [currency, minor] of largest)
    text += `${text === '' ? '' : ' and '}${showMoney(minor, currency)}`
  return text
}

/** Allow: at least one recipient, and each of them matches. Hold and deny: one of them matches, or
 * an action that has recipients shows none. */
function recipientsTest(patterns: readonly string[], restricts: boolean): Test {
  const globs = patterns.map(recipientGlob)
  return {
    field: 'recipients',
    wants: `${restricts ? 'a recipient' : 'only recipients'} ${patterns.join(' or ')}`,
    passes: (subject) => {
      const recipients = subject.recipients()
      if (restricts)
        return (
          peopleOf(subject) === null ||
          recipients.some((one) => globs.some((glob) => glob.lenient(one)))
        )
      return (
        peopleOf(subject) !== null &&
        recipients.length > 0 &&
        recipients.every((one) => globs.some((glob) => glob.strict(one)))
      )
    },
    is: ({ d }) =>
      d.terms.recipients.length === 0 ? 'none found' : d.terms.recipients.slice(0, 3).join(', '),
  }
}

/** How many recipients; null where there must be some and none was found, or too many to list. */
function peopleOf({ d, c }: Subject): number | null {
  const count = d.terms.recipients.length
  if (count >= LIST_LIMIT) return null
  const sends = c.capability === 'send' || c.category === 'communication'
  return count === 0 && sends ? null : count
}

/** Something that is counted. */
interface Counted {
  readonly field: string
  /** `5 recipients`, `2.4 MB`. */
  shown(count: number): string
  readonly unknown: string
  /** Null where nobody can tell. */
  of(subject: Subject): number | null
}

const PEOPLE: Counted = {
  field: 'recipient_count',
  shown: (count) => `${count} ${count === 1 ? 'recipient' : 'recipients'}`,
  unknown: 'A number of recipients',
  of: peopleOf,
}
const ROWS: Counted = {
  field: 'rows',
  shown: (count) => `${count} ${count === 1 ? 'row' : 'rows'}`,
  unknown: 'A number of rows',
  of: ({ d }) => d.terms.rows,
}
const BYTES: Counted = {
  field: 'bytes',
  shown: showBytes,
  unknown: 'A size',
  of: ({ d }) => (d.terms.bytes === undefined ? 0 : d.terms.bytes),
}

function countTests(
  { field, shown, unknown, of }: Counted,
  { max, min }: { max?: number | undefined; min?: number | undefined },
  restricts: boolean,
): Test[] {
  const test = (bound: Bound, limit: number): Test => ({
    field,
    wants: `${bound} ${shown(limit)}`,
    passes: (subject) => {
      const count = of(subject)
      if (count === null) return restricts
      return bound === 'at most' ? count <= limit : count >= limit
    },
    is: (subject) => {
      const count = of(subject)
      return count === null ? 'unknown' : field === 'bytes' ? shown(count) : String(count)
    },
    beyond: (subject) => {
      const count = of(subject)
      return count === null
        ? `${unknown} that nobody can tell ${COUNTS[bound]} ${shown(limit)}`
        : `${shown(count)} ${count === 1 || field === 'bytes' ? IS[bound] : IS[bound].replace('is', 'are')} ${shown(limit)}`
    },
  })
  return [
    ...(max === undefined ? [] : [test('at most', max)]),
    ...(min === undefined ? [] : [test('at least', min)]),
  ]
}
