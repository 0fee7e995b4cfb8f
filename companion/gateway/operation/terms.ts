import { randomBytes } from 'node:crypto'
import { amountList, amountsIn, currencyIn, fieldAmount } from '#shared/page/amount.ts'
import { clip } from '#shared/page/clip.ts'
import { isAddressField, recipientList, recipientsIn } from '#shared/page/recipients.ts'
import { isSecret, mask, maskCards } from '#shared/page/secret.ts'
import type { Amount, Field, Terms } from '#shared/protocol/descriptor.ts'
import type { Leaf } from './flatten.ts'

/** New in every process: the same secret looks the same for as long as a hold can wait. */
const random = randomBytes(8)
const key = [random.readInt32LE(0), random.readInt32LE(4)] as const

/** The values of a body as fields that people may read: whatever could be a secret is masked. */
export function fieldsOf(leaves: readonly Leaf[]): Field[] {
  return leaves.map(({ path, value }) => {
    const name = bareName(path)
    // As a hidden field: nobody saw these values, so what looks like a token is taken for one.
    const about = { type: 'hidden', autocomplete: '', name, label: name, value, wasPassword: false }
    const secret = isSecret(about)
    return {
      label: clip(path),
      name: clip(path),
      type: 'text',
      value: clip(secret ? mask(value, key) : maskCards(value, key)),
      secret,
    }
  })
}

/** What a body is about, read from the names and values of its fields. */
export function termsOf(leaves: readonly Leaf[], method: string): Terms {
  const named = leaves.map((leaf) => ({ ...leaf, name: bareName(leaf.path) }))
  const currency = named.find(({ name }) => /currency|waehrung|währung|moneda|devise/i.test(name))
  const code = currency ? currencyIn(currency.value.toUpperCase(), '') : null
  const amounts: Amount[] = []
  const recipients: string[] = []
  for (const { name, value } of named) {
    if (isAmountName(name)) {
      const amount = fieldAmount(value, code, '', true)
      if (amount) amounts.push(amount)
    } else if (value.length <= 200) amounts.push(...amountsIn(value, ''))
    if (isAddressField({ name, label: name, type: 'text', many: false }))
      recipients.push(...recipientsIn(value))
  }
  const ids = named.filter(({ name }) => IDS.test(name)).length
  return {
    amounts: amountList(amounts),
    recipients: recipientList(recipients),
    rows: ids > 1 ? ids : method === 'DELETE' && ids === 0 ? null : ids || null,
  }
}

/** Whether a field of this name holds an amount of money, or counts what is paid for. */
export function isAmountName(name: string): boolean {
  return AMOUNT.test(name)
}

const AMOUNT =
  /^(?:.*[_\- ])?(?:amount|price|total|sum|value|betrag|summe|preis|monto|importe|montant)(?:[_\- ].*)?$/i
const IDS = /^(?:ids|uids|uuids|_?uids?|selected|items?)$/i

/** The last name of a path, without indexes: `to` for `message.to[0]`, `ids` for `ids[]`. */
export function bareName(path: string): string {
  return (
    path
      .replace(/\[\d*\]/g, '')
      .split('.')
      .at(-1) ?? ''
  )
}
