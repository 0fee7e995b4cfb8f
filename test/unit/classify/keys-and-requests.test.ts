import { describe, expect, it } from 'vitest'
import { classify } from '#shared/classify/classify.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { button, press } from './descriptor.ts'

type Case = [says: string, d: Descriptor, is: string]

function judged(d: Descriptor): string {
  const { capability, category, effect } = classify(d)
  return capability === 'read' ? 'read' : `${capability} ${category} ${effect}`
}

function each(cases: Case[]): void {
  it.each(cases)('%s', (_, d, is) => {
    expect(judged(d)).toBe(is)
  })
}

describe('a key', () => {
  const composer = { role: 'textbox', name: 'Type a message', editable: true }
  each([
    ['Enter in a chat sends', press('Enter', composer), 'send communication irreversible'],
    ['Shift+Enter in a chat is a new line', press('Shift+Enter', composer), 'read'],
    [
      'Enter in a mail is a new line',
      press(
        'Enter',
        { ...composer, name: 'Message body' },
        { terms: { amounts: [], recipients: ['a@b.example'], rows: null } },
      ),
      'read',
    ],
    [
      'Meta+Enter in a composer sends',
      press('Meta+Enter', composer),
      'send communication irreversible',
    ],
    [
      'Enter in a document is a new line',
      press('Enter', { ...composer, name: 'Document' }),
      'read',
    ],
    [
      'Delete on a row deletes',
      press('Delete', { role: 'row', name: 'Ada' }),
      'delete deletion unknown',
    ],
    [
      'Delete on anything but a field deletes',
      press('Delete', { role: 'main', name: '' }),
      'delete deletion unknown',
    ],
    ['Backspace elsewhere is read', press('Backspace', { role: 'main', name: '' }), 'read'],
    ['Delete in a field is read', press('Delete', composer), 'read'],
    ['an arrow is read', press('ArrowDown', { role: 'row', name: 'Ada' }), 'read'],
    [
      'Enter on a button is its click',
      press('Enter', { role: 'button', name: 'Send' }),
      'send communication irreversible',
    ],
  ])
})

describe('a request', () => {
  const request = (method: string, url: string, operation?: string) =>
    button('', {
      gesture: 'request',
      request: { method, url, kind: 'fetch', ...(operation !== undefined && { operation }) },
    })
  each([
    ['GET is read', request('GET', 'https://a.example/users'), 'read'],
    ['POST is held', request('POST', 'https://a.example/users'), 'update other unknown'],
    [
      'DELETE deletes',
      request('DELETE', 'https://a.example/users/4'),
      'delete deletion irreversible',
    ],
    ['POST to a search is read', request('POST', 'https://a.example/api/search'), 'read'],
    [
      'POST to an address that pays, pays',
      request('POST', 'https://a.example/api/pay'),
      'transact financial irreversible',
    ],
    [
      'a GraphQL query is read',
      request('POST', 'https://a.example/graphql', 'query ListUsers'),
      'read',
    ],
    [
      'a GraphQL mutation is what it is named',
      request('POST', 'https://a.example/graphql', 'mutation deleteUser'),
      'delete deletion irreversible',
    ],
    [
      'a mutation by GET is held',
      request('GET', 'https://a.example/graphql', 'mutation sendMail'),
      'send communication irreversible',
    ],
  ])
})
