import { describe, expect, it } from 'vitest'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { changeWords } from '#shared/ui/change-words.ts'
import { willChange } from '#shared/ui/will-change.ts'

const base: Descriptor = {
  door: 'extension',
  provenance: 'agent',
  gesture: 'click',
  page: { url: 'https://shop.example/cart?token=hush#x', title: '', top: true },
  target: { role: 'button', name: 'Pay', tag: 'button', path: 'button', hints: [] },
  terms: { amounts: [], recipients: [], rows: null },
}
const field = (name: string, value: string, more: { type?: string; secret?: boolean } = {}) => ({
  label: '',
  name,
  type: more.type ?? 'text',
  value,
  secret: more.secret ?? false,
})
const post = (fields: ReturnType<typeof field>[]): Descriptor => ({
  ...base,
  form: { method: 'post', action: 'https://pay.example/charge?sig=hush', fields },
})

describe('what will change', () => {
  it('says what is seen on a control that is called something else', () => {
    const control = (visible?: string) =>
      willChange({ ...base, target: { ...base.target, ...(visible && { visible }) } }).find(
        ({ label }) => label === 'Control',
      )?.values
    expect(control('Delete')).toEqual(['button “Pay” that shows “Delete”'])
    expect(control()).toEqual(['button “Pay”'])
  })

  it('shows no secret, neither its value nor its digest', () => {
    const facts = willChange(post([field('pw', 'digest:1f', { type: 'password', secret: true })]))
    expect(facts).toContainEqual(
      expect.objectContaining({ label: 'pw', values: ['••••••••'], note: 'secret, not shown' }),
    )
    expect(JSON.stringify(facts)).not.toContain('1f')
  })

  it('shows method, origin and path but no query, and says when it leaves the site', () => {
    const facts = willChange(post([]))
    expect(facts).toContainEqual({
      label: 'Form',
      values: ['POST https://pay.example/charge?…'],
      note: 'goes to another site: pay.example',
      kind: 'code',
      of: 'evidence',
    })
    expect(JSON.stringify(facts)).not.toContain('hush')
  })

  it('shows hidden fields that carry something, and says that they are hidden', () => {
    const facts = willChange(
      post([
        field('bcc', 'all@x.example', { type: 'hidden' }),
        field('empty', '', { type: 'hidden' }),
      ]),
    )
    expect(facts).toContainEqual(
      expect.objectContaining({ label: 'bcc', note: 'hidden on the page' }),
    )
    expect(facts.some((fact) => fact.label === 'empty')).toBe(false)
  })

  it('admits an amount it could not read', () => {
    const amounts = [{ currency: null, minor: null, text: '1.234' }]
    const [fact] = willChange({ ...base, terms: { ...base.terms, amounts } })
    expect(fact).toMatchObject({
      values: ['“1.234”'],
      note: expect.stringContaining('not certain'),
    })
  })
})

describe('change words', () => {
  it('writes moved amounts as money and fields by the page’s label', () => {
    const amounts = { term: 'amounts', before: '34000 USD', after: '9800000 USD, 1 JPY' }
    expect(changeWords(amounts, 'en-US')).toEqual({
      label: 'Amount',
      before: '$340.00',
      after: '$98,000.00, ¥1',
    })
    expect(changeWords({ term: 'field "To" (2)', before: '', after: 'x\u202Ey' })).toEqual({
      label: 'Field “To” (2)',
      before: '(empty)',
      after: 'x⟦U+202E⟧y',
    })
  })
})
