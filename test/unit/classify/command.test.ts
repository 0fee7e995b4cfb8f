import { describe, expect, it } from 'vitest'
import { command } from '#shared/classify/command.ts'
import { topicsOf, verbsOf } from '#shared/classify/lexicon.ts'

const buttons = { words: 8, head: true }

function told(label: string, limit = buttons): string {
  const found = command(verbsOf(label), limit, () => topicsOf(label).has('thing'))
  if (found.kind === 'means') return found.verb
  return found.kind === 'agrees' ? `agrees${found.firm ? ' firmly' : ''}` : found.kind
}

describe('command', () => {
  it.each([
    ['Delete 3 contacts', 'delete'],
    ['Yes, delete it', 'delete'],
    ['No, delete it', 'delete'],
    ['Permanently delete', 'delete'],
    ['Save and send', 'send'],
    ['Reply & delete', 'delete'],
    ['Delete forever', 'delete'],
    ['Move to trash', 'trash'],
    ['Cancel order', 'cancel'],
    ['Bestellung abbrechen', 'cancel'],
    ['注文をキャンセル', 'cancel'],
    ['Add to cart', 'add to list'],
    ['Sign and return', 'sign'],
    ['Sign up', 'sign up'],
    ['Sign out', 'log out'],
    ['Unsend', 'unsend'],
    ['Mark as read', 'mark'],
    ['Post', 'publish'],
    ['Nachricht senden', 'send'],
    ['メールを送信', 'send'],
  ])('"%s" tells to %s', (label, verb) => {
    expect(told(label)).toBe(verb)
  })

  it.each([
    'Cancel',
    'Close',
    'Reply',
    'Edit post',
    'View order',
    'Order history',
    'Run log',
    "Don't send",
    'Nicht löschen',
    'Ne pas supprimer',
    'Löschen abbrechen',
    'Cancel sending',
    'Save draft',
    'Entwurf speichern',
    'Clear filters',
    'How to delete an account',
    'Search',
    'Sign in',
    '送信済み',
    '削除しない',
  ])('"%s" is harmless', (label) => {
    expect(['harmless', 'silent']).toContain(told(label))
  })

  it.each([
    ['Yes', 'agrees'],
    ['Continue', 'agrees'],
    ['Confirm', 'agrees firmly'],
    ['Submit', 'agrees firmly'],
    ['Weiter', 'agrees'],
    ['はい', 'agrees'],
  ])('"%s" %s', (label, kind) => {
    expect(told(label)).toBe(kind)
  })

  it.each(['Blog posts', 'My orders', 'Settings', 'Sent', 'Argentina'])(
    '"%s" is silent',
    (label) => {
      expect(told(label)).toBe('silent')
    },
  )

  it('a headline that opens with a verb is a command on a button and content in a link', () => {
    const headline = 'Delete your cookies and nine other things to do before the weekend'
    expect(told(headline)).toBe('delete')
    expect(told(headline, { words: 5, head: false })).toBe('silent')
  })
})
