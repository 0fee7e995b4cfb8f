import { describe, expect, it } from 'vitest'
import { sameFields } from '#companion/gateway/same-fields.ts'
import type { Field } from '#shared/protocol/descriptor.ts'
import { descriptor } from '../companion/bench.ts'

const field = (name: string, value: string, more: Partial<Field> = {}): Field => ({
  ...{ label: name, name, type: 'text', value, secret: false },
  ...more,
})
const form = (...fields: Field[]) =>
  descriptor({ form: { method: 'post', action: 'https://app.example.com/', fields } })

describe('a form is sent as it was described', () => {
  it.each([
    ['the same', field('a', '1'), '1', true],
    ['another value', field('a', '1'), '2', false],
    [
      'lines that the browser writes otherwise',
      field('a', 'one two', { type: 'textarea' }),
      'one\r\ntwo',
      true,
    ],
    ['a box that was not ticked', field('a', '', { type: 'checkbox' }), 'on', false],
    ['a choice by its value', field('a', 'One [1]', { type: 'select' }), '1', true],
    ['a choice by its text', field('a', 'One', { type: 'select' }), 'One', true],
    ['another choice', field('a', 'One [1]', { type: 'select' }), '2', false],
    ['a hidden field that was filled in', field('a', '', { type: 'hidden' }), 'x', true],
    ['a hidden field that was changed', field('a', 'x', { type: 'hidden' }), 'y', false],
    ['a secret', field('a', '••••', { secret: true }), 'x', true],
    ['a file', field('a', 'x.txt (3 bytes)', { type: 'file' }), 'x.txt', true],
    ['a field that a script added', field('b', '1'), 'x', true],
    ['a text that is cut', field('a', `${'x'.repeat(490)}… 1a2b`), `${'x'.repeat(499)}…`, true],
    ['a short text beside an ellipsis', field('a', 'x… 1a2b'), 'y…', false],
  ])('%s', (_, shown, sent, is) => {
    expect(sameFields(form(shown), form(field('a', sent)))).toBe(is)
  })

  it('needs no field in either', () => {
    expect(sameFields(descriptor(), form(field('a', '1')))).toBe(true)
    expect(sameFields(form(field('a', '1')), descriptor())).toBe(true)
  })
})
