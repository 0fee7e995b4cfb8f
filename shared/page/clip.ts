import type { LIST_LIMIT, TEXT_LIMIT } from '#shared/protocol/descriptor.ts'

/** The protocol's limits, which this folder cannot import: that would carry zod into every page. The
 * types are the numbers themselves, so the compiler fails when one moves. */
export const textLimit: typeof TEXT_LIMIT = 500
export const listLimit: typeof LIST_LIMIT = 200

/** Longest URL of a Descriptor. */
export const urlLimit = 8192

/** Text as a Descriptor carries it: white space collapsed, no lone surrogates (canonical JSON refuses
 * them), cut to `limit` characters and an ellipsis. */
export function clip(text: string, limit: number = textLimit): string {
  const flat = collapse(text.length > limit * 8 ? text.slice(0, limit * 8) : text)
  if (flat.length <= limit) return flat
  return `${wellFormed(flat.slice(0, limit), '')}…`
}

/** White space as it is shown: runs become one space. No-break spaces stay between digits, where
 * they group a number; a plain space there may stand between two numbers. */
export function collapse(text: string): string {
  const flat = PLAIN.test(text) ? text : text.replace(SPACES, spaced)
  return wellFormed(flat.trim(), '\uFFFD')
}

const PLAIN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/
const SPACES = /\s+/g

function spaced(run: string, at: number, text: string): string {
  const groups = run === '\u00a0' || run === '\u202f'
  return groups && isDigit(text, at - 1) && isDigit(text, at + 1) ? run : ' '
}

function isDigit(text: string, at: number): boolean {
  return /\p{Nd}/u.test(text.charAt(at))
}

function wellFormed(text: string, instead: string): string {
  return LONE.test(text) ? text.replace(ALL_LONE, instead) : text
}

const LONE = /\p{Cs}/u
const ALL_LONE = /\p{Cs}/gu
