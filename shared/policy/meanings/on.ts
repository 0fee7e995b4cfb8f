import type { Meaning } from './meanings.ts'

/** `on`: what an action has to be. */
export const onMeanings: Readonly<Record<string, Meaning>> = {
  'rules.on.capability': ['What the step does, as classified.', '[update, send]'],
  'rules.on.category': ['Whom or what it concerns, as classified.', 'financial'],
  'rules.on.verb': ['The verb that was found, in English and lower case.', '[refund, pay out]'],
  'rules.on.effect': [
    'Whether it can be taken back. In hold and deny rules `irreversible` includes `unknown`.',
    'reversible',
  ],
  'rules.on.reversible': [
    'Only what can be undone, and with a known way to undo it: the rule’s `undo` or one that was found.',
    'true',
  ],
  'rules.on.url': [
    'Where: URL patterns. `*` stays within one label or segment, `**` spans any number of them.',
    'https://crm.example.com/tasks/**',
  ],
  'rules.on.request': [
    'Where a request goes that is judged by itself: what a page does in the background.',
    'https://desk.example.com/api/drafts/*',
  ],
  'rules.on.role': ['The control’s role.', 'button'],
  'rules.on.name': ['The control’s name; `*` stands for any text.', '[Save, "Add *"]'],
  'rules.on.fields': [
    'Labels of the form fields that may change. One other changed field, or one of which nobody knows, and an allow rule does not apply.',
    '[Note, "Phone*"]',
  ],
  'rules.on.tag': [
    'Workflows, as whoever starts a run says with `--tag`; never the agent’s own word.',
    'nightly-cleanup',
  ],
  'rules.on.provenance': ['Who set it off.', 'agent'],
  'rules.on.door': ['Which way it came in.', 'gateway'],
  'rules.on.gesture': ['How: a click, a key, a form’s submission, a request by itself.', 'request'],
  'rules.on.amount': [
    'Money in the step. An amount that nobody could read, or in a currency without a limit here, is above every maximum.',
    '{ max: 50 USD }',
  ],
  'rules.on.amount.max': ['At most this, one limit for each currency.', '[50 USD, 45 EUR]'],
  'rules.on.amount.min': ['At least this, one limit for each currency.', '500 USD'],
  'rules.on.recipients': [
    'Whom it reaches. In allow rules each recipient has to match, in hold and deny rules one.',
    '["*@example.com"]',
  ],
  'rules.on.recipient_count': ['How many recipients.', '{ max: 5 }'],
  'rules.on.recipient_count.max': ['At most so many.', '5'],
  'rules.on.recipient_count.min': ['At least so many.', '20'],
  'rules.on.rows': [
    'How many records; a number that nobody tells is above every maximum.',
    '{ max: 10 }',
  ],
  'rules.on.rows.max': ['At most so many.', '10'],
  'rules.on.rows.min': ['At least so many.', '11'],
  'rules.on.bytes': ['How much would leave the browser: files, a request’s body.', '{ max: 2 MB }'],
  'rules.on.bytes.max': ['At most so much; a size that nobody can tell is above it.', '2 MB'],
  'rules.on.bytes.min': ['At least so much.', '500 kB'],
}
