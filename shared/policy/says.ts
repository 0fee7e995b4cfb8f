import type { Undo } from '#shared/protocol/classification.ts'
import { either } from './either.ts'
import type { On, RuleEntry } from './schema.ts'

/** Actions of each capability, in the plural. */
const ACTIONS: Readonly<Record<string, string>> = {
  send: 'messages and publications',
  update: 'changes',
  trigger: 'triggered processes',
  transact: 'transactions',
  delete: 'deletions',
}

const DOES: Readonly<Record<RuleEntry['effect'], string>> = {
  allow: 'allows',
  hold: 'asks a person about',
  deny: 'denies',
}

/** What a rule does, for people, as the rest of a sentence that begins with the rule's name:
 * `allows transactions (refund) of at most 50 USD on https://crm.example.com/**`. */
export function says(rule: RuleEntry): string {
  const condition = rule.if ? ` if \`${rule.if.trim()}\`` : ''
  return `${DOES[rule.effect]} ${saysOn(rule.on, rule.effect === 'allow')}${condition}`
}

/** What an `on` is about: `transactions (refund) of at most 50 USD`. `allows`: it opens something. */
export function saysOn(on: On, allows: boolean): string {
  const parts = [
    actions(on),
    on.category && `in category ${either(on.category)}`,
    on.role && `by a ${either(on.role)}`,
    on.name && `on a control named ${quoted(on.name)}`,
    on.amount?.max && `of at most ${either(on.amount.max.map(({ text }) => text))}`,
    on.amount?.min && `of at least ${either(on.amount.min.map(({ text }) => text))}`,
    on.recipients && `to ${either(on.recipients)}`,
    ...counts(on.recipient_count, 'recipients', 'to'),
    ...counts(on.rows, 'rows', 'touching'),
    ...sizes(on.bytes),
    on.fields && `that change ${allows ? 'only ' : ''}${quoted(on.fields)}`,
    on.tag && `in runs for ${quoted(on.tag)}`,
    on.url && `on ${either(on.url.map(({ text }) => text))}`,
    on.request && `by a request to ${either(on.request.map(({ text }) => text))}`,
    on.provenance && `set off by ${either(on.provenance)}`,
    on.door && `through the ${either(on.door)}`,
    on.gesture && `by ${either(on.gesture)}`,
    on.effect && `with ${either(on.effect)} effect`,
    on.reversible !== undefined && `that can${on.reversible ? '' : 'not'} be undone`,
  ]
  return parts.filter(Boolean).join(' ')
}

function quoted(words: readonly string[]): string {
  return either(words.map((word) => `"${word}"`))
}

function actions(on: On): string {
  const what = on.capability
    ? either(on.capability.map((capability) => ACTIONS[capability] ?? capability))
    : 'every execute step'
  return on.verb ? `${what} (${either(on.verb)})` : what
}

function counts(
  bounds: { max?: number | undefined; min?: number | undefined } | undefined,
  noun: string,
  word: string,
): string[] {
  if (bounds === undefined) return []
  const { max, min } = bounds
  if (max !== undefined && min !== undefined) return [`${word} ${min} to ${max} ${noun}`]
  if (max !== undefined) return [`${word} at most ${max} ${noun}`]
  return min === undefined ? [] : [`${word} at least ${min} ${noun}`]
}

function sizes(bytes: On['bytes']): string[] {
  if (bytes === undefined) return []
  const { max, min } = bytes
  if (max !== undefined && min !== undefined) return [`with ${min.text} to ${max.text} of data`]
  if (max !== undefined) return [`with at most ${max.text} of data`]
  return min === undefined ? [] : [`with at least ${min.text} of data`]
}

/** `undo at Task > Delete within 30d`. */
export function undoSays({ path, within }: Undo): string {
  return `undo at "${path}"${within === undefined ? '' : ` within ${within}`}`
}
