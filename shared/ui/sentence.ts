import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import { amounts } from './money.ts'
import { noun } from './noun.ts'
import { type Phrase, phrase, UNNAMED } from './phrase.ts'
import { rowWords } from './row-words.ts'
import { isolated, plain, quoted, visible } from './visible.ts'

/** What a sentence about an action is made from: a Hold, or a decision's entry in the log. */
export type Ask = Pick<Hold, 'descriptor' | 'classification'>

/** One piece of a sentence: our own words, or words that came from a page or an agent. */
export type Part = string | { page: string }

/** "<who> wants to <verb and object> on <site>" as one line of text. `locale` (BCP 47, default the
 * reader's own) writes the amounts. */
export function sentence(ask: Ask, locale?: string): string {
  return sentenceParts(ask, locale)
    .map((part) => (typeof part === 'string' ? part : isolated(part.page)))
    .join('')
}

/** The same sentence in pieces, so that foreign words can be isolated and set apart when shown. */
export function sentenceParts(ask: Ask, locale?: string): Part[] {
  const { descriptor: d, classification: c } = ask
  const words = phraseOf(ask)
  const sum = words.of === undefined ? '' : amounts(d.terms.amounts, locale)
  return [
    ...who(d),
    ' wants to ',
    words.does,
    ...(words.of !== undefined && sum !== '' ? [` ${words.of} `, { page: sum }] : []),
    ...(words.object ? object(ask) : []),
    ...(c.capability === 'read' ? via(d) : to(d)),
    ...(saysEnough(ask, words, sum) ? [] : via(d)),
    ...where(d),
    ...(c.effect === 'unknown' && words === UNNAMED ? [' (effect unknown)'] : []),
  ]
}

/** What the two buttons say. */
export function buttonWords(ask: Ask): { approve: string; deny: string } {
  const words = phraseOf(ask)
  const rows = ask.descriptor.terms.rows
  const counted = words.object && words !== UNNAMED && rows !== null && rows > 0
  return {
    approve: counted ? `${words.yes.split(' ')[0]} ${rows} ${nounOf(ask, rows)}` : words.yes,
    deny: words.no,
  }
}

/** The same action in a few words, for lists: "Send refund", "Press “OK”". */
export function shortTitle(ask: Ask): string {
  if (phraseOf(ask) !== UNNAMED) return buttonWords(ask).approve
  return `Press ${quoted(ask.descriptor.target.name || 'something', 32)}`
}

/** Host of a page as a person should read it: no user info, Punycode kept, scheme where no host. */
export function siteOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed?.host || (parsed ? `${parsed.protocol} page` : visible(url, { limit: 60 }))
}

/** Whether the sentence already tells one action from another without naming the control. */
function saysEnough(
  { descriptor: d, classification: c }: Ask,
  words: Phrase,
  sum: string,
): boolean {
  const named = d.target.name.trim().toLowerCase() === words.yes.toLowerCase()
  return (
    c.capability === 'read' ||
    !!words.object ||
    sum !== '' ||
    d.terms.recipients.length > 0 ||
    (named && d.gesture === 'click')
  )
}

function phraseOf({ descriptor: d, classification: c }: Ask): Phrase {
  const words = phrase(c)
  const message = c.capability === 'send' && (c.verb === undefined || c.verb === 'send')
  const mail = message && d.terms.recipients.some((one) => /\S@\S+\.\S/.test(one))
  return mail ? phrase({ ...c, verb: 'email' }) : words
}

function who({ provenance, run }: Descriptor): Part[] {
  if (provenance === 'human') return ['A person']
  if (provenance === 'page') return ['The page itself']
  const name = run?.name ?? run?.agent
  if (name !== undefined && name !== '') return ['Agent ', { page: quoted(name, 40) }]
  // A click over CDP looks like a person's in the page, so `unknown` must not claim either.
  return [provenance === 'agent' ? 'An agent' : 'Someone']
}

function object(ask: Ask): Part[] {
  const { terms } = ask.descriptor
  if (terms.rows !== null && terms.rows > 0 && phrase(ask.classification) !== UNNAMED)
    return [` ${terms.rows.toLocaleString('en')} ${nounOf(ask, terms.rows)}`]
  const text = phraseOf(ask) === UNNAMED ? '' : rowWords(ask.descriptor)
  if (text !== '') return [' ', { page: quoted(text, 60) }]
  return phraseOf(ask) === UNNAMED
    ? control(ask.descriptor)
    : [' something', ...via(ask.descriptor)]
}

function nounOf({ descriptor: { target, dialog } }: Ask, count: number): string {
  return noun(count, [target.name, dialog?.name, dialog?.text, target.heading])
}

function to({ terms }: Descriptor): Part[] {
  const [first, second] = terms.recipients
  if (first === undefined) return []
  const name = (text: string): Part => ({
    page: plain(text) ? visible(text, { limit: 60 }) : quoted(text, 60),
  })
  if (terms.recipients.length === 2 && second !== undefined)
    return [' to ', name(first), ' and ', name(second)]
  const more = terms.recipients.length - 1
  return [' to ', name(first), ...(more > 0 ? [` and ${more} others`] : [])]
}

function via(d: Descriptor): Part[] {
  const name = control(d)
  if (d.gesture === 'key')
    return [` by pressing ${visible(d.key ?? 'a key', { limit: 30 })} in`, ...name]
  return [d.gesture === 'drop' ? ' by dropping on' : ' with', ...name]
}

function control({ target, request }: Descriptor): Part[] {
  if (target.name !== '') return [' ', { page: quoted(target.name) }]
  if (request) return [` a ${visible(request.method, { limit: 10 })} request`]
  return [` an unnamed ${visible(target.role || target.tag, { limit: 30 })}`]
}

function where({ page }: Descriptor): Part[] {
  const [site, top] = [siteOf(page.url), page.topUrl === undefined ? '' : siteOf(page.topUrl)]
  return [' on ', { page: site }, ...(top && top !== site ? [' inside ', { page: top }] : [])]
}
