/** Longest pattern; the texts it is matched against are bounded by the Descriptor's schema. */
export const GLOB_LIMIT = 500

/** Compiles a pattern in which `*` stands for any run of characters and everything else for itself.
 * The pieces between the stars are searched from left to right and never again, so there is no
 * backtracking whatever the policy or the page says. Never a RegExp made from policy text. */
export function textGlob(pattern: string): (text: string) => boolean {
  const pieces = pattern.split('*')
  const [first = '', last = ''] = [pieces[0], pieces[pieces.length - 1]]
  if (pieces.length === 1) return (text) => text === pattern
  const middle = pieces.slice(1, -1).filter((piece) => piece !== '')
  return (text) => {
    if (text.length < first.length + last.length) return false
    if (!text.startsWith(first) || !text.endsWith(last)) return false
    const end = text.length - last.length
    let from = first.length
    for (const piece of middle) {
      const at = text.indexOf(piece, from)
      if (at < 0 || at + piece.length > end) return false
      from = at + piece.length
    }
    return true
  }
}

/** ASCII words with single spaces between them. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/

/** Text as people see it: one space between words, one case, one form per letter, and none of the
 * invisible characters that would make `Delete` look like `Delete` and be something else. */
export function plainText(text: string): string {
  // Most text is plain already, and normalizing costs more than all the tests of a rule.
  if (PLAIN.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
}
