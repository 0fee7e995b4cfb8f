import { latinised, normalise } from './normalise.ts'

/** One word of a text, or one character of a script that is written without spaces. */
export interface Token {
  text: string
  /** Han, kana or hangul: words are looked for inside the run. */
  dense: boolean
  /** It has neither a dense character before it nor after it. */
  whole: boolean
  /** Number of the clause: a comma, dash, question mark or line break starts the next one. */
  clause: number
}

/** Splits a text into tokens in one pass. Words of mixed Latin and look-alike letters are read as
 * Latin, and letters set apart (`D e l e t e`) as one word. */
export function tokens(text: string): Token[] {
  const found: Token[] = []
  let clause = 0
  let word = ''
  let follows = false
  let was = gap
  const folded = normalise(text)
  for (let i = 0; i <= folded.length; i++) {
    const is = i < folded.length ? kindOf(folded.charCodeAt(i)) : gap
    if (word && (is !== letter || was !== letter)) {
      found.push(token(word, was === dense, clause, !follows && is !== dense))
      follows = was === dense && is === dense
      word = ''
    } else if (!word) follows = false
    if (is === pause) clause++
    else if (is !== gap) word += folded[i]
    was = is
  }
  return joined(found)
}

const gap = 0
const letter = 1
const dense = 2
const pause = 3

function kindOf(code: number): number {
  if (pauses.has(code)) return pause
  if (code < 0xc0)
    return (code > 0x60 && code < 0x7b) || (code > 0x2f && code < 0x3a) ? letter : gap
  if (code > 0x3040 && code < 0xd800 && code !== 0x30fb) return dense
  const isSign = code === 0xd7 || code === 0xf7 || (code > 0x1fff && code < 0x2c00)
  return isSign || (code > 0x2fff && code < 0xf900) ? gap : letter
}

const pauses = new Set(
  [...',.:;!?&+/|\n\r·،؛؟–—•、。・'].map((character) => character.charCodeAt(0)),
)

function token(word: string, isDense: boolean, clause: number, whole: boolean): Token {
  // The Arabic article is written onto the word: الرسالة is رسالة.
  const bare = word.length > 4 && word.startsWith('ال') ? word.slice(2) : word
  const mixed = !isDense && /[a-z]/.test(bare) && /[\u0370-\u052f]/.test(bare)
  return { text: mixed ? latinised(bare, true) : bare, dense: isDense, whole, clause }
}

/** Joins runs of four or more single letters into one word. */
function joined(found: Token[]): Token[] {
  const out: Token[] = []
  for (let i = 0; i < found.length; i++) {
    let j = i
    while (found[j]?.text.length === 1 && !found[j]?.dense) j++
    const first = found[i]
    if (!first) break
    if (j - i >= 4) {
      const word = found.slice(i, j).map((one) => one.text)
      out.push({ ...first, text: latinised(word.join(''), false) })
      i = j - 1
    } else out.push(first)
  }
  return out
}
