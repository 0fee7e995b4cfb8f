import type { Classification } from '#shared/protocol/classification.ts'
import type { Capability } from '#shared/protocol/words.ts'

/** How one kind of action is spoken of. `does` follows "wants to", `of` stands before an amount,
 * `over` names what a plain `does` needs an object for, `yes` and `no` are the buttons. */
export interface Phrase {
  does: string
  of?: string
  /** True where the verb needs an object: "delete 3 contacts", not "delete". */
  object?: boolean
  yes: string
  no: string
}

/** The phrase for a classification: by its verb, else by its capability. */
export function phrase({ capability, verb, effect }: Classification): Phrase {
  if (effect === 'unknown' && verb === undefined) return UNNAMED
  return (verb === undefined ? undefined : PHRASES.get(verb.toLowerCase())) ?? DEFAULTS[capability]
}

/** An action with signs of an effect that nobody could name. */
export const UNNAMED: Phrase = {
  does: 'press',
  object: true,
  yes: 'Let it go',
  no: 'Don’t let it go',
}

const DEFAULTS: Record<Capability, Phrase> = {
  read: { does: 'read', yes: 'Let it read', no: 'Don’t read' },
  send: { does: 'send a message', yes: 'Send message', no: 'Don’t send' },
  update: { does: 'change', object: true, yes: 'Save changes', no: 'Don’t save' },
  trigger: { does: 'start', object: true, yes: 'Start it', no: 'Don’t start' },
  transact: { does: 'make a transaction', of: 'of', yes: 'Make transaction', no: 'Don’t proceed' },
  delete: { does: 'delete', object: true, yes: 'Delete', no: 'Don’t delete' },
}

/** Verb, what it does, what joins an amount, and the button's noun where it is more than the verb. */
const MONEY: readonly (readonly [string, string, string, string, string])[] = [
  ['refund', 'send a refund', 'of', 'Send refund', 'Don’t refund'],
  ['pay', 'make a payment', 'of', 'Pay', 'Don’t pay'],
  ['payout', 'make a payout', 'of', 'Pay out', 'Don’t pay out'],
  ['checkout', 'place an order', 'for', 'Place order', 'Don’t order'],
  ['buy', 'place an order', 'for', 'Place order', 'Don’t order'],
  ['purchase', 'place an order', 'for', 'Place order', 'Don’t order'],
  ['order', 'place an order', 'for', 'Place order', 'Don’t order'],
  ['transfer', 'make a transfer', 'of', 'Transfer', 'Don’t transfer'],
  ['withdraw', 'make a withdrawal', 'of', 'Withdraw', 'Don’t withdraw'],
  ['deposit', 'make a deposit', 'of', 'Deposit', 'Don’t deposit'],
  ['donate', 'make a donation', 'of', 'Donate', 'Don’t donate'],
  ['subscribe', 'start a subscription', 'for', 'Subscribe', 'Don’t subscribe'],
  ['charge', 'make a charge', 'of', 'Charge', 'Don’t charge'],
  ['book', 'make a booking', 'for', 'Book', 'Don’t book'],
  ['reserve', 'make a reservation', 'for', 'Reserve', 'Don’t reserve'],
  ['invoice', 'send an invoice', 'for', 'Send invoice', 'Don’t send'],
  ['bid', 'place a bid', 'of', 'Place bid', 'Don’t bid'],
  ['trade', 'place a trade', 'of', 'Place trade', 'Don’t trade'],
]

/** Verb, what it does without an object, and the two buttons. */
const PLAIN: readonly (readonly [string, string, string, string])[] = [
  ['send', 'send a message', 'Send message', 'Don’t send'],
  ['email', 'send mail', 'Send mail', 'Don’t send'],
  ['reply', 'send a reply', 'Send reply', 'Don’t send'],
  ['forward', 'forward a message', 'Forward', 'Don’t forward'],
  ['invite', 'send an invitation', 'Send invitation', 'Don’t invite'],
  ['post', 'publish a post', 'Publish', 'Don’t publish'],
  ['comment', 'publish a comment', 'Publish comment', 'Don’t publish'],
  ['submit', 'submit a form', 'Submit', 'Don’t submit'],
  ['apply', 'send an application', 'Send application', 'Don’t send'],
  ['save', 'save changes', 'Save changes', 'Don’t save'],
  ['sign', 'sign a document', 'Sign', 'Don’t sign'],
  ['unsubscribe', 'end a subscription', 'Unsubscribe', 'Don’t unsubscribe'],
  ['vote', 'cast a vote', 'Vote', 'Don’t vote'],
]

/** Verbs that take an object and are their own button. */
const TRANSITIVE = [
  'accept, activate, add, approve, archive, assign, block, build, call, cancel, change, clear',
  'close, complete, confirm, convert, create, deactivate, decline, delete, deploy, disable, discard',
  'dismiss, duplicate, edit, empty, enable, erase, execute, export, fire, follow, grant, hire',
  'import, install, launch, lock, mark, merge, move, pause, promote, publish, purge, rebuild',
  'reject, remove, rename, reopen, replace, report, reset, resolve, restart, restore, resume',
  'retry, revoke, rotate, run, schedule, share, start, stop, suspend, sync, terminate, trash',
  'trigger, unassign, uninstall, unlock, unpublish, update, upgrade, upload, void',
]
  .join(', ')
  .split(', ')

const PHRASES: ReadonlyMap<string, Phrase> = new Map([
  ...TRANSITIVE.map((verb): [string, Phrase] => [
    verb,
    { does: verb, object: true, yes: capital(verb), no: `Don’t ${verb}` },
  ]),
  ...PLAIN.map(([verb, does, yes, no]): [string, Phrase] => [verb, { does, yes, no }]),
  ...MONEY.map(([verb, does, of, yes, no]): [string, Phrase] => [verb, { does, of, yes, no }]),
])

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
