import { part, text } from './columns.ts'

/** What an entry is found by, at most 2,000 characters. */
export function searchText(actor: string, kind: string, body: Record<string, unknown>): string {
  const descriptor = part(body, 'descriptor')
  const page = part(descriptor, 'page')
  const target = part(descriptor, 'target')
  const decision = part(body, 'decision')
  const parts = [
    actor,
    kind,
    text(target, 'name'),
    text(target, 'row'),
    text(target, 'heading'),
    text(page, 'title'),
    text(page, 'url'),
    text(part(descriptor, 'dialog'), 'text'),
    text(decision, 'reason'),
    ...texts(decision.rules),
    ...texts(part(descriptor, 'terms').recipients),
    text(body, 'reason'),
    text(body, 'why'),
    text(body, 'origin'),
  ]
  return spaced(parts.join(' ')).slice(0, 2000)
}

/** The words of a text, as the index splits it. */
export function words(source: string): string[] {
  return spaced(source).match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Chinese, Japanese and Thai write no spaces between words: there every character is a word of its
 * own. */
function spaced(source: string): string {
  return /[\u0e00-\u0e7f\u3040-\uffff]/.test(source)
    ? source.replace(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/gu, ' $& ')
    : source
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
