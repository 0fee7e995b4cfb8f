import type { Amount, Terms } from '#shared/protocol/descriptor.ts'
import { amountList, amountsIn, currencyIn, fieldAmount } from './amount.ts'
import { dom } from './builtins.ts'
import type { RawField } from './field.ts'
import {
  addressesIn,
  isAddressField,
  isAddressLabel,
  linkRecipients,
  recipientList,
  recipientsIn,
} from './recipients.ts'
import { rowsIn } from './rows.ts'
import { selectedRows } from './selection.ts'
import { text } from './text.ts'
import { boxes, is, type Line, upward } from './tree.ts'

/** What a target's terms are read from. */
export interface Sources {
  line: Line
  name: string
  lang: string
  /** Raw fields of the form, and the element that holds them. */
  fields: RawField[]
  /** All controls of the form, also those that are not read. */
  controls: readonly Element[]
  around?: Element | undefined
  dialog?: string | undefined
  row?: string | undefined
  href?: string | undefined
  /** The target may commit something larger than itself: look for a total and for a selection. */
  commits: boolean
}

/** Amounts, recipients and number of rows that the action is about. */
export function terms(from: Sources): Terms {
  const size = bytes(from)
  return {
    amounts: amountList(amounts(from)),
    recipients: recipientList(recipients(from)),
    rows: rows(from),
    ...(size !== undefined && { bytes: size }),
  }
}

/** Size of the files that are chosen; undefined where there are none. */
function bytes({ controls }: Sources): number | undefined {
  let sum: number | undefined
  for (const control of controls)
    if (is.input(control)) for (const { size } of dom.files(control) ?? []) sum = (sum ?? 0) + size
  return sum
}

/** The nearest sources first: the target's own words, the form, the dialog, the row; only where all
 * of them are silent a total written near by. */
function amounts(from: Sources): Amount[] {
  const near = [
    ...amountsIn(from.name, from.lang),
    ...fieldAmounts(from),
    ...amountsIn(from.dialog ?? '', from.lang),
    ...amountsIn(from.row ?? '', from.lang),
  ]
  return near.length > 0 || !from.commits || from.row !== undefined ? near : totals(from)
}

function fieldAmounts({ fields, lang }: Sources): Amount[] {
  const money = fields.filter((field) => !field.secret && AMOUNT_FIELD.test(words(field)))
  if (money.length === 0) return []
  const chosen = fields.find((field) => CURRENCY_FIELD.test(words(field)))
  const shared = chosen ? currencyIn(`${chosen.value} ${chosen.label}`, lang) : null
  return money
    .filter((field) => field !== chosen && field.value.length < 100)
    .map((field) => {
      const own = currencyIn(field.label, lang) ?? currencyIn(beside(field.control), lang)
      return fieldAmount(field.value, own ?? shared, lang, field.type === 'number')
    })
    .filter((amount) => amount !== null)
}

/** The few characters in the box that holds a control: `$` before it, `EUR` after it. */
function beside(control: Element): string {
  const parent = dom.parentElement(control)
  return parent && dom.childCount(parent) <= 4 ? text(parent, 24).slice(0, 24) : ''
}

/** The amount behind a word for "total" in the boxes around the target. */
function totals({ line, lang }: Sources): Amount[] {
  for (const at of boxes(line)) {
    const written = text(at, 800, 120)
    const total = TOTAL.exec(written)
    if (total) return amountsIn(written.slice(total.index, total.index + 80), lang).slice(0, 1)
    if (written.length >= 800) return []
  }
  return []
}

function recipients(from: Sources): string[] {
  const found = from.href ? linkRecipients(from.href) : []
  for (const field of from.fields) {
    const many = dom.has(field.control, 'multiple')
    if (!field.secret && isAddressField({ ...field, many }))
      found.push(...recipientsIn(field.value))
  }
  if (from.around && (from.commits || found.length > 0)) found.push(...chips(from.around))
  return found
}

/** Recipients that are elements already: mail programs turn each address into a chip. */
function chips(around: Element): string[] {
  const found: string[] = []
  for (const chip of Array.from(dom.findAll(around, CHIPS)).slice(0, 400)) {
    const address = ADDRESS_ATTRIBUTES.map((name) => dom.attribute(chip, name) ?? '').find(
      (value) => value.includes('@'),
    )
    const written = text(chip, 200)
    const inText = address ? [] : addressesIn(written)
    if (address) found.push(...recipientsIn(address))
    else if (inText.length > 0) found.push(...inText)
    else if (written && isUnderAddressLabel(chip, around)) found.push(written)
  }
  return found
}

const ADDRESS_ATTRIBUTES = ['data-hovercard-id', 'data-email', 'email', 'data-address', 'title']
const CHIPS =
  '[data-hovercard-id],[data-email],[email],[data-address],[role=option],[role=listitem],.recipient,.chip,.token,.tag'

function isUnderAddressLabel(chip: Element, around: Element): boolean {
  for (const at of upward(chip, 5)) {
    if (at === around) return false
    const label = at === chip ? null : dom.attribute(at, 'aria-label')
    if (label && isAddressLabel(label)) return true
  }
  return false
}

function rows(from: Sources): number | null {
  const said = rowsIn(from.name) ?? rowsIn(from.dialog ?? '', true)
  return said ?? (from.commits && from.row === undefined ? selectedRows(from.line) : null)
}

function words(field: RawField): string {
  return `${field.name} ${field.label}`
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/[_\-.[\]]+/g, ' ')
}

const AMOUNT_FIELD =
  /\b(?:amount|price|total|sum|payment|refund|budget|salary|donation|fee|betrag|summe|preis|importe|monto|precio|valor|montante|pre[cç]o|montant|prix|importo|prezzo|bedrag|prijs|kwota|cena|tutar|fiyat)\b|сумм|цена|金額|金额|価格|价格|금액|المبلغ|السعر/i
const CURRENCY_FIELD =
  /\b(?:currency|währung|moneda|moeda|devise|valuta|waluta|para birimi)\b|валют|通貨|币种|幣別|통화|العملة/i
const TOTAL =
  /(?:\b(?:(?:grand |order |sub)?totale?|amount due|to pay|gesamt(?:betrag|summe)?|summe|suma|importe|totaal|razem|do zapłaty|toplam)\b|итого|всего|合計|合计|总计|總計|합계|الإجمالي|المجموع)/i
