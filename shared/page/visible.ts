import { dom } from './builtins.ts'
import { isEditable } from './target.ts'
import { seenText, shown, showsIcons } from './text.ts'
import { is } from './tree.ts'

/** Longest text that is a control's own label; longer text is content. */
const LONGEST = 80

/** What a person reads on a control where that is short and does not begin its accessible name: a
 * button that shows "Delete" may carry the `aria-label` "Close". The other way round, "Delete" named
 * "Delete message 3", is how names are meant to be (WCAG 2.5.3). */
export function visible(element: Element, name: string): string | undefined {
  if (isEditable(element) || is.select(element)) return undefined
  const text = is.input(element) ? written(element) : seenText(element, LONGEST + 1)
  const seen = shown(text, LONGEST + 1)
  if (seen.length > LONGEST) return undefined
  const said = words(seen)
  // The style is asked last: it costs most, and nearly every control is called what it shows.
  const same = said === ' ' || words(name).startsWith(said) || showsIcons(element)
  return same ? undefined : seen
}

/** What stands on a button that is an `input`. */
function written(input: HTMLInputElement): string {
  return BUTTON.test(dom.inputType(input)) ? (dom.attribute(input, 'value') ?? '') : ''
}

const BUTTON = /^(?:submit|button|reset)$/

/** Without counts, signs and keys (`Reply (R)`), in lower case, with a space after each. */
function words(text: string): string {
  return `${(
    text
      .slice(0, 1000)
      .toLowerCase()
      .match(/\p{L}{2,}/gu) ?? []
  ).join(' ')} `
}
