import { expect, it } from 'vitest'
import { Recipient, recipientGlob } from '#shared/policy/recipient.ts'

const colleagues = recipientGlob('*@example.com')

it.each([
  'ann@example.com',
  'Ann@EXAMPLE.COM',
  ' Ann Example <ann@example.com> ',
  '"Example, Ann" <ann@example.com>',
])('one address of the domain is allowed: %s', (text) =>
  expect(colleagues.strict(new Recipient(text))).toBe(true),
)

it.each([
  'eve@evil.test',
  'eve@example.com.evil.test',
  'eve@evil.test, ann@example.com',
  'eve@evil.test;ann@example.com',
  'eve@evil.test <ann@example.com>',
  'eve@evil.test@example.com',
  'ann@example.com <eve@evil.test>',
  'ann@example.com>',
  '@example.com',
  'ann@exаmple.com',
  'everyone',
  '',
])('anything else is not: %s', (text) => expect(colleagues.strict(new Recipient(text))).toBe(false))

it('a letter that only looks like A to Z after mapping is another letter', () => {
  expect(recipientGlob('*@bank.example').strict(new Recipient('a@ban\u212A.example'))).toBe(false)
})

it.each([
  'eve@evil.test, ann@example.com',
  'x <ann@example.com>',
  'ann@EXAMPLE.com',
  'a\u200Bnn@example.com',
])('a restriction sees the address wherever it stands: %s', (text) =>
  expect(colleagues.lenient(new Recipient(text))).toBe(true),
)

it('a pattern without an address matches the whole text', () => {
  const channel = recipientGlob('#team-*')
  expect(channel.strict(new Recipient('#Team-Sales'))).toBe(true)
  expect(channel.strict(new Recipient('not #team-sales'))).toBe(false)
})
