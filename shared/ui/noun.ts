/** What `count` records are called: a word of ours that stands after that number in the page's own
 * text ("Delete 3 contacts"), else the first one there, else `record`. A closed list, so that no
 * page can put words of its own into our sentence. */
export function noun(count: number, texts: readonly (string | undefined)[]): string {
  const words = texts.flatMap((text) => (text ?? '').toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? [])
  const at = words.indexOf(String(count))
  const after = at < 0 ? [] : words.slice(at + 1, at + 4)
  const found = [...after, ...words].map((word) => SINGULAR.get(word)).find(Boolean) ?? 'record'
  return count === 1 ? found : plural(found)
}

const NOUNS = [
  'account, address, appointment, backup, booking, branch, campaign, card, comment, company',
  'contact, conversation, customer, deal, document, draft, email, employee, event, file, folder',
  'image, invoice, issue, item, job, key, label, lead, mail, member, message, note, order, page',
  'payment, person, photo, post, product, project, record, report, repository, row, server',
  'subscriber, subscription, task, team, template, ticket, token, user, video, webhook',
]
  .join(', ')
  .split(', ')

const SINGULAR: ReadonlyMap<string, string> = new Map(
  NOUNS.flatMap((one): [string, string][] => [
    [one, one],
    [plural(one), one],
  ]),
)

function plural(word: string): string {
  if (word === 'person') return 'people'
  if (/[^aeou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  return /(?:s|ch)$/.test(word) ? `${word}es` : `${word}s`
}
