import { describe, expect, it } from 'vitest'
import { classify } from '#shared/classify/classify.ts'
import { each, judged } from './cases.ts'
import { button, link, press, submit } from './descriptor.ts'

const inside = (name: string, text: string) => ({ dialog: { name, text } })

describe('a form', () => {
  each([
    [
      'sent by POST with a silent label is held, unknown',
      submit('Absolutely'),
      'update other unknown',
    ],
    ['sent by POST with nothing but an arrow is held', submit('→'), 'update other unknown'],
    ['sent by GET is read', submit('Absolutely', { method: 'get' }), 'read'],
    [
      'sent by GET with a command is held',
      submit('Delete', { method: 'get' }),
      'delete deletion irreversible',
    ],
    ['that searches by POST is read', submit('Go', { purpose: 'search' }), 'read'],
    ['that logs in is read', submit('Continue', { purpose: 'login' }), 'read'],
    [
      'whose address says delete deletes',
      submit('Continue', { action: 'https://a.example/users/delete' }),
      'delete deletion irreversible',
    ],
    [
      'whose button only says cancel is left',
      submit('Cancel', { action: 'https://a.example/users/delete' }),
      'read',
    ],
    [
      'whose button says search is not believed against its address',
      submit('Search', { action: 'https://a.example/pay' }),
      'transact financial irreversible',
    ],
    [
      'called "Delete account" is agreed to by Continue',
      submit('Continue', { name: 'Delete account' }),
      'delete deletion irreversible',
    ],
    [
      'that a submit button with a menu sends is sent',
      submit('Next', {}, { target: { haspopup: 'menu' } }),
      'update other unknown',
    ],
    ['reset button is read', button('Delete all', { target: { type: 'reset' } }), 'read'],
    [
      'field entered by Enter is sent',
      press(
        'Enter',
        { tag: 'input', editable: true, name: 'Title' },
        { form: submit('').form ?? never() },
      ),
      'update other unknown',
    ],
  ])
})

describe('a link', () => {
  each([
    ['to another page is read', link('Compose', 'https://a.example/compose'), 'read'],
    [
      'called like a form it leads to is read',
      link('Send feedback', 'https://a.example/feedback'),
      'read',
    ],
    [
      'with a headline is read',
      link('Delete your cookies: a guide', 'https://a.example/delete-your-cookies-a-guide'),
      'read',
    ],
    [
      'whose address deletes is held',
      link('Remove', 'https://a.example/items/delete?id=4'),
      'delete deletion unknown',
    ],
    ['to log out is held', link('Log out', 'https://a.example/logout'), 'update other reversible'],
    ['to a sign-up page is read', link('Sign up', 'https://a.example/signup'), 'read'],
    [
      'with a method is held whatever it says',
      link('Close', '/x', { link: { href: '/x', scheme: 'https', method: 'delete' } }),
      'update other unknown',
    ],
    [
      'that runs a script is a button',
      link('Pay now', 'javascript:void(0)'),
      'transact financial irreversible',
    ],
    [
      'in the same document is a button',
      link('Delete', '#', { link: { href: '#', scheme: 'https', sameDocument: true } }),
      'delete deletion irreversible',
    ],
    [
      'to a mail program sends',
      link('Mail us', 'mailto:a@b.example'),
      'send communication unknown',
    ],
    [
      'to a download is held',
      link('Report', 'https://a.example/r.pdf', {
        link: { href: 'https://a.example/r.pdf', scheme: 'https', download: true },
      }),
      'trigger other unknown',
    ],
  ])
})

describe('a dialog', () => {
  each([
    [
      'gives Yes its meaning',
      button('Yes', inside('Delete 3 contacts?', 'This cannot be undone.')),
      'delete deletion irreversible',
    ],
    [
      'gives OK its meaning by its text',
      button('OK', inside('Please confirm', 'Send the report to all?')),
      'send communication irreversible',
    ],
    ['does not change what Cancel is', button('Cancel', inside('Delete 3 contacts?', '')), 'read'],
    [
      'that speaks of the trash makes a deletion reversible',
      button('Delete', inside('Move to trash', 'Find it in the trash.')),
      'delete deletion reversible',
    ],
    [
      'that says forever makes it irreversible',
      button('Move to trash', inside('Delete', 'This is permanent.')),
      'delete deletion irreversible',
    ],
    [
      'about cookies makes Accept a consent',
      button('Accept', inside('Cookies', 'We use cookies to show what you may buy.')),
      'update other reversible',
    ],
    [
      'about terms makes Accept legal',
      button('Accept', inside('Terms', 'Please read the terms.')),
      'update legal irreversible',
    ],
    [
      'is where an opener commits',
      button('Share', inside('Share list', '')),
      'send communication irreversible',
    ],
    [
      'without a command leaves OK read',
      button('OK', inside('Welcome', 'Nice to see you.')),
      'read',
    ],
  ])
  it('an opener outside of it only opens', () => {
    expect(judged(button('Share'))).toBe('read')
    expect(judged(button('Add task'))).toBe('read')
  })
})

describe('what it is done to', () => {
  const near = (heading: string) => ({ target: { heading } })
  each([
    [
      'approving an invoice moves money',
      button('Approve invoice'),
      'transact financial irreversible',
    ],
    [
      'approving under invoices moves money',
      button('Approve', near('Invoices')),
      'transact financial irreversible',
    ],
    [
      'approving leave is about staff',
      button('Approve', near('Leave requests')),
      'update personnel irreversible',
    ],
    ['running payroll is about staff', button('Run payroll'), 'trigger personnel irreversible'],
    [
      'confirming an amount is financial',
      button('Confirm', {
        terms: {
          amounts: [{ currency: 'EUR', minor: 100, text: '€1' }],
          recipients: [],
          rows: null,
        },
      }),
      'trigger financial unknown',
    ],
    ['saving a profile is reversible', submit('Save changes'), 'update other reversible'],
    [
      'saving a password is not',
      submit('Save changes', {
        fields: [{ label: 'New', name: 'p', type: 'password', value: '•', secret: true }],
      }),
      'update other unknown',
    ],
  ])
})

it('tells a person why, and how to take it back', () => {
  const found = classify(button('Archive'))
  expect(found.verb).toBe('archive')
  expect(found.undo?.path).toBe('Archive > Move back')
  expect(found.signals).toEqual([{ id: 'words', says: 'the label says "archive"' }])
})

function never(): never {
  throw new Error('a submit button has a form')
}

describe('a label that quotes a title', () => {
  const title = 'Call the customer about the onboarding next week'
  each([
    ['is read without it', button(`Mark “${title}” as done`), 'update other reversible'],
    [
      'tells what its own words tell',
      button(`Move "${title}" to trash`),
      'delete deletion reversible',
    ],
    ['is not taken for the verb it quotes', button('Open “Delete account”'), 'read'],
    [
      'and nothing else is read as it is',
      button('“Delete account”'),
      'delete deletion irreversible',
    ],
  ])
})

describe('a form that is saved', () => {
  const token = { label: '', name: '_token', type: 'hidden', value: '••••', secret: true }
  const password = { ...token, label: 'New password', name: 'password', type: 'password' }
  each([
    [
      'with nothing but the site’s own token is reversible',
      submit('Save', { fields: [token] }),
      'update other reversible',
    ],
    [
      'with a password in it may not be',
      submit('Save', { fields: [token, password] }),
      'update other unknown',
    ],
  ])
})
