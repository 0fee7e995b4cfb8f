import { describe, expect, it } from 'vitest'
import { fillAddress, fillTemplate, valuesOf } from '#shared/policy/fill-template.ts'
import { templateWrong } from '#shared/policy/template.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { act } from './arbitrary.ts'

const { descriptor } = act({
  url: 'https://crm.example.com:8443/tasks?id=7',
  name: 'Delete',
  row: 'Call Ann / today',
  recipients: ['ann@example.com'],
  fields: { Title: 'Call Ann', Note: '' },
})
const d: Descriptor = { ...descriptor, run: { id: 'run_1', agent: 'bot' } }

/** The action with its one form field as given. */
function withField(field: Partial<{ value: string; secret: boolean }>): Descriptor {
  const fields = [{ label: 'Title', name: '', type: 'text', value: 'x', secret: false, ...field }]
  return { ...d, form: { method: 'post', action: 'https://crm.example.com/', fields } }
}

describe('a text of the policy', () => {
  it.each([
    ['{page.host}', 'crm.example.com'],
    ['{page.url}', 'https://crm.example.com:8443/tasks?id=7'],
    ['{run.id} of {run.agent}', 'run_1 of bot'],
    ['{target.name}: {target.row}', 'Delete: Call Ann / today'],
    ['{field.Title}', 'Call Ann'],
    ['{field. title }', 'Call Ann'],
    ['{recipient}', 'ann@example.com'],
    ['no slot', 'no slot'],
  ])('%s is filled in', (text, filled) =>
    expect(fillTemplate(text, valuesOf(d))).toEqual({ ok: true, text: filled }),
  )

  it('puts values in only once: a value that looks like a slot stays a value', () => {
    const action = withField({ value: '{run.id}$&' })
    expect(fillTemplate('{field.Title}', valuesOf(action))).toEqual({
      ok: true,
      text: '{run.id}$&',
    })
  })

  it.each(['{field.Nope}', '{field.Note}', '{constructor}', '{}', 'a {target.row} {nope}'])(
    '%s is unknown',
    (text) => expect(fillTemplate(text, valuesOf(d)).ok).toBe(false),
  )

  it('is unknown with a secret, with text that was cut, and with several recipients', () => {
    expect(fillTemplate('{field.Title}', valuesOf(withField({}))).ok).toBe(true)
    expect(fillTemplate('{field.Title}', valuesOf(withField({ secret: true }))).ok).toBe(false)
    expect(fillTemplate('{field.Title}', valuesOf(withField({ value: 'x'.repeat(501) }))).ok).toBe(
      false,
    )
    const many = { ...d, terms: { ...d.terms, recipients: ['a@x.test', 'b@x.test'] } }
    expect(fillTemplate('{recipient}', valuesOf(many)).ok).toBe(false)
  })

  it('keeps values apart from the address they stand in', () => {
    expect(fillAddress('https://x.test/{target.row}?q={recipient}', valuesOf(d))).toEqual({
      ok: true,
      text: 'https://x.test/Call%20Ann%20%2F%20today?q=ann%40example.com',
    })
    expect(fillAddress('{page.url}', valuesOf(d))).toEqual({ ok: true, text: d.page.url })
    expect(
      fillAddress('https://x.test/{field.Title}', valuesOf(withField({ value: '\ud800' }))).ok,
    ).toBe(false)
  })
})

describe('the loader', () => {
  it.each<[string, 'value' | 'lookup' | 'page']>([
    ['{target.row} and {field.Some label}', 'value'],
    ['https://x.test/{target.row}?a={page.host}', 'lookup'],
    ['http://127.0.0.1:80/{recipient}', 'lookup'],
    ['http://localhost/{recipient}', 'lookup'],
    ['http://[::1]:9/', 'lookup'],
    ['{page.url}', 'page'],
    ['https://{page.host}/trash', 'page'],
    ['/trash?q={target.row}', 'page'],
    ['http://crm.test/', 'page'],
  ])('takes %s as %s', (text, use) => expect(templateWrong(text, use)).toBeNull())

  it.each<[string, 'value' | 'lookup' | 'page']>([
    ['{target.rwo}', 'value'],
    ['{field.}', 'value'],
    ['{constructor}', 'value'],
    ['{target.row', 'value'],
    ['http://crm.test/', 'lookup'],
    ['http://127.0.0.1.evil.test/', 'lookup'],
    ['https://{page.host}/', 'lookup'],
    ['https://x.test:{recipient}/', 'lookup'],
    ['{page.url}', 'lookup'],
    ['https://{page.host}.evil.test/', 'page'],
    ['https://{target.row}/', 'page'],
    ['https://ann@x.test/', 'page'],
    ['//evil.test/', 'page'],
    ['javascript:alert(1)', 'page'],
    ['ftp://x.test', 'lookup'],
  ])('refuses %s as %s', (text, use) => expect(templateWrong(text, use)).toBeTypeOf('string'))
})
