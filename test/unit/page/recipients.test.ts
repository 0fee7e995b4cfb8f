import { describe, expect, it } from 'vitest'
import {
  isAddressField,
  isAddressLabel,
  linkRecipients,
  recipientList,
  recipientsIn,
} from '#shared/page/recipients.ts'

describe('recipientsIn', () => {
  it('reads addresses with and without names', () => {
    expect(recipientsIn('Ana Silva <Ana@Example.com>, bea@example.org;\ncarl@x.de')).toEqual([
      'ana@example.com',
      'bea@example.org',
      'carl@x.de',
    ])
  })

  it('finds an address that hides in a display name, or behind a space', () => {
    expect(recipientsIn('"evil@elsewhere.net" <ok@example.com>')).toEqual([
      'evil@elsewhere.net',
      'ok@example.com',
    ])
    expect(recipientsIn('ok@example.com почта@пример.рф')).toEqual([
      'ok@example.com',
      'почта@пример.рф',
    ])
  })

  it('keeps names that have no address', () => {
    expect(recipientsIn('Sales team; Ana')).toEqual(['Sales team', 'Ana'])
    expect(recipientsIn(' , ;')).toEqual([])
  })
})

describe('linkRecipients', () => {
  it('reads all addressees of mail, message and phone links', () => {
    expect(
      linkRecipients('mailto:a@x.com,b@x.com?cc=c%40x.com&bcc=d@x.com&subject=e@x.com'),
    ).toEqual(['a@x.com', 'b@x.com', 'c@x.com', 'd@x.com'])
    expect(linkRecipients('mailto:?to=a@x.com')).toEqual(['a@x.com'])
    expect(linkRecipients('sms:+4912345?body=hi')).toEqual(['+4912345'])
    expect(linkRecipients('mailto:%ff@x.com')).toEqual(['%ff@x.com'])
    expect(linkRecipients('https://x.com/a@b')).toEqual([])
  })
})

describe('isAddressField', () => {
  const field = (name: string, label = '', type = 'text', many = false) =>
    isAddressField({ name, label, type, many })

  it('knows the address fields of mail programs and languages', () => {
    for (const name of [
      'to',
      '_to',
      '_cc',
      'bcc',
      'recipients',
      'toRecipients',
      'to[]',
      'invitees',
    ])
      expect(field(name), name).toBe(true)
    for (const label of [
      'To',
      'An',
      'Para',
      'À',
      '宛先',
      '收件人',
      '받는 사람',
      'Кому',
      'إلى',
      'Alıcı',
      'Cc',
      'Bcc:',
      'To recipients',
    ])
      expect(field('x', label), label).toBe(true)
    expect(field('x', '', 'email', true)).toBe(true)
    expect(field('x', 'Email', 'email')).toBe(true)
  })

  it('leaves alone what is not an addressee', () => {
    for (const [name, label] of [
      ['total', 'Total'],
      ['from', 'From'],
      ['subject', 'Subject'],
      ['today', 'Today'],
      ['tom', 'Tom'],
      ['note', 'To do'],
    ])
      expect(field(name ?? '', label), label).toBe(false)
    expect(field('email', 'Your email', 'email')).toBe(false)
    expect(isAddressLabel('Town')).toBe(false)
  })
})

describe('recipientList', () => {
  it('ends a cut list with an entry that no allow-list matches', () => {
    const many = Array.from({ length: 340 }, (_, i) => `user${i}@example.com`)
    const list = recipientList([...many, 'user1@example.com'])
    expect(list).toHaveLength(200)
    expect(list.at(-1)).toBe('141 more recipients')
  })
})
