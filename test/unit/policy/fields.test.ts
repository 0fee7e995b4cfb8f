import { describe, expect, it } from 'vitest'
import { decide } from '#shared/policy/decide.ts'
import { says } from '#shared/policy/says.ts'
import { PolicyFile } from '#shared/policy/schema.ts'
import type { Descriptor, Field } from '#shared/protocol/descriptor.ts'
import { act, facts, policyOf } from './arbitrary.ts'

type Acting = ReturnType<typeof act>

function judge(text: string, { descriptor, classification }: Acting) {
  return decide(policyOf(text), descriptor, classification, facts)
}

function having(rest: Partial<Descriptor>, action = act()): Acting {
  return { ...action, descriptor: { ...action.descriptor, ...rest } }
}

const one = (rest: string, more = '') => `{version: 1, rules: [{id: a, ${rest}}] ${more}}`

describe('bytes', () => {
  const sized = (bytes?: number | null) => {
    const { descriptor, classification } = act()
    const terms = { ...descriptor.terms, ...(bytes === undefined ? {} : { bytes }) }
    return { descriptor: { ...descriptor, terms }, classification }
  }
  it('of nothing at all are none, and an unknown size is above every maximum', () => {
    const small = one('effect: allow, on: {bytes: {max: 1 kB}}')
    expect([undefined, 0, 1000, 1001, null].map((size) => judge(small, sized(size)).kind)).toEqual([
      'allow',
      'allow',
      'allow',
      'hold',
      'hold',
    ])
    const large = one('effect: deny, on: {bytes: {min: 1 kB}}')
    expect([undefined, 999, 1000, null].map((size) => judge(large, sized(size)).kind)).toEqual([
      'hold',
      'hold',
      'deny',
      'deny',
    ])
  })
})

describe('fields that may change', () => {
  const field = (label: string, rest: Partial<Field> = {}): Field => ({
    label,
    name: label,
    type: 'text',
    value: 'x',
    secret: false,
    ...rest,
  })
  const form = (...fields: Field[]) =>
    having({ form: { method: 'post', action: 'https://app.example.com/', fields } })
  const only = one('effect: allow, on: {fields: [Status, "Note*"]}')
  const never = one('effect: deny, on: {fields: IBAN}')

  it('allow only changes of those', () => {
    const status = field('Status', { changed: true })
    expect(judge(only, form(status, field('Notes', { changed: true }))).kind).toBe('allow')
    expect(judge(only, form(status, field('IBAN', { changed: false }))).kind).toBe('allow')
    expect(judge(only, form(status, field('IBAN', { changed: true }))).kind).toBe('hold')
    expect(judge(only, form(status, field('IBAN', { changed: true, type: 'hidden' }))).kind).toBe(
      'hold',
    )
  })

  it('allow nothing where it is unknown whether another has changed, unless nobody fills it in', () => {
    const status = field('Status', { changed: true })
    expect(judge(only, form(status, field('IBAN'))).kind).toBe('hold')
    expect(judge(only, form(status, field('PIN', { secret: true }))).kind).toBe('hold')
    expect(judge(only, form(status, field('csrf', { type: 'hidden' }))).kind).toBe('allow')
    expect(judge(only, form(status, field('Save', { type: 'submit' }))).kind).toBe('allow')
  })

  it('allow nothing where there is no form, or more of it than could be read', () => {
    expect(judge(only, act()).kind).toBe('hold')
    const many = Array.from({ length: 200 }, () => field('Status', { changed: false }))
    expect(judge(only, form(...many)).kind).toBe('hold')
  })

  it('restrict where one of those has changed or may have', () => {
    const status = field('Status', { changed: true })
    expect(judge(never, form(status, field('IBAN', { changed: true }))).kind).toBe('deny')
    expect(judge(never, form(status, field('iban'))).kind).toBe('deny')
    expect(judge(never, form(status, field('IBAN', { changed: false }))).kind).toBe('hold')
    expect(judge(never, act()).kind).toBe('hold')
  })

  it('restrict where a body is sent of which no field is known', () => {
    const request = { method: 'POST', url: 'https://app.example.com/', kind: 'fetch' }
    expect(judge(never, having({ request: { ...request, bodyDigest: 'd' } })).kind).toBe('deny')
    expect(judge(never, having({ request: { ...request, uninspectable: true } })).kind).toBe('deny')
    expect(judge(never, having({ request })).kind).toBe('hold')
  })

  it('say what is wanted and what has changed', () => {
    const decision = judge(only, form(field('Status', { changed: true }), field('IBAN')))
    expect(decision.wouldNeed).toEqual(['changes of only "Status" or "Note*" (is Status, IBAN)'])
  })
})

describe('a tag', () => {
  it('names the workflow, and a run without one is for nobody knows what', () => {
    const tagged = (tag?: string) => having({ run: { id: 'r', ...(tag && { tag }) } })
    const rule = one('effect: allow, on: {tag: [nightly-*]}')
    expect(judge(rule, tagged('Nightly-crm')).kind).toBe('allow')
    expect(judge(rule, tagged('adhoc')).kind).toBe('hold')
    expect(judge(rule, tagged()).kind).toBe('hold')
    expect(judge(rule, act()).kind).toBe('hold')
    expect(judge(one('effect: deny, on: {tag: adhoc}'), act()).kind).toBe('deny')
  })
})

it('the new fields are said in plain words', () => {
  const file = PolicyFile.parse({
    version: 1,
    rules: [
      {
        id: 'a',
        effect: 'allow',
        on: { fields: ['Status', 'Note'], tag: 'nightly', bytes: { max: '2 MB' } },
      },
      { id: 'b', effect: 'deny', on: { fields: 'IBAN', bytes: { min: '1 kB', max: '2 kB' } } },
    ],
  })
  expect(file.rules.map(says)).toEqual([
    'allows every execute step with at most 2 MB of data that change only "Status" or "Note" in runs for "nightly"',
    'denies every execute step with 1 kB to 2 kB of data that change "IBAN"',
  ])
})
