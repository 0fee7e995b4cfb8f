import { describe, expect, it } from 'vitest'
import {
  type Ask,
  buttonWords,
  sentence,
  sentenceParts,
  shortTitle,
  siteOf,
} from '#shared/ui/sentence.ts'

type D = Ask['descriptor']
type C = Ask['classification']

/** An action on a plain page; parts replace those of the sample. */
function ask(d: { [K in keyof D]?: D[K] } = {}, c: { [K in keyof C]?: C[K] } = {}): Ask {
  return {
    descriptor: {
      door: 'extension',
      provenance: 'agent',
      gesture: 'click',
      page: { url: 'https://stripe.com/payments', title: '', top: true },
      target: { role: 'button', name: 'OK', tag: 'button', path: 'button', hints: [] },
      terms: { amounts: [], recipients: [], rows: null },
      ...d,
    },
    classification: {
      capability: 'trigger',
      category: 'other',
      effect: 'irreversible',
      signals: [],
      ...c,
    },
  }
}
const target = (name: string, more: { [K in keyof D['target']]?: D['target'][K] } = {}) => ({
  role: 'button',
  name,
  tag: 'button',
  path: 'button',
  hints: [],
  ...more,
})
const terms = (more: { [K in keyof D['terms']]?: D['terms'][K] }) => ({
  amounts: [],
  recipients: [],
  rows: null,
  ...more,
})
const usd = (minor: number) => ({ currency: 'USD', minor, text: '' })

describe('sentence', () => {
  it('says who wants to do what to whom and where', () => {
    const refund = ask(
      { terms: terms({ amounts: [usd(34_000)], recipients: ['Ana Silva'] }) },
      { capability: 'transact', verb: 'refund' },
    )
    expect(sentence(refund, 'en-US')).toBe(
      'An agent wants to send a refund of $340.00 to Ana Silva on stripe.com',
    )
  })

  it('writes amounts in the reader’s locale and with the currency’s own digits', () => {
    const pay = (amount: D['terms']['amounts'][number]) =>
      sentence(
        ask({ terms: terms({ amounts: [amount] }) }, { capability: 'transact', verb: 'pay' }),
        'de-DE',
      )
    expect(pay(usd(123_456))).toContain('1.234,56\u00A0$')
    expect(pay({ currency: 'JPY', minor: 5000, text: '' })).toContain('5.000\u00A0¥')
    expect(pay({ currency: null, minor: null, text: '1.234' })).toContain('“1.234”')
  })

  it('counts records by a word of its own', () => {
    const deletion = ask(
      { target: target('Delete 3 contacts'), terms: terms({ rows: 3 }) },
      { capability: 'delete', verb: 'delete' },
    )
    expect(sentence(deletion)).toBe('An agent wants to delete 3 contacts on stripe.com')
    expect(buttonWords(deletion)).toEqual({ approve: 'Delete 3 contacts', deny: 'Don’t delete' })
    const unknown = ask(
      { target: target('Entfernen'), terms: terms({ rows: 2 }) },
      { capability: 'delete' },
    )
    expect(buttonWords(unknown).approve).toBe('Delete 2 records')
  })

  it('calls mail mail only where a recipient is an address', () => {
    const send = (recipient: string) =>
      ask({ terms: terms({ recipients: [recipient] }) }, { capability: 'send', verb: 'send' })
    expect(buttonWords(send('ana@example.com')).approve).toBe('Send mail')
    expect(buttonWords(send('#general')).approve).toBe('Send message')
  })

  it('never hides how many recipients there are', () => {
    const recipients = Array.from({ length: 341 }, (_, n) => `r${n}@example.com`)
    expect(
      sentence(ask({ terms: terms({ recipients }) }, { capability: 'send', verb: 'send' })),
    ).toContain('to r0@example.com and 340 others')
  })

  it('claims neither agent nor person where nobody knows who it was', () => {
    expect(sentence(ask({ provenance: 'unknown' }))).toMatch(/^Someone wants to/)
    expect(sentence(ask({ provenance: 'page' }))).toMatch(/^The page itself wants to/)
    expect(sentence(ask({ run: { id: 'r', name: 'Ana (a person)' } }))).toMatch(
      /^Agent “Ana \(a person\)” wants to/,
    )
  })

  it('says so where the effect could not be named, and its buttons promise nothing', () => {
    const unknown = ask({}, { effect: 'unknown' })
    expect(sentence(unknown)).toBe('An agent wants to press “OK” on stripe.com (effect unknown)')
    expect(buttonWords(unknown)).toEqual({ approve: 'Let it go', deny: 'Don’t let it go' })
    expect(shortTitle(unknown)).toBe('Press “OK”')
  })

  it('names the frame’s site and the one around it', () => {
    const framed = ask({
      page: {
        url: 'https://pay.example/x',
        title: '',
        top: false,
        topUrl: 'https://shop.example/',
      },
    })
    expect(sentence(framed)).toMatch(/on pay\.example inside shop\.example$/)
  })

  it('puts words of a page in quotation marks that they cannot close', () => {
    const hostile = ask({ target: target('Save” on bank.com. Ignore “this') }, { verb: 'save' })
    expect(sentence(hostile)).toBe(
      'An agent wants to save changes with “Save’ on bank.com. Ignore ’this” on stripe.com',
    )
  })

  it('quotes a recipient that reads like a part of the sentence', () => {
    const send = (name: string) =>
      sentence(ask({ terms: terms({ recipients: [name] }) }, { capability: 'send', verb: 'send' }))
    expect(send('Ana on bank.com')).toContain('to “Ana on bank.com” on stripe.com')
    expect(send('Ana Silva')).toContain('to Ana Silva on stripe.com')
  })

  it('isolates right-to-left words in plain text and marks them as foreign in pieces', () => {
    const arabic = ask(
      { terms: terms({ recipients: ['فاطمة'] }) },
      { capability: 'send', verb: 'send' },
    )
    expect(sentence(arabic)).toContain('\u2068فاطمة\u2069')
    expect(sentenceParts(arabic)).toContainEqual({ page: 'فاطمة' })
  })

  it('says of a click that only reads nothing more than what it is on', () => {
    const read = ask(
      { target: target('Menu'), terms: terms({ recipients: ['Ana'] }) },
      { capability: 'read', effect: 'none' },
    )
    expect(sentence(read)).toBe('An agent wants to read with “Menu” on stripe.com')
  })

  it('tells which key does it where a key does', () => {
    const key = ask(
      { gesture: 'key', key: 'Control+Enter', target: target('Message') },
      { capability: 'send', verb: 'reply' },
    )
    expect(sentence(key)).toBe(
      'An agent wants to send a reply by pressing Control+Enter in “Message” on stripe.com',
    )
  })
})

describe('siteOf', () => {
  it('shows the host as it is compared, without user info', () => {
    expect(siteOf('https://paypal.com@evil.example:8443/x')).toBe('evil.example:8443')
    expect(siteOf('https://аpple.com/')).toBe('xn--pple-43d.com')
    expect(siteOf('data:text/html,hi')).toBe('data: page')
    expect(siteOf('not an address')).toBe('not an address')
  })
})
