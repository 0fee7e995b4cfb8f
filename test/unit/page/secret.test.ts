import { describe, expect, it } from 'vitest'
import { isSecret, mask, maskCards } from '#shared/page/secret.ts'

const control = (over: object) =>
  isSecret({
    type: 'text',
    autocomplete: '',
    name: '',
    label: '',
    value: '',
    wasPassword: false,
    ...over,
  })

describe('isSecret', () => {
  it('masks by type, by autocomplete and by what the field has been', () => {
    expect(control({ type: 'password' })).toBe(true)
    expect(control({ wasPassword: true })).toBe(true)
    for (const autocomplete of [
      'cc-number',
      'billing cc-csc',
      'one-time-code',
      'current-password',
      'new-password',
    ])
      expect(control({ autocomplete }), autocomplete).toBe(true)
  })

  it('masks by name and label', () => {
    for (const name of [
      'otp',
      'user[otp_code]',
      'cvv',
      'CVC2',
      'cardNumber',
      'card_no',
      'pin',
      'ssn',
      'apiKey',
      'api-key',
      'client_secret',
      'accessToken',
      'passwd',
      'loginPass',
      'verification_code',
    ])
      expect(control({ name }), name).toBe(true)
    for (const label of [
      'Passwort',
      'Senha',
      'Contraseña',
      'Mot de passe',
      'Пароль',
      'パスワード',
      '验证码',
      'Security code',
    ])
      expect(control({ label }), label).toBe(true)
  })

  it('shows what a person must see to judge', () => {
    for (const name of [
      'iban',
      'amount',
      'to',
      'pinned',
      'shipping',
      'passenger',
      'author',
      'country_code',
      'promo_code',
      'tokenize',
      'description',
    ])
      expect(control({ name, value: 'DE89370400440532013000' }), name).toBe(false)
  })

  it('masks hidden tokens by name or by looking drawn at random, and keeps record ids', () => {
    const hidden = (name: string, value: string) => control({ type: 'hidden', name, value })
    expect(hidden('csrf_token', 'abc')).toBe(true)
    expect(hidden('__RequestVerificationToken', 'abc')).toBe(true)
    expect(hidden('x', 'a8f5f167f44f4964e6c998dee827110c')).toBe(true)
    expect(
      hidden('x', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w'),
    ).toBe(true)
    expect(hidden('record', '3f2504e0-4f89-11d3-9a0c-0305e82c3301')).toBe(false)
    expect(hidden('return_to', 'https://app.example/customers/12345678')).toBe(false)
    expect(hidden('action', 'delete')).toBe(false)
  })
})

describe('mask', () => {
  it('changes with the value and says nothing of it', () => {
    expect(mask('hunter2', [1, 2])).toMatch(/^•••• \w{14}$/)
    expect(mask('hunter2', [1, 2])).not.toBe(mask('hunter3', [1, 2]))
    expect(mask('', [1, 2])).toBe('')
  })
})

describe('maskCards', () => {
  it('masks card numbers anywhere in a text, in any grouping', () => {
    for (const card of [
      '4111111111111111',
      '4111 1111 1111 1111',
      '5500-0000-0000-0004',
      '378282246310005',
      '6011000990139424',
    ]) {
      const masked = maskCards(`pay with ${card}, please`, [1, 2])
      expect(masked).toMatch(/^pay with •••• \w{14}, please$/)
    }
  })

  it('leaves other long numbers readable', () => {
    for (const text of [
      '4111111111111112',
      '1234567890123',
      '2026-01-02 12:30',
      '+49 151 2345 6789',
    ])
      expect(maskCards(text, [1, 2])).toBe(text)
  })
})
