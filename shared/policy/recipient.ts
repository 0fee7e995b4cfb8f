import { plainText, textGlob } from './text-glob.ts'

/** One recipient's text, in the spellings that patterns are compared with. */
export class Recipient {
  readonly #text: string
  #plain: string | undefined
  #address: string | undefined
  #parts: readonly string[] | undefined

  constructor(text: string) {
    this.#text = text
  }

  /** The whole text as people see it. */
  plain(): string {
    this.#plain ??= plainText(this.#text)
    return this.#plain
  }

  /** The address, where the text is nothing else but one and perhaps a name in front. */
  address(): string {
    this.#address ??= asciiLower(onlyAddress(this.#text))
    return this.#address
  }

  /** Whatever in the text may be an address. */
  parts(): readonly string[] {
    this.#parts ??= this.plain().split(BREAKS)
    return this.#parts
  }
}

/** How one recipient pattern judges one recipient. */
export interface RecipientGlob {
  /** For allow rules: the text is exactly one recipient and that one matches. */
  strict(recipient: Recipient): boolean
  /** For hold and deny rules: some part of the text matches. */
  lenient(recipient: Recipient): boolean
}

/** Characters that stand between addresses, never within one. */
const BREAKS = /[\s,;<>"'()]+/

/** Compiles `*@example.com`. A pattern with `@` matches one mail address, in which `*` stops at
 * `@` and at every separator, so that `a@evil.test, b@example.com` never passes as one address of
 * example.com. A pattern without `@` (`#general`, `Team *`) matches the recipient's whole text. */
export function recipientGlob(pattern: string): RecipientGlob {
  if (!pattern.includes('@')) {
    const whole = textGlob(plainText(pattern))
    const test = (recipient: Recipient) => whole(recipient.plain())
    return { strict: test, lenient: test }
  }
  const [local, domain] = split(asciiLower(pattern))
  const [localTest, domainTest] = [textGlob(local), textGlob(domain)]
  const matches = (address: string): boolean => {
    const at = address.indexOf('@')
    if (at <= 0 || at !== address.lastIndexOf('@') || BREAKS.test(address)) return false
    return localTest(address.slice(0, at)) && domainTest(address.slice(at + 1))
  }
  return {
    strict: (recipient) => matches(recipient.address()),
    lenient: (recipient) => recipient.parts().some(matches),
  }
}

/** `Ann Example <ann@example.com>` → the address, if the name in front cannot be one itself. */
function onlyAddress(text: string): string {
  const trimmed = text.trim()
  const open = trimmed.indexOf('<')
  if (open < 0 || !trimmed.endsWith('>')) return trimmed
  return trimmed.slice(0, open).includes('@') ? '' : trimmed.slice(open + 1, -1)
}

function split(pattern: string): [string, string] {
  const at = pattern.lastIndexOf('@')
  return [pattern.slice(0, at), pattern.slice(at + 1)]
}

/** Only A to Z: Unicode case mapping would turn a Kelvin sign into the k of a trusted domain. */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
