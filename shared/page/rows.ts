/** How many records a text says an action touches: `Delete 3 contacts`, `Löschen (3)`,
 * `3 ausgewählt`, `已选择 3 项`; the largest where it says several, `null` where it says none.
 * `loose` texts (a whole dialog, a bar) count only beside a word for selecting or before a noun. */
export function rowsIn(text: string, loose = false): number | null {
  let most: number | null = null
  const note = (written: string) => {
    const count = Number(written.replace(/\D/g, ''))
    if (Number.isSafeInteger(count) && count > (most ?? -1)) most = count
  }
  const plain = text.slice(0, 4000)
  for (const match of plain.matchAll(SELECTED)) note(match[1] ?? match[2] ?? '')
  for (const match of plain.matchAll(COUNTED)) note(match[1] ?? '')
  if (!loose) for (const match of plain.matchAll(BRACKETED)) note(match[1] ?? '')
  for (const [, count = '', word = ''] of plain.matchAll(BEFORE_NOUN)) if (isNoun(word)) note(count)
  return most
}

const COUNT =
  "(?<![\\p{L}\\p{N}#№.,:/$€£¥-])(\\d{1,3}(?:[.,\\u00a0\\u202f’']\\d{3})+|\\d{1,9})(?![\\p{N}%:/.,-]\\d|\\d|%)"

const SELECT_WORDS =
  'selected|checked|chosen|ausgewählt|markiert|seleccionad|selecionad|sélectionn|selezionat|geselecteerd|zaznaczon|wybran|seçil|выбран|выделен|選択|选中|已选|已選|选择|選取|선택|محدد|تحديد'

/** `3 selected`, `3 of 50 conversations selected`; `Selected: 3`, `已选择 3 项`. */
const SELECTED = new RegExp(
  `${COUNT}[^.!?\\d]{0,24}?(?:${SELECT_WORDS})|(?:${SELECT_WORDS})[^.!?\\d]{0,8}?(\\d{1,9})`,
  'giu',
)

/** East Asian counters: `3 项`, `3件`, `3개`. */
const COUNTED = /(\d{1,9})\s?(?:项|項|个|個|件|条|條|封|名|位|人|通|つ|張|张|개|건|명|통)/gu
const BRACKETED = /[(（[](\d{1,9})[)）\]]\s*$/gu
const BEFORE_NOUN = new RegExp(`${COUNT}\\s+(\\p{L}[\\p{L}-]*)`, 'giu')

/** What follows the number is counted: no time, measure or money. */
function isNoun(word: string): boolean {
  return word.length > 2 && !UNIT.test(word)
}

const UNIT =
  /^(?:sec|seconds?|min|minutes?|hours?|hrs?|days?|weeks?|months?|years?|ago|[ap]m|st|nd|rd|th|[kmgt]b|px|usd|eur|gbp|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sekunden?|minuten?|stunden?|tagen?|wochen?|monaten?|jahren?|segundos?|minutos?|horas?|d[ií]as?|semanas?|mes(?:es)?|años?|secondes?|heures?|jours?|semaines?|mois|ans?|per|and|und|for|the|with|from|your|will)$/i
