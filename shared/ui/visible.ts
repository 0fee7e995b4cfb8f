/** How much of a page's text one spot shows, and whether line breaks are kept. */
export interface Spot {
  /** Longest result in characters; longer text is cut with an ellipsis. */
  limit?: number
  lines?: boolean
}

/** Page text as a person may be shown it: nothing in it is invisible, reorders its surroundings or
 * runs on for ever. Control, bidi, zero-width, private-use and filler characters come out as
 * `⟦U+202E⟧`, repeats as `⟦U+200B ×57⟧`. Joiners stay where a script or an emoji needs them. */
export function visible(text: string, { limit = 120, lines = false }: Spot = {}): string {
  // A label of megabytes is not worked through for the few characters that are shown of it.
  const read = text.slice(0, Math.max(limit * 8, 1024))
  const head = read.replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
  const shown = head
    .replace(HIDDEN, (found, at: number) => (belongs(head, found, at) ? found : escaped(found)))
    .replace(/(⟦U\+[0-9A-F]+)⟧(?:\1⟧)+/g, (run, code: string) => {
      return `${code} ×${run.length / (code.length + 1)}⟧`
    })
  const spaced = lines
    ? shown.replace(/[^\S\n]+/g, ' ').replace(/\n{3,}/g, '\n\n')
    : shown.replace(/\s+/g, ' ')
  return cut(spaced.trim(), limit, read.length < text.length)
}

/** Page text between quotation marks that it cannot close itself. */
export function quoted(text: string, limit = 80): string {
  return `“${visible(text, { limit }).replace(/["“”„‟«»]/g, '\u2019')}”`
}

/** Whether text is a name or an address and nothing more, so that it needs no quotation marks:
 * at most four words, none of which our own sentences are made of. */
export function plain(text: string): boolean {
  return (
    text.length <= 60 &&
    /^[\p{L}\p{M}\p{N}.@_+'’-]+(?: [\p{L}\p{M}\p{N}.@_+'’-]+){0,3}$/u.test(text) &&
    !/(?:^| )(?:on|to|of|for|and|with|wants)(?: |$)/i.test(text)
  )
}

/** The same text, kept from reordering what stands around it in a plain string (UAX #9 isolates);
 * only where it holds right-to-left letters, so that other text stays as it is. */
export function isolated(text: string): string {
  return RTL.test(text) ? `\u2068${text}\u2069` : text
}

const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]|(?<=\p{M}{5})\p{M}/gu
const RTL = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u
const JOINING =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Gujarati}\p{Script=Mongolian}]/u
const PICTURE = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F/u

function belongs(text: string, found: string, at: number): boolean {
  if (found === '\n' || found === '\t') return true
  const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? ''
  const after = [...text.slice(at + found.length, at + found.length + 2)][0] ?? ''
  if (found === '\uFE0F' || found === '\uFE0E') return PICTURE.test(before)
  if (found === '\u200D' && PICTURE.test(before) && PICTURE.test(after)) return true
  if (found === '\u200C' || found === '\u200D') return JOINING.test(before) && JOINING.test(after)
  return false
}

function escaped(found: string): string {
  const code = found.codePointAt(0) ?? 0
  return `⟦U+${code.toString(16).toUpperCase().padStart(4, '0')}⟧`
}

function cut(text: string, limit: number, more: boolean): string {
  const points = [...text]
  if (points.length <= limit) return more ? `${text}…` : text
  return `${points
    .slice(0, limit - 1)
    .join('')
    .trimEnd()}…`
}
