import { createHash } from 'node:crypto'
import type { Hold } from '#shared/protocol/hold.ts'

/** A key-by-key replacement for parts of a sample. */
export type Partly<T> = { [K in keyof T]?: T[K] }

export const POLICY_VERSION = createHash('sha256').update('policy').digest('hex')

/** A refund that waits, `minutes` old; any part of it can be replaced. */
export function hold(
  id: string,
  minutes: number,
  parts: {
    descriptor?: Partly<Hold['descriptor']>
    classification?: Partly<Hold['classification']>
    decision?: Partly<Hold['decision']>
    hold?: Partly<Hold>
  } = {},
): Hold {
  const created = Date.now() - minutes * 60_000
  return {
    id,
    requestId: `ask_${id}`,
    state: 'pending',
    createdAt: new Date(created).toISOString(),
    expiresAt: new Date(created + 600_000).toISOString(),
    descriptor: {
      door: 'extension',
      provenance: 'agent',
      gesture: 'click',
      run: { id: 'run_1', name: 'support-bot', agent: 'support' },
      page: {
        url: 'https://dashboard.stripe.com/payments/pi_3Q8?session=secret',
        title: 'Payment',
        top: true,
      },
      target: {
        role: 'button',
        name: 'Refund',
        tag: 'button',
        path: 'form > button',
        heading: 'Refund payment',
        hints: [],
      },
      form: {
        method: 'post',
        action: 'https://dashboard.stripe.com/v1/refunds',
        fields: [
          { label: 'Amount', name: 'amount', type: 'text', value: '340.00', secret: false },
          {
            label: 'Reason',
            name: 'reason',
            type: 'select',
            value: 'Requested by customer',
            secret: false,
          },
          {
            label: 'Note to the customer',
            name: 'note',
            type: 'textarea',
            value: 'Hello Ana,\nyour refund is on its way.',
            secret: false,
          },
          {
            label: 'Account password',
            name: 'pw',
            type: 'password',
            value: 'digest:9f2c',
            secret: true,
          },
        ],
      },
      terms: {
        amounts: [{ currency: 'USD', minor: 34_000, text: '$340.00' }],
        recipients: ['Ana Silva'],
        rows: null,
      },
      ...parts.descriptor,
    },
    classification: {
      capability: 'transact',
      category: 'financial',
      effect: 'irreversible',
      verb: 'refund',
      signals: [
        { id: 'submit', says: 'the button submits a form by POST' },
        { id: 'word', says: 'its name says “refund”' },
      ],
      ...parts.classification,
    },
    decision: {
      kind: 'hold',
      rules: ['small-refunds'],
      reason: 'amount 340.00 USD is above the 50 USD that rule `small-refunds` allows',
      pattern: 'never-collapse',
      mode: 'enforce',
      wouldNeed: ['an amount of at most 50 USD', 'a rule that acknowledges `financial`'],
      policyVersion: POLICY_VERSION,
      ...parts.decision,
    },
    released: false,
    auditId: `hp_${id.replace(/\D/g, '') || '1'}`,
    ...parts.hold,
  }
}

const page = (url: string, title = '') => ({ url, title, top: true })
const target = (name: string, extra: Partly<Hold['descriptor']['target']> = {}) => ({
  role: 'button',
  name,
  tag: 'button',
  path: 'main > button',
  hints: [],
  ...extra,
})
const noTerms = { amounts: [], recipients: [], rows: null }

/** What hostile pages put into labels: markup, an override of the reading order, invisible text. */
export const HOSTILE =
  '<img src=x onerror="document.title=1">Save\u202Eevas\u200B\u200B\u200B draft'

const german =
  'Verbindliche Auftragsbestätigung einschließlich der Lieferantenrahmenvertragsunterlagen an alle Ansprechpartnerinnen und Ansprechpartner der Einkaufsabteilung übermitteln'

/** One hold of every kind a person meets. */
export function holds(): Hold[] {
  return [
    hold('hold_1', 7),
    deletion(),
    hold('hold_3', 5, {
      descriptor: {
        page: page('https://einkauf.example.de/auftraege/4711', 'Auftrag'),
        target: target(german, { heading: 'Auftragsbestätigung' }),
        terms: {
          ...noTerms,
          recipients: [
            'einkauf@lieferant.example',
            'anna.müller@lieferant.example',
            ...Array.from({ length: 180 }, (_, n) => `kontakt${n}@lieferant.example`),
          ],
        },
      },
      classification: { capability: 'send', category: 'communication', verb: 'send' },
    }),
    arabic(),
    hold('hold_5', 2, {
      descriptor: {
        page: page('https://shop.example.com/cart'),
        target: target(HOSTILE, { row: HOSTILE }),
        form: undefined,
        terms: noTerms,
        provenance: 'unknown',
        run: undefined,
      },
      classification: {
        capability: 'trigger',
        category: 'other',
        effect: 'unknown',
        verb: undefined,
      },
      decision: {
        rules: [],
        pattern: 'review-gate',
        reason: 'nobody could tell what this does',
        wouldNeed: [],
      },
    }),
    hold('hold_6', 1, {
      descriptor: {
        terms: {
          amounts: [{ currency: 'USD', minor: 9_800_000, text: '$98,000.00' }],
          recipients: ['Ana Silva'],
          rows: null,
        },
      },
      hold: {
        replaces: 'hold_0',
        changes: [
          { term: 'amounts', before: '34000 USD', after: '9800000 USD' },
          { term: 'field "Amount"', before: '340.00', after: '98,000.00' },
        ],
      },
    }),
  ]
}

function deletion(): Hold {
  return hold('hold_2', 6, {
    descriptor: {
      page: page('https://crm.example.com/contacts', 'Contacts'),
      target: target('Delete 3 contacts'),
      dialog: { name: 'Delete contacts?', text: '3 contacts move to the bin for 30 days.' },
      form: undefined,
      request: {
        method: 'POST',
        url: 'https://api.example.net/graphql',
        kind: 'fetch',
        operation: 'bulkDelete',
      },
      terms: { ...noTerms, rows: 3 },
    },
    classification: {
      capability: 'delete',
      category: 'deletion',
      effect: 'reversible',
      verb: 'delete',
      undo: { path: 'Contacts > Bin > Restore', within: '30d' },
    },
  })
}

function arabic(): Hold {
  return hold('hold_4', 3, {
    descriptor: {
      page: { ...page('https://mail.example.ae/compose', 'رسالة جديدة'), lang: 'ar' },
      target: target('إرسال', { heading: 'رسالة جديدة' }),
      form: {
        method: 'post',
        action: 'https://mail.example.ae/send',
        fields: [
          {
            label: 'الموضوع',
            name: 'subject',
            type: 'text',
            value: 'عرض السعر رقم 42 (نهائي)',
            secret: false,
          },
          {
            label: 'نص الرسالة',
            name: 'body',
            type: 'textarea',
            value: 'السلام عليكم،\nمرفق عرض السعر بقيمة 1.200 دولار.',
            secret: false,
          },
        ],
      },
      terms: { ...noTerms, recipients: ['فاطمة الزهراء', 'ali@example.ae'] },
    },
    classification: { capability: 'send', category: 'communication', verb: 'send' },
  })
}
