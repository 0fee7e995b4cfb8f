import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { topicsOf } from './lexicon.ts'
import type { Meaning } from './meaning.ts'
import type { Reading } from './reading.ts'
import { spaced } from './url-words.ts'
import type { Topic } from './words/words.ts'

/** Fits a verb's meaning to what it is done to: approving an invoice moves money, approving leave is
 * about staff, deleting is taken back from the trash and not otherwise. */
export function refine(
  found: Meaning,
  { d, name, label }: Reading,
  graver: boolean,
): Omit<Classification, 'signals'> {
  const said = label.kind === 'silent' ? '' : name
  const near = topicsOf([said, d.dialog?.name, d.dialog?.text, d.form?.name].join('\n'))
  let { capability, category, effect, verb, undo } = found
  if (capability === 'delete' && verb !== 'unsend') {
    if (near.has('forever')) effect = 'irreversible'
    else if (near.has('bin') && verb === 'delete') {
      effect = 'reversible'
      undo = { path: 'Trash > Restore' }
    }
  }
  if (consents.has(verb ?? '') && near.has('cookie'))
    return {
      capability,
      category,
      effect: 'reversible',
      verb: 'consent',
      undo: { path: 'Cookie settings' },
    }
  if (category === 'other' && topical.has(verb ?? '')) {
    const topics = near.size > 0 ? near : topicsAround(d)
    category = categoryOf(topics, d.terms.amounts.length > 0, d.terms.recipients.length > 0)
    if (category === 'financial' && verb === 'approve') capability = 'transact'
    if (category === 'legal' && verb === 'accept') effect = 'irreversible'
  }
  if (graver && effect === 'reversible') effect = 'unknown'
  return {
    ...{ capability, category, effect },
    ...(verb !== undefined && { verb }),
    ...(undo !== undefined && effect === 'reversible' && { undo }),
  }
}

/** Verbs that get their category from what they are done to. */
const topical = new Set(['approve', 'reject', 'accept', 'submit', 'confirm', 'run', 'request', ''])
const consents = new Set(['accept', 'reject', 'agree', 'confirm', 'save'])

function topicsAround({ target, form }: Descriptor): ReadonlySet<Topic> {
  const coded = [form?.action ?? '', ...(target.name === '' ? target.hints : [])].map(spaced)
  return topicsOf([target.heading, target.row, ...coded].join('\n'))
}

function categoryOf(topics: ReadonlySet<Topic>, amounts: boolean, recipients: boolean) {
  if (topics.has('staff')) return 'personnel'
  if (topics.has('law')) return 'legal'
  if (topics.has('money') || amounts) return 'financial'
  return topics.has('message') || recipients ? 'communication' : 'other'
}
